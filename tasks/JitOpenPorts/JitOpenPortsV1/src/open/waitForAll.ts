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

/** How often a waiting step says that it waits. */
const SAY_EVERY_MS = 15_000;

/** What is known of the places to connect to. */
export interface Whereabouts {
  readonly places: ReadonlyMap<string, VmPlace>;
  /** Read while the wait goes on, and no longer than that. */
  readonly hosts: Promise<readonly DoubtfulHost[]>;
}

/**
 * Waits as the inputs say, and tells how it goes.
 *
 * @param earlier what earlier attempts of this step asked for
 * @param limit the time that the inputs give
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
      // A host of the user's own leads to the VM's port; a firewall's address to a port of the firewall.
      const at = probeHost ? { host: probeHost, port: access.port } : toEndpoint(access, places);
      return at.host === '' ? undefined : at;
    },
    onSuperseded: share
      ? (access: Access, _own: RequestedPort, policy: Policy, limit: Limit) =>
          requestAgain({ inputs, context: context, ledger, earlier }, access, policy, limit)
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

/** What asking again needs beside the access that was superseded. */
interface Renewal {
  readonly inputs: OpenPortsInputs;
  readonly context: Context;
  readonly ledger: Ledger;
  readonly earlier: readonly OwnPort[];
}

/**
 * Another run took the port in the middle of the wait: asks again for both, or finds that the other's request lets
 * this run in as well.
 */
async function requestAgain(
  { inputs: { justification }, context: context, ledger, earlier }: Renewal,
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
    const requested = await requestAccess(context, request, justification, ledger, limit.signal);
    const [failed] = requested.notOpened;
    if (failed) throw failed.failure;
    const [again] = requested.accesses;
    if (again) return again;
  }
  return access;
}
