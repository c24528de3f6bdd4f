import type { Switches } from '../../test/support/azure/switches';
import type { Bench } from './bench';

/** What an experiment found out. */
export interface Outcome {
  /** In a sentence, for a person. */
  readonly answer: string;
  /** What it settles of the simulation. */
  readonly switches?: Partial<Switches>;
  /** Measured times in milliseconds, by name. */
  readonly times?: Readonly<Record<string, number>>;
}

/** Settles one fact about Azure. */
export interface Experiment {
  /** The id of the assumption in docs/fidelity.md. */
  readonly fact: string;
  readonly question: string;
  /** What it does, for the plan that is shown before anything is done. */
  readonly does: string;
  /** Whether it only reads, and does without the temporary policy. */
  readonly onlyReads?: true;
  /** How long it takes at most, in minutes, waits included. */
  readonly minutes: number;
  /** The ports that the temporary policy gets for it. */
  readonly ports?: readonly WantedPort[];
  /** @throws Unsettled where it does not come to an answer, and a `CodedError` where Azure fails. */
  run(bench: Bench, ports: readonly number[]): Promise<Outcome>;
}

/** A port of the temporary policy. */
export interface WantedPort {
  /** Default `*`. */
  readonly source?: string;
}

/** An experiment that came to no answer, and why. */
export class Unsettled extends Error {
  override readonly name = 'Unsettled';
}

export const MINUTE_MS = 60_000;

/**
 * Addresses that nobody has: those of documentation (RFC 5737) and, for many at once, of benchmarks (RFC 2544). A request
 * for them opens a port for nobody.
 */
export const NOBODY = {
  network: '192.0.2.0/24',
  inside: '192.0.2.77',
  elsewhere: '198.51.100.9',
  host: '203.0.113.50',
  nth: (index: number): string => `198.18.${String(index >> 8)}.${String(index & 255)}`,
} as const;

/** Whether a text is one of these addresses, so that a rule for it alone can be the kit's. */
export const isNobodys = (text: string): boolean =>
  /^(192\.0\.2|198\.51\.100|203\.0\.113|198\.18\.\d+)\.\d+(\/\d+)?$/.test(text);

/** The ports of the temporary policy begin here, but for the one that is named: nothing listens there by custom. */
export const FIRST_PORT = 61_000;

/** Whether a port is one of the kit's. */
export const isOwnPort = (port: number): boolean => port > FIRST_PORT && port < FIRST_PORT + 100;
