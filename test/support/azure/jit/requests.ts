import type { Vm } from '../network/vms';

/** A request that somebody else made. */
export interface OtherRequest {
  readonly vm: Vm;
  readonly port: number;
  readonly sources: readonly string[];
  readonly durationMs: number;
  readonly requestor?: string;
  readonly justification?: string;
}

/** A request of earlier days. It has no rules: they are long gone. */
export interface PastRequest extends OtherRequest {
  /** How long ago it was made, in milliseconds. */
  readonly agoMs: number;
  /** A newer request replaced it at its half time. Default `false`. */
  readonly superseded?: boolean;
}
