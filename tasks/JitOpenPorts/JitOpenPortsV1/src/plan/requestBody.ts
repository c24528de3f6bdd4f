import type { Prefix } from '../../../../shared/core/prefixes';
import type { RequestedPort } from '../../../../shared/core/policy';

/** One requested port. Without sources, Azure uses the address that the call comes from. */
export interface InitiatePort extends Pick<RequestedPort, 'vm' | 'port' | 'endsAt'> {
  readonly sources: readonly Prefix[] | undefined;
}

/** The body of one request, for VMs of one policy. */
export interface InitiateBody {
  readonly ports: readonly InitiatePort[];
  readonly justification: string;
}
