import type { CodedError } from './errors';

/** What a check list speaks of, in the order in which it is read. */
export const TOPICS = [
  'Connection',
  'Source',
  'Policy',
  'Ports',
  'Duration',
  'VM',
  'Request',
  'Rules now',
  'Rights',
  'Wait',
  'Closing',
] as const;

export type Topic = (typeof TOPICS)[number];

/**
 * How it stands with one thing that a run needs. `warning`: the run would go on, and something is not as it should
 * be. `missing`: a right is, and the run would do without. `not checked`: it is not known. `info`: nothing is wrong with it,
 * and it may matter. `would fail`: the run would.
 */
export const MARKS = ['would fail', 'missing', 'warning', 'not checked', 'info', 'ok'] as const;
export type Mark = (typeof MARKS)[number];

/** One line of a check list. */
export interface Check {
  readonly topic: Topic;
  readonly mark: Mark;
  /** A sentence of the messages modules. */
  readonly text: string;
  /** Shown as a warning of the run as well. */
  readonly loud?: boolean;
  /** What a run would fail with. */
  readonly failure?: CodedError;
}

/** What a dry run found; it is shown by topic. */
export type CheckList = readonly Check[];
