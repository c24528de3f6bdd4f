import type { Switches } from '../../test/support/azure/switches';
import type { Bench } from './bench';

/** The result of an experiment. */
export interface Outcome {
  /** The result as a sentence. */
  readonly answer: string;
  /** The settings of the simulation that it confirms. */
  readonly switches?: Partial<Switches>;
  /** Measured times in milliseconds, by name. */
  readonly times?: Readonly<Record<string, number>>;
}

/** An experiment that confirms one fact about Azure. */
export interface Experiment {
  /** The ID of the assumption in docs/fidelity.md. */
  readonly fact: string;
  readonly question: string;
  /** What it does, for the plan that is shown before the kit does anything. */
  readonly does: string;
  /** Whether it only reads, and does not need the temporary policy. */
  readonly onlyReads?: true;
  /** Its maximum duration in minutes, including waits. */
  readonly minutes: number;
  /** The ports in the temporary policy for this experiment. */
  readonly ports?: readonly WantedPort[];
  /** @throws Unsettled if there is no result, and a `CodedError` if Azure fails. */
  run(bench: Bench, ports: readonly number[]): Promise<Outcome>;
}

/** A port of the temporary policy. */
export interface WantedPort {
  /** The default is `*`. */
  readonly source?: string;
}

/** An experiment without a result, with the reason. */
export class Unsettled extends Error {
  override readonly name = 'Unsettled';
}

export const MINUTE_MS = 60_000;

/**
 * Addresses that no host has: those for documentation (RFC 5737) and, for many at once, for benchmarks (RFC 2544). A
 * request for them opens a port for no one.
 */
export const NOBODY = {
  network: '192.0.2.0/24',
  inside: '192.0.2.77',
  elsewhere: '198.51.100.9',
  host: '203.0.113.50',
  nth: (index: number): string => `198.18.${String(index >> 8)}.${String(index & 255)}`,
} as const;

/** Whether a text is one of these addresses, so that a rule with only this source can be the kit's. */
export const isNobodys = (text: string): boolean =>
  /^(192\.0\.2|198\.51\.100|203\.0\.113|198\.18\.\d+)\.\d+(\/\d+)?$/.test(text);

/** The first port of the temporary policy, except for the named one. No common service uses these ports. */
export const FIRST_PORT = 61_000;

/** Whether a port is one of the kit's. */
export const isOwnPort = (port: number): boolean => port > FIRST_PORT && port < FIRST_PORT + 100;
