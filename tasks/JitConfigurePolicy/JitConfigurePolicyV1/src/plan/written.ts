import type { PolicyRef } from '../../../../shared/core/policy';

/** What a run has written by now, for its outputs and for one that is cancelled: policies by their ids. */
export interface Written {
  readonly changed: Map<string, PolicyRef>;
  /** Sent, and not answered. */
  readonly underWay: Map<string, PolicyRef>;
}

export const createWritten = (): Written => ({ changed: new Map(), underWay: new Map() });
