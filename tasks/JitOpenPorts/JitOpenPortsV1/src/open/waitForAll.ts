import type { Access, WaitedAccess } from '../plan/access';
import { toEndpoint } from './endpoint';
import type { Ledger } from '../plan/ledger';
import { requestAccess, toRequests, toReused } from './requestAccess';
import type { Place } from '../plan/place';
import { waitForAccess } from './waitForAccess';
import { planVm } from '../plan/plan';
import type { Policy, RequestedPort } from '../../../../shared/core/policy';
import type { OwnPort } from '../../../../shared/core/requests';
import { withLimit, type Limit } from '../../../../shared/core/limits';
import { refusedByPolicy } from '../messages/planning';
import * as say from '../messages/opening';
import type { RefusedError } from '../../../../shared/core/errors';
import { rulesUnreadable, superseded } from '../messages/waiting';
import type { World } from '../context';
import type { OpenPortsInputs } from '../plan/inputs';
import { tellSharing } from './planVms';

/** How often a waiting step says that it waits. */
const SAY_EVERY_MS = 15_000;

/**
 * Waits as the inputs say, and tells how it goes.
 *
 * @param earlier what earlier attempts of this step asked for
 */
export async function waitForAll(
  inputs: OpenPortsInputs,
  world: World,
  places: ReadonlyMap<string, Place>,
  accesses: readonly Access[],
  ledger: Ledger,
  earlier: readonly OwnPort[],
): Promise<readonly WaitedAccess[]> {
  const { waitFor, waitTimeoutMs, probeHost, share } = inputs;
  if (accesses.length === 0) return [];
  if (waitFor === 'nothing') {
    world.log.line(say.notWaiting);
    return accesses.map((access) => ({ access, waited: { status: 'requested' }, waitedMs: 0 }));
  }
  world.log.line(say.waiting(waitFor, waitTimeoutMs));
  const told = new Set<string>();
  let saidAt = -SAY_EVERY_MS;
  const wait = {
    goal: waitFor,
    places,
    timeoutMs: waitTimeoutMs,
    probeAt: (access: Access) => {
      // A host of the user's own leads to the VM's port; a firewall's address to a port of the firewall.
      const at = probeHost ? { host: probeHost, port: access.port } : toEndpoint(access, places);
      return at.host === '' ? undefined : at;
    },
    onSuperseded: share
      ? (access: Access, _own: RequestedPort, policy: Policy, limit: Limit) =>
          askAgain({ inputs, world, ledger, earlier }, access, policy, limit)
      : (access: Access, own: RequestedPort, policy: Policy) => {
          ledger.superseded(access);
          return Promise.reject(superseded(access, own, policy));
        },
    onUnreadable: (missing: RefusedError) => {
      const warning = rulesUnreadable(missing);
      if (!told.has(warning)) world.log.warning(warning);
      told.add(warning);
    },
    onRound: (pending: Parameters<typeof say.stillWaiting>[0], waitedMs: number) => {
      world.log.progress(30 + (65 * waitedMs) / waitTimeoutMs, 'Waiting until the way is open');
      if (waitedMs - saidAt < SAY_EVERY_MS) return;
      saidAt = waitedMs;
      world.log.line(say.stillWaiting(pending, waitedMs, waitTimeoutMs));
    },
  };
  return withLimit(world.clock, world.signal, waitTimeoutMs, (limit) =>
    waitForAccess(world, wait, accesses, limit),
  );
}

/** What asking again needs beside the access that was superseded. */
interface Asking {
  readonly inputs: OpenPortsInputs;
  readonly world: World;
  readonly ledger: Ledger;
  readonly earlier: readonly OwnPort[];
}

/**
 * Another run took the port in the middle of the wait: asks again for both, or finds that the other's request lets
 * this run in as well.
 */
async function askAgain(
  { inputs: { justification }, world, ledger, earlier }: Asking,
  access: Access,
  policy: Policy,
  limit: Limit,
): Promise<Access> {
  ledger.superseded(access);
  const azureNow = world.jit.azureNow();
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
    world.log.line(say.reused(found, false));
    return found;
  }
  world.log.line(say.askingAgain(access));
  for (const planned of planning.plan.ask) tellSharing(world.log, planned);
  for (const request of toRequests([planning.plan])) {
    const requested = await requestAccess(world, request, justification, ledger, limit.signal);
    const [failure] = requested.failures;
    if (failure) throw failure;
    const [again] = requested.accesses;
    if (again) return again;
  }
  return access;
}
