import { judgePort } from '../plan/judgePort';
import type { VmNetwork } from '../../../../shared/core/network';
import { activeSources } from '../../../../shared/core/requests';
import { mayPass } from '../../../../shared/core/codes';
import { CodedError, RefusedError } from '../../../../shared/core/errors';
import type { Limit } from '../../../../shared/core/limits';
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
import { createRequestReader, EndedBefore, Revoked, type RequestReader } from './readRequest';
import { tryConnection } from './tryConnection';
import type { VerdictMemory } from './verdicts';
import { createRuleReader, type AdminRuleMemory, type RuleReader, type VnetMemory } from './vmNetwork';

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
  const requests = createRequestReader(context, putOff, limit);
  return async (pending) => {
    const { access } = pending;
    try {
      if (!pending.readable) return await checkRequest(context, wait, pending, round, requests, limit);
      const [network, request] = await Promise.all([
        readNetwork(wait, access, rules, limit),
        // The first check does not read the request, because most rules exist by then. If it cannot be read, the rules
        // decide.
        round === 0 ? undefined : requests.readBriefly(access),
      ]);
      const confirm = round === 0 ? requests.readBriefly : () => Promise.resolve();
      const readers = { listPolicies: requests.listPolicies, confirm };
      return await checkRules(context, wait, { ...pending, request }, network, verdicts, readers, limit);
    } catch (error) {
      if (error instanceof Revoked) return goOn(wait, pending, error, limit);
      if (!(error instanceof RefusedError) || !pending.readable) return toSeen(error, pending, limit);
      wait.onUnreadable(error);
      return { ...pending, readable: false };
    }
  };
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
  requests: RequestReader,
  limit: Limit,
): Promise<Seen> {
  const { access } = pending;
  const known = round === 0 && access.status === 'Initiated';
  const request = known ? undefined : await requests.read(access);
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
interface RequestChecks {
  readonly listPolicies: RequestReader['listPolicies'];
  /** Throws if the own request is over. */
  readonly confirm: (access: Access) => Promise<unknown>;
}

async function checkRules(
  context: Context,
  wait: Wait,
  pending: Pending,
  network: VmNetwork | undefined,
  verdicts: VerdictMemory,
  { listPolicies, confirm }: RequestChecks,
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
  listPolicies: RequestReader['listPolicies'],
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

/** Returns what a failed check means: a lost round, or the end of this wait. */
function toSeen(error: unknown, pending: Pending, limit: Limit): Seen {
  if (!(error instanceof CodedError)) throw error;
  if (error instanceof EndedBefore) return fail(pending, error);
  // The time is over: what an earlier check found says more than a call that was cut short.
  if (limit.signal.aborted) return pending;
  return mayPass(error) ? { ...pending, trouble: error } : fail(pending, error);
}
