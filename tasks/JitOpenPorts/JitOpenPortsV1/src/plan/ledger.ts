import type { PlannedPort } from './plan';
import type { Policy } from '../../../../shared/core/policy';
import type { InitiatePort } from './requestBody';
import type { Access } from './access';

/** A request under way: Azure may have carried it out, and nobody knows yet. */
export interface Perhaps {
  readonly policy: Policy;
  readonly requested: InitiatePort;
  readonly planned: Pick<PlannedPort, 'own' | 'others'>;
}

/** A request that is about to be sent. */
export interface RequestUnderWay {
  readonly policy: Policy;
  readonly ports: readonly Omit<Perhaps, 'policy'>[];
}

/** What this step may leave open, at any moment of it. */
export interface Ledger {
  /** Noted before Azure is asked: from here on an answer may get lost. */
  requesting(requests: readonly RequestUnderWay[]): void;
  /** Azure did not carry it out. */
  refused(ports: readonly InitiatePort[]): void;
  /** Azure carried it out. */
  granted(accesses: readonly Access[], ports: readonly InitiatePort[]): void;
  /** A newer request took its place. */
  superseded(access: Access): void;
  /** Found open already: nothing that this step asked for. */
  reused(accesses: readonly Access[]): void;
  /** A check after the grant found no rule for these yet. */
  withoutRule(accesses: readonly Access[]): void;
  isWithoutRule(access: Access): boolean;
  /** Open for sure, in the order of asking. */
  readonly open: readonly Access[];
  readonly perhaps: readonly Perhaps[];
  /** All that this step asked for and got, also what is over. */
  readonly made: readonly Access[];
}

/** @param onChange told before anything is requested, and when all of it is answered or superseded */
export function createLedger(onChange: (ledger: Ledger) => void): Ledger {
  const perhaps = new Map<InitiatePort, Perhaps>();
  const open: Access[] = [];
  const made: Access[] = [];
  const withoutRule = new Set<Access>();
  const settle = (ports: readonly InitiatePort[]) => {
    for (const port of ports) perhaps.delete(port);
  };
  /** While others are under way, what was told before names the port as one that may be open: that is enough to close it. */
  const onAnswer = (): void => {
    if (perhaps.size === 0) onChange(ledger);
  };
  const ledger: Ledger = {
    requesting(requests) {
      for (const { policy, ports } of requests)
        for (const { requested, planned } of ports) perhaps.set(requested, { policy, requested, planned });
      onChange(ledger);
    },
    refused(ports) {
      settle(ports);
      onAnswer();
    },
    granted(accesses, ports) {
      settle(ports);
      open.push(...accesses);
      made.push(...accesses);
      onAnswer();
    },
    superseded(access) {
      const at = open.indexOf(access);
      if (at >= 0) open.splice(at, 1);
      onChange(ledger);
    },
    reused(accesses) {
      open.push(...accesses);
      onChange(ledger);
    },
    withoutRule(accesses) {
      const more = accesses.filter((access) => !withoutRule.has(access));
      for (const access of more) withoutRule.add(access);
      if (more.length > 0) onChange(ledger);
    },
    isWithoutRule: (access) => withoutRule.has(access),
    get open() {
      return open;
    },
    get perhaps() {
      return [...perhaps.values()];
    },
    get made() {
      return made;
    },
  };
  return ledger;
}
