import type { Access, WaitedAccess } from '../plan/access';
import { toEndpoint } from './endpoint';
import type { Ledger } from '../plan/ledger';
import { requestAccess, toRequests, toReused } from './requestAccess';
import type { VmPlace } from '../plan/place';
import { waitForAccess } from './waitForAccess';
import type { DoubtfulHost } from './privateHosts';
import { planVm } from '../plan/plan';
import type { Policy, RequestedPort } from '../../../../shared/core/policy';
import type { OwnPort } from '../../../../shared/core/requests';
import type { Limit } from '../../../../shared/core/limits';
import { refusedByPolicy } from '../messages/planning';
import * as say from '../messages/opening';
import type { RefusedError } from '../../../../shared/core/errors';
import { rulesUnreadable, superseded } from '../messages/waiting';
import type { Context } from '../context';
import type { OpenPortsInputs } from '../plan/inputs';
import { logSharing } from './planVms';

/** The interval between log lines of a waiting step: 15 seconds. */
const SAY_EVERY_MS = 15_000;

/** What is known about the places to connect to. */
export interface Whereabouts {
  readonly places: ReadonlyMap<string, VmPlace>;
  /** Read during the wait, and no longer than the wait. */
  readonly hosts: Promise<readonly DoubtfulHost[]>;
}

/**
 * Waits as the inputs say, and logs the progress.
 *
 * @param earlier what earlier attempts of this step requested
 * @param limit the time that the inputs allow
 */
export async function waitForAll(
  inputs: OpenPortsInputs,
  context: Context,
  { places, hosts }: Whereabouts,
  accesses: readonly Access[],
  ledger: Ledger,
  earlier: readonly OwnPort[],
  limit: Limit,
): Promise<readonly WaitedAccess[]> {
  const { waitFor, waitTimeoutMs, probeHost, share } = inputs;
  if (accesses.length === 0) return [];
  if (waitFor === 'nothing') {
    context.log.line(say.notWaiting);
    return accesses.map((access) => ({ access, waited: { status: 'requested' }, waitedMs: 0 }));
  }
  context.log.line(say.waiting(waitFor, waitTimeoutMs));
  const warned = new Set<string>();
  let saidAt = -SAY_EVERY_MS;
  const wait = {
    goal: waitFor,
    places,
    privateHosts: hosts.then((found) => new Map(found.map(({ vm, host }) => [vm.key, host]))),
    timeoutMs: waitTimeoutMs,
    probeAt: (access: Access) => {
      // With the user's own host, the port is that of the VM. With a firewall's address, it is a port of the firewall.
      const at = probeHost ? { host: probeHost, port: access.port } : toEndpoint(access, places);
      return at.host === '' ? undefined : at;
    },
    onSuperseded: share
      ? (access: Access, _own: RequestedPort, policy: Policy, limit: Limit) =>
          requestAgain({ inputs, context, ledger, earlier }, access, policy, limit)
      : (access: Access, own: RequestedPort, policy: Policy) => {
          ledger.superseded(access);
          return Promise.reject(superseded(access, own, policy));
        },
    onUnreadable: (missing: RefusedError) => {
      const warning = rulesUnreadable(missing);
      if (!warned.has(warning)) context.log.warning(warning);
      warned.add(warning);
    },
    onWithoutRule: (without: readonly Access[]) => {
      ledger.withoutRule(without);
    },
    onRound: (pending: Parameters<typeof say.stillWaiting>[0], waitedMs: number) => {
      context.log.progress(30 + (65 * waitedMs) / waitTimeoutMs, 'Waiting until the ports are open');
      if (waitedMs - saidAt < SAY_EVERY_MS) return;
      saidAt = waitedMs;
      context.log.line(say.stillWaiting(pending, waitedMs, waitTimeoutMs));
    },
  };
  return waitForAccess(context, wait, accesses, limit);
}

/** What a repeated request needs in addition to the superseded access. */
interface Renewal {
  readonly inputs: OpenPortsInputs;
  readonly context: Context;
  readonly ledger: Ledger;
  readonly earlier: readonly OwnPort[];
}

/**
 * Handles a request of another run that superseded this run's during the wait: requests access again for both, or finds
 * that the other request also allows this run. Throws a `CodedError` if that fails.
 */
async function requestAgain(
  { inputs: { justification }, context, ledger, earlier }: Renewal,
  access: Access,
  policy: Policy,
  limit: Limit,
): Promise<Access> {
  ledger.superseded(access);
  const azureNow = context.jit.azureNow();
  const wanted = {
    ports: [access.port],
    durationMs: access.wantedUntil - azureNow,
    source: access.wantedSources,
    share: true,
    earlier: [...earlier, ...ledger.made],
  };
  const planning = planVm(access.vm, [policy], wanted, azureNow);
  if (planning.kind === 'refused') throw refusedByPolicy(planning.violations, policy.name);
  const [found] = toReused([planning.plan]);
  if (found) {
    ledger.reused([found]);
    context.log.line(say.reused(found, false));
    return found;
  }
  context.log.line(say.requestingAgain(access));
  for (const planned of planning.plan.toRequest) logSharing(context.log, planned);
  const requests = toRequests([planning.plan]);
  ledger.requesting(requests);
  for (const request of requests) {
    for (const port of request.ports) context.log.line(say.requesting(port.requested));
    const requested = await requestAccess(context, request, justification, ledger, limit.signal);
    const [failed] = requested.notOpened;
    if (failed) throw failed.failure;
    const [again] = requested.accesses;
    if (again) return again;
  }
  return access;
}
