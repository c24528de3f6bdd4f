import { randomUUID } from 'node:crypto';
import type { TriedAction } from '../arm/front';
import { POLICY_TYPE, sourceFields, type Entry } from '../jit/policies';
import type { MadeRequest } from '../jit/service';
import type { ActivityLog } from './log';

const INITIATE = `${POLICY_TYPE}/initiate/action`;

/** Adds an action of a caller to the log, as ARM does for everything except reads. */
export function logAction(log: ActivityLog, tried: TriedAction, atMs: number): void {
  const { principal, action, scope, body, answer, correlationId } = tried;
  const justification = action === INITIATE ? justificationIn(body) : undefined;
  log.addCall({
    atMs,
    resourceId: scope,
    operation: action,
    caller: principal.objectId,
    applicationId: principal.clientId,
    statusCode: answer.status,
    correlationId,
    ...(body !== '' && { body }),
    ...(justification !== undefined && { justification }),
    ...(answer.status >= 400 && { statusMessage: answer.text }),
  });
}

/** Adds a request that was not made by a call of the test. Without a requestor, it is from a service principal. */
export function logMade(log: ActivityLog, { policy, entry, atMs }: MadeRequest): void {
  const { requestor, justification } = entry;
  log.addCall({
    atMs,
    resourceId: policy.id,
    operation: INITIATE,
    caller: requestor === '' ? randomUUID() : requestor,
    statusCode: 202,
    correlationId: randomUUID(),
    body: JSON.stringify(bodyOf(entry)),
    ...(justification !== undefined && { justification }),
  });
}

const bodyOf = ({ grants, justification }: Entry): object => ({
  virtualMachines: grants.map(({ vmId, number, sources, endTimeUtc }) => ({
    id: vmId,
    ports: [{ number, ...sourceFields(sources.length === 1 ? (sources[0] ?? '*') : sources), endTimeUtc }],
  })),
  justification,
});

function justificationIn(body: string): string | undefined {
  try {
    const { justification } = JSON.parse(body) as { readonly justification?: unknown };
    return typeof justification === 'string' ? justification : undefined;
  } catch {
    return undefined;
  }
}
