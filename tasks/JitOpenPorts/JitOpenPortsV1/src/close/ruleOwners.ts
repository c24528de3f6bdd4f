import { groupBy } from '../../../../shared/core/groupBy';
import { CodedError } from '../../../../shared/core/errors';
import type { Limit } from '../../../../shared/core/limits';
import { isAdminRule, type GroupRuleAt, type RuleAt } from '../../../../shared/core/nsg/verdict';
import type { SecurityRule, VmNetwork } from '../../../../shared/core/network';
import type { Policy, RequestedPort } from '../../../../shared/core/policy';
import { sameId } from '../../../../shared/core/resourceIds';
import { findOwnPort, isActive, sameSources } from '../../../../shared/core/requests';
import type { Context } from '../context';
import type { Closing } from '../plan/closed';
import { concurrentRequests, ownPort } from '../plan/ownRequests';
import { countGrants, hasRuleLike, ownerOf, type Owner } from '../plan/ownRule';
import type { Filter } from '../plan/place';
import { readOtherPolicies } from './otherPolicies';
import type { Before } from './rulesBefore';

/** Whose the rules of a VM are, by its policies as they are now. */
export interface RuleOwners {
  /** The policies of the VM that could be read. */
  readonly policies: readonly Policy[];
  /** Those without the policy of the request. `undefined` if they could not be read. */
  readonly others: readonly Policy[] | undefined;
  /** Whether all policies were read. Otherwise, every rule counts as foreign. */
  readonly areKnown: boolean;
  readonly of: (at: RuleAt) => Owner;
  readonly isOwn: (at: RuleAt) => at is GroupRuleAt;
}

/** Reads the policies of a VM, and decides by them whose its rules are. */
export async function readOwners(
  context: Context,
  before: Before,
  closing: Closing,
  all: readonly Closing[],
  { privateIpAddress }: Filter,
  limit: Limit,
): Promise<RuleOwners> {
  const policy = await readAgain(context, closing, limit);
  const others = await readOtherPolicies(context, closing.opened, limit);
  const azureNow = context.jit.azureNow();
  const of = (at: RuleAt): Owner =>
    policy && others && !isAdminRule(at)
      ? ownerOf(
          at.rule,
          { now: at.group.rules, before: before.rules(at.group.id) },
          { closing, all, policies: [policy, ...others], azureNow, privateIpAddress },
        )
      : { kind: 'foreign' };
  return {
    policies: [...(policy ? [policy] : []), ...(others ?? [])],
    others,
    areKnown: policy !== undefined && others !== undefined,
    of,
    isOwn: (at): at is GroupRuleAt => of(at).kind === 'own',
  };
}

/** Whether more rules look like a rule than this step has requests for them. */
export const isAlike = ({ kind }: Owner): boolean => kind === 'alike' || kind === 'wasAlike';

/** Whether a rule is, or may be, that of a request of this step that has ended. */
export const isLingering = (owner: Owner): boolean =>
  owner.kind === 'perhaps' || (owner.kind === 'own' && !owner.isActive);

/**
 * Whether a port will be closed when Azure has removed the rules of requests that have ended: then one of the NSGs has no
 * other rule that allows it. What an NSG allows counts only if every other NSG allows it too.
 */
export function willBeRemoved(left: readonly RuleAt[], { of }: Pick<RuleOwners, 'of'>): boolean {
  if (left.some(isAdminRule)) return false;
  const groups = groupBy(left, (at) => (isAdminRule(at) ? '' : at.group.id.toLowerCase()));
  return [...groups.values()].some((rules) => rules.every((at) => isLingering(of(at))));
}

/** A rule of a security group. */
export type GroupRule = Pick<GroupRuleAt, 'group' | 'rule'>;

/** Own rules, together with the own rules behind them in their groups: those of another attempt, or of the near end. */
export function withThoseBehind(
  own: readonly GroupRuleAt[],
  isOwn: (at: GroupRuleAt) => boolean,
): readonly GroupRule[] {
  const found = new Map<string, GroupRule>();
  for (const at of own)
    for (const rule of at.group.rules.filter((one) => isOwn({ ...at, rule: one })))
      found.set(`${at.group.id} ${rule.name}`.toLowerCase(), { group: at.group, rule });
  return [...found.values()];
}

/** The rules before the end was requested, and those that were seen to allow the port afterward. */
interface SeenRules {
  readonly before: Before;
  readonly seen: readonly RuleAt[];
}

/**
 * Whether Azure might still write the rule of a request that nothing allows now: no rule for it was seen before the end was
 * requested, and the policy still shows the request as active. The rules of several attempts look alike, so there must
 * have been one for each of their requests.
 */
export async function mayGetRule(
  context: Context,
  { before, seen }: SeenRules,
  closing: Closing,
  { groups, privateIpAddress }: Filter,
  limit: Limit,
): Promise<boolean> {
  const { opened } = closing;
  const shownIn = (policy: Policy | undefined): RequestedPort | undefined => {
    const itself = policy && ownPort(opened, policy);
    return itself && isActive(itself, context.jit.azureNow()) ? itself : undefined;
  };
  const itself = shownIn(closing.policy);
  if (!itself) return false;
  const requests = requestsLike(closing, context.jit.azureNow());
  const request = { ...opened, sources: itself.sources };
  const later = (id: string): readonly SecurityRule[] => {
    const at = seen.find((one): one is GroupRuleAt => !isAdminRule(one) && sameId(one.group.id, id));
    return at?.group.rules ?? [];
  };
  const isSeen = (id: string): boolean =>
    [before.rules(id) ?? [], later(id)].some(
      (rules) => countGrants(rules, request, privateIpAddress) >= requests,
    );
  if (groups.some(({ id }) => isSeen(id))) return false;
  return shownIn(await readAgain(context, closing, limit)) !== undefined;
}

/** Returns how many requests of this step are active for the port and the sources of a closing. */
function requestsLike({ opened, own, policy }: Closing, azureNow: number): number {
  const alike = own.filter((one) => {
    const shown = policy && findOwnPort(policy, one);
    return (
      one.vm.key === opened.vm.key &&
      one.port === opened.port &&
      shown !== undefined &&
      isActive(shown, azureNow) &&
      (!one.sources || !opened.sources || sameSources(one.sources, opened.sources))
    );
  });
  return new Set(alike.map(({ startedAt, endsAt }) => `${startedAt} ${String(endsAt)}`)).size;
}

/** Whether one of the NSGs has a rule that looks like that of the request, even if another rule comes before it. */
export const hasOwnRule = (
  { opened }: Closing,
  groups: VmNetwork['groups'],
  { privateIpAddress }: Filter,
): boolean => groups.some(({ group }) => hasRuleLike(group.rules, opened, privateIpAddress));

/** Whether the policy, read again, still shows the request as active, and no other one that could have such a rule. */
export async function isStillShown(context: Context, closing: Closing, limit: Limit): Promise<boolean> {
  const policy = await readAgain(context, closing, limit);
  if (!policy) return false;
  const { opened, own } = closing;
  const azureNow = context.jit.azureNow();
  const itself = ownPort(opened, policy);
  return (
    itself !== undefined &&
    isActive(itself, azureNow) &&
    concurrentRequests([policy], opened, own, azureNow).length === 0
  );
}

/** Reads the policy again. Returns `undefined` if it cannot be read. */
async function readAgain(context: Context, { opened }: Closing, limit: Limit): Promise<Policy | undefined> {
  try {
    return await context.jit.getPolicy(opened.policy, limit);
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return undefined;
  }
}
