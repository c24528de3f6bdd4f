import { judgePort } from '../plan/judgePort';
import type { VmNetwork } from '../../../../shared/core/network';
import type { Policy, RequestedPort } from '../../../../shared/core/policy';
import { activeSources, findGrantedPort } from '../../../../shared/core/requests';
import { toGroupId } from '../../../../shared/core/resourceIds';
import { mayPass } from '../../../../shared/core/codes';
import { CodedError, PauseTooLongError, RefusedError } from '../../../../shared/core/errors';
import { withLimit, type Limit } from '../../../../shared/core/limits';
import * as say from '../messages/waiting';
import type { Context } from '../context';
import type { Access, Waited } from '../plan/access';
import {
  findPermanentAccess,
  hasUnexplainedRule,
  toFlow,
  type PermanentAccess,
  type PolicyFlow,
} from '../../../../shared/core/nsg/judge';
import { end, fail, NOTHING_SEEN, type Pending, type Seen, type Wait } from '../plan/pending';
import { isAllowed } from '../plan/flowVerdict';
import { hasRuleLike } from '../plan/ownRule';
import { queryAzure } from './queryAzure';
import type { VerdictMemory } from './verdicts';
import { createRuleReader, type AdminRuleMemory, type RuleReader, type VnetMemory } from './vmNetwork';

/** How long a round waits for the request, which only shows whether it was revoked: eight seconds. */
const REQUEST_READ_MS = 8000;

/** The request reached its end during the wait. */
class EndedBefore extends CodedError {}

/** Thrown by a check if the request behind it was revoked. */
class Revoked extends Error {
  constructor(
    readonly own: RequestedPort,
    readonly policy: Policy,
  ) {
    super('The request was revoked.');
  }
}

/** What is kept between rounds. */
export interface Memories {
  readonly vnets: VnetMemory;
  readonly admins: AdminRuleMemory;
  readonly verdicts: VerdictMemory;
  /**
   * Until when a policy is not read because Azure requested a pause: milliseconds of the agent's clock, by the ID of
   * the policy in lowercase.
   */
  readonly putOff: Map<string, number>;
}

/** Creates the check for one round of a wait. Each thing is read once, even if several ports need it. */
export function createCheck(
  context: Context,
  wait: Wait,
  { vnets, admins, verdicts, putOff }: Memories,
  round: number,
  limit: Limit,
): (pending: Pending) => Promise<Seen> {
  const rules = createRuleReader(context.network, vnets, admins);
  const policies = new Map<string, Promise<Policy>>();
  const keyOf = ({ policy }: Access) => policy.id.toLowerCase();
  const readRequest = async (access: Access, within = limit): Promise<RequestedPort | undefined> => {
    const key = keyOf(access);
    const reading = policies.get(key) ?? context.jit.getPolicy(access.policy, within);
    policies.set(key, reading);
    const policy = await reading;
    const own = findGrantedPort(policy, access);
    if (own?.status === 'Revoked') {
      if (access.endsAt <= context.jit.azureNow()) throw new EndedBefore(say.endedBefore(access));
      throw new Revoked(own, policy);
    }
    return own;
  };

  const lists = new Map<string, Promise<readonly Policy[]>>();
  const listPolicies = ({ vm }: Access): Promise<readonly Policy[]> => {
    const key = toGroupId(vm.subscriptionId, vm.resourceGroup).toLowerCase();
    const listing = lists.get(key) ?? context.jit.listPolicies(vm.subscriptionId, vm.resourceGroup, limit);
    lists.set(key, listing);
    return listing;
  };

  const readBriefly = async (access: Access): Promise<RequestedPort | undefined> => {
    const { clock } = context;
    if (clock.now() < (putOff.get(keyOf(access)) ?? 0)) return undefined;
    try {
      return await withLimit(clock, limit.signal, REQUEST_READ_MS, (short) => readRequest(access, short));
    } catch (error) {
      // The pause is longer than a round waits: until it is over, the next rounds do not read the policy.
      if (error instanceof PauseTooLongError) putOff.set(keyOf(access), clock.now() + error.waitMs);
      unlessRevoked(error);
      return undefined;
    }
  };

  return async (pending) => {
    const { access } = pending;
    try {
      if (!pending.readable) return await checkRequest(context, wait, pending, round, readRequest, limit);
      const [network, request] = await Promise.all([
        readNetwork(wait, access, rules, limit),
        // The first check does not read the request, because most rules exist by then. If it cannot be read, the rules
        // decide.
        round === 0 ? undefined : readBriefly(access),
      ]);
      const confirm = round === 0 ? readBriefly : () => Promise.resolve();
      const requests = { listPolicies, confirm };
      return await checkRules(context, wait, { ...pending, request }, network, verdicts, requests, limit);
    } catch (error) {
      if (error instanceof Revoked) return goOn(wait, pending, error, limit);
      if (!(error instanceof RefusedError) || !pending.readable) return toSeen(error, pending, limit);
      wait.onUnreadable(error);
      return { ...pending, readable: false };
    }
  };
}

/** Rethrows bugs, and errors that say something about the request. That it could not be read says nothing. */
function unlessRevoked(error: unknown): void {
  if (!(error instanceof CodedError) || error instanceof EndedBefore) throw error;
}

/** Continues with the access that replaces a revoked request, if there is one. */
async function goOn(wait: Wait, pending: Pending, { own, policy }: Revoked, limit: Limit): Promise<Seen> {
  try {
    const access = await wait.onSuperseded(pending.access, own, policy, limit);
    return { ...pending, access, request: undefined, blockers: undefined };
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return fail(pending, error);
  }
}

