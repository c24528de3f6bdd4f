import type { PolicyRef } from '../../../../shared/core/policy';

/** The policies that a run has written so far, by ID: for its outputs, and for the message of a canceled run. */
export interface Written {
  readonly changed: Map<string, PolicyRef>;
  /** Sent, without a response so far. */
  readonly underWay: Map<string, PolicyRef>;
}

export const createWritten = (): Written => ({ changed: new Map(), underWay: new Map() });

/**
 * Lists each written policy once. If its last write got no response, it is pending, even if an earlier write succeeded.
 */
export const splitWritten = ({
  changed,
  underWay,
}: Written): { readonly changed: readonly PolicyRef[]; readonly pending: readonly PolicyRef[] } => ({
  changed: [...changed.values()].filter(({ id }) => !underWay.has(id)),
  pending: [...underWay.values()],
});
