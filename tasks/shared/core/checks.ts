import type { CodedError } from './errors';

/** The topics of a check list, in the order in which they are shown. */
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
 * The result of one check. `would fail`: the run would fail. `missing`: a right is missing, and the run would continue
 * without it. `warning`: the run would continue, but something is not as it should be. `not checked`: the result is
 * unknown. `info`: nothing is wrong, but it might matter.
 */
export const MARKS = ['would fail', 'missing', 'warning', 'not checked', 'info', 'ok'] as const;
export type Mark = (typeof MARKS)[number];

/** One line of a check list. */
export interface Check {
  readonly topic: Topic;
  readonly mark: Mark;
  /** A sentence from the messages modules. */
  readonly text: string;
  /** Whether the run also shows it as a warning. */
  readonly loud?: boolean;
  /** The failure that a real run would end with. */
  readonly failure?: CodedError;
}

/** The results of a dry run, which are shown by topic. */
export type CheckList = readonly Check[];
