import type { Vm } from '../network/vms';

/** A request by another run or a person. */
export interface OtherRequest {
  readonly vm: Vm;
  readonly port: number;
  readonly sources: readonly string[];
  readonly durationMs: number;
  readonly requestor?: string;
  readonly justification?: string;
}

/** A request of earlier days. Its rules no longer exist. */
export interface PastRequest extends OtherRequest {
  /** How long ago it was made, in milliseconds. */
  readonly agoMs: number;
  /** Whether a newer request superseded it after half of its time. Default `false`. */
  readonly superseded?: boolean;
}
