import type { FindVms } from '../../../shared/azure/findVms';
import type { RightsGateway } from '../../../shared/azure/rightsGateway';
import type { Clock } from '../../../shared/core/limits';
import type { Log } from '../../../shared/core/log';
import type { PolicyWriter } from './azure/policyWriter';
import type { Surroundings } from './azure/surroundings';

/** What this task needs from outside. */
export interface ConfigureContext {
  readonly policies: PolicyWriter;
  readonly rights: RightsGateway;
  readonly findVms: FindVms;
  /** Read only for messages about a policy. It has no effect on what is written. */
  readonly surroundings: Surroundings;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}
