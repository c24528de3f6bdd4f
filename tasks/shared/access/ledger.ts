import type { AskedPort } from '../world';
import type { Access } from './access';

/** What this step may leave open, at any moment of it. */
export interface Ledger {
  /** Noted before Azure is asked: from here on an answer may get lost. */
  asking(ports: readonly AskedPort[]): void;
  /** Azure did not carry it out. */
  refused(ports: readonly AskedPort[]): void;
  granted(accesses: readonly Access[], ports: readonly AskedPort[]): void;
  /** Open for sure, and perhaps open. */
  readonly open: readonly Access[];
  readonly perhaps: readonly AskedPort[];
}

export function createLedger(): Ledger {
  const perhaps = new Set<AskedPort>();
  const open: Access[] = [];
  const settle = (ports: readonly AskedPort[]) => {
    for (const port of ports) perhaps.delete(port);
  };
  return {
    asking(ports) {
      for (const port of ports) perhaps.add(port);
    },
    refused: settle,
    granted(accesses, ports) {
      settle(ports);
      open.push(...accesses);
    },
    get open() {
      return open;
    },
    get perhaps() {
      return [...perhaps];
    },
  };
}