async function checkRequest(
  context: Context,
  wait: Wait,
  pending: Pending,
  round: number,
  readRequest: (access: Access) => Promise<RequestedPort | undefined>,
  limit: Limit,
): Promise<Seen> {
  const { access } = pending;
  const known = round === 0 && access.status === 'Initiated';
  const request = known ? undefined : await readRequest(access);
  if (!known && request?.status !== 'Initiated') return { ...pending, request, trouble: undefined };
  if (wait.goal !== 'connection') return end(pending, { status: 'initiated' });
  return tryConnection(context, wait, { ...pending, request }, undefined, limit);
}

async function readNetwork(
  wait: Wait,
  access: Access,
  rules: RuleReader,
  limit: Limit,
): Promise<VmNetwork | undefined> {
  const filter = wait.places.get(access.vm.key)?.filter;
  return filter && rules.read(filter, toFlow(flowOf(access)), limit);
}

const flowOf = ({ wantedSources, port, protocol }: Access): PolicyFlow => ({
  sources: wantedSources,
  port,
  protocol,
});

/** Reads the requests for a port if the rules alone do not decide. */
interface RequestReaders {
  readonly listPolicies: (access: Access) => Promise<readonly Policy[]>;
  /** Throws if the own request is over. */
  readonly confirm: (access: Access) => Promise<unknown>;
}

async function checkRules(
  context: Context,
  wait: Wait,
  pending: Pending,
  network: VmNetwork | undefined,
  verdicts: VerdictMemory,
  { listPolicies, confirm }: RequestReaders,
  limit: Limit,
): Promise<Seen> {
  const { access } = pending;
  if (!network) return { ...pending, readable: false };
  const { verdict, overIpv6, ...judged } = judgePort(network, flowOf(access), access.sources);
  const about = { nicId: wait.places.get(access.vm.key)?.nicId, network, flow: toFlow(flowOf(access)) };
  const azure = await queryAzure(verdicts, pending, about, verdict, limit);
  if (!verdict.admits && !isAllowed(azure ?? [])) {
    const { request } = pending;
    const isWithoutRule = !hasOwnRule(network, access);
    return {
      ...pending,
      ...NOTHING_SEEN,
      request,
      blockers: verdict.blockers,
      overIpv6,
      azure,
      isWithoutRule,
    };
  }
  // Another run's rule might be what allows it, because the own request can be superseded by then.
  if (!hasOwnRule(network, access)) await confirm(access);
  const { permanent: found } = judged;
  const permanent = found && (await withoutOtherRequests(context, access, network, found, listPolicies));
  const open: Waited = { status: 'open', permanent, overIpv6 };
  if (wait.goal === 'rule') return end(pending, open);
  const adminRulesUnread = network.adminRules === undefined;
  const admitted = { ...pending, permanent, overIpv6, adminRulesUnread, azure };
  return tryConnection(context, wait, admitted, open, limit);
}

/**
 * Returns the part of the permanent access that no active request explains. The step's own request is known, and the
 * others are read only if there is a rule that it does not explain. If they cannot be read, the requests known from
 * before count.
 */
async function withoutOtherRequests(
  { jit }: Context,
  access: Access,
  network: VmNetwork,
  found: PermanentAccess,
  listPolicies: (access: Access) => Promise<readonly Policy[]>,
): Promise<PermanentAccess | undefined> {
  const { vm, port, policy, sources } = access;
  if (!hasUnexplainedRule(network, sources)) return found;
  const policies = await listPolicies(access).catch((error: unknown) => {
    if (!(error instanceof CodedError)) throw error;
    return [policy];
  });
  const active = activeSources(policies, vm, port, jit.azureNow());
  return findPermanentAccess(network, flowOf(access), [...sources, ...active]);
}

/** Whether any of the NSGs has a rule that looks like the one of the request. */
const hasOwnRule = ({ groups, privateIpAddress }: VmNetwork, access: Access): boolean =>
  groups.some(({ group }) => hasRuleLike(group.rules, access, privateIpAddress));

async function tryConnection(
  context: Context,
  wait: Wait,
  pending: Pending,
  open: Waited | undefined,
  limit: Limit,
): Promise<Seen> {
  // Nothing answers over UDP, so there is nothing to try.
  if (pending.access.protocol === 'UDP') return end(pending, open ?? { status: 'initiated' });
  const at = wait.probeAt(pending.access);
  const answer = at ? await context.probe.connect(at.host, at.port, limit) : 'silent';
  if (answer === 'silent' || answer === 'unresolved') {
    const tried = at && { ...at, isResolved: answer !== 'unresolved' };
    // An attempt that was cut short by the end of the time says less than an earlier one.
    const isCutShort = answer === 'silent' && limit.remainingMs() === 0;
    const last = isCutShort ? (pending.tried ?? tried) : tried;
    return { ...pending, admitted: true, tried: last, blockers: undefined, trouble: undefined };
  }
  if (answer === 'refused') context.log.line(say.nothingListens(pending.access));
  return end(pending, open ?? { status: 'open', permanent: undefined });
}

/** Returns what a failed check means: a lost round, or the end of this wait. */
function toSeen(error: unknown, pending: Pending, limit: Limit): Seen {
  if (!(error instanceof CodedError)) throw error;
  if (error instanceof EndedBefore) return fail(pending, error);
  // The time is over: what an earlier check found says more than a call that was cut short.
  if (limit.signal.aborted) return pending;
  return mayPass(error) ? { ...pending, trouble: error } : fail(pending, error);
}
