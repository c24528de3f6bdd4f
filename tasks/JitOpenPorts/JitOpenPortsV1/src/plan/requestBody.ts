import type { Prefix } from '../../../../shared/core/prefixes';
import type { RequestedPort } from '../../../../shared/core/policy';

/** One port asked for. Without sources Azure takes the address it sees the call come from. */
export interface InitiatePort extends Pick<RequestedPort, 'vm' | 'port' | 'endsAt'> {
  readonly sources: readonly Prefix[] | undefined;
}

/** The body of one request: one policy, all its VMs. */
export interface InitiateBody {
  readonly ports: readonly InitiatePort[];
  readonly justification: string;
}
