import type { FindVms } from '../../../shared/azure/findVms';
import type { RightsGateway } from '../../../shared/azure/rightsGateway';
import type { Clock } from '../../../shared/core/limits';
import type { Log } from '../../../shared/core/log';
import type { SignIn } from '../../../shared/core/signIn';
import type { FlowGateway } from './azure/flowGateway';
import type { JitGateway } from './azure/jitGateway';
import type { NetworkGateway } from './azure/networkGateway';
import type { Probe } from './host/probe';
import type { PublicAddress } from './host/publicAddress';

/**
 * Everything that a task needs from outside itself. A function takes the parts that it uses. The entry point creates
 * the real context, and the tests create one with fakes. Every call takes a `Limit` and ends with it.
 */
export interface Context {
  readonly jit: JitGateway;
  readonly network: NetworkGateway;
  readonly flows: FlowGateway;
  readonly rights: RightsGateway;
  readonly findVms: FindVms;
  readonly signIn: SignIn;
  /** The URLs that the service connection names, of Azure Resource Manager and of the sign-in. */
  readonly hosts: readonly string[];
  readonly publicAddress: PublicAddress;
  readonly probe: Probe;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}
