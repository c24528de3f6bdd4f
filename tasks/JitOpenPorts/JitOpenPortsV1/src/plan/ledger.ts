import type { PlannedPort } from './plannedPort';
import type { Policy } from '../../../../shared/core/policy';
import type { InitiatePort } from './requestBody';
import type { Access } from './access';

/** A request in progress: it is unknown whether Azure carried it out. */
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

/** What this step might leave open at any time. */
export interface Ledger {
  /** Records requests before they are sent: from here on, a response might get lost. */
  requesting(requests: readonly RequestUnderWay[]): void;
  /** Records that Azure did not carry out the request. */
  refused(ports: readonly InitiatePort[]): void;
  /** Records that Azure carried out the request. */
  granted(accesses: readonly Access[], ports: readonly InitiatePort[]): void;
  /** Records that a newer request superseded this one. */
  superseded(access: Access): void;
  /** Records what was already open, and was not requested by this step. */
  reused(accesses: readonly Access[]): void;
  /** Notes the accesses for which a check after the grant found no rule yet. */
  withoutRule(accesses: readonly Access[]): void;
  isWithoutRule(access: Access): boolean;
  /** Certainly open, in the order of the requests. */
  readonly open: readonly Access[];
  readonly perhaps: readonly Perhaps[];
  /** Everything that this step requested and Azure granted, including what is over. */
  readonly made: readonly Access[];
}

/**
 * Creates an empty ledger.
 *
 * @param onChange called before requests are sent, when all of them have a response, and when an access is superseded
 *   or reused
 */
export function createLedger(onChange: (ledger: Ledger) => void): Ledger {
  const perhaps = new Map<InitiatePort, Perhaps>();
  const open: Access[] = [];
  const made: Access[] = [];
  const withoutRule = new Set<Access>();
  const settle = (ports: readonly InitiatePort[]) => {
    for (const port of ports) perhaps.delete(port);
  };
  /**
   * While other requests are in progress, the last change lists the port as one that might be open, which is enough to
   * close it.
   */
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
