import {
  adminRulesUnknown,
  openOverIpv6,
  rulesUnreadable,
  permanentAccess,
  permanentForEveryAddress,
  vnetUnknown,
  type SourcePort,
} from '../messages/waiting';
import { hasDoubtfulRule, isVerifiable } from '../plan/flowVerdict';
import { judgePort, type JudgedPort } from '../plan/judgePort';
import { toFlow } from '../../../../shared/core/nsg/judge';
import {
  createRuleReader,
  rememberAdminRules,
  rememberVnets,
  type AdminRuleMemory,
  type VnetMemory,
} from '../open/vmNetwork';
import type { VmPlace } from '../plan/place';
import { blockersBesideGrant, lastingBlockers } from '../plan/explain';
import type { NotOpened } from '../plan/findings';
import type { VmPlan } from '../plan/plan';
import type { Prefix } from '../../../../shared/core/prefixes';
import type { Policy, PortRule } from '../../../../shared/core/policy';
import { activeSources } from '../../../../shared/core/requests';
import { vnetIdOf, type VmId } from '../../../../shared/core/resourceIds';
import { CodedError, RefusedError } from '../../../../shared/core/errors';
import * as say from '../messages/dryRun';
import { failed, passed, unchecked } from '../../../../shared/task/checkList';
import type { CheckList, Check } from '../../../../shared/core/checks';
import { mayPass } from '../../../../shared/core/codes';
import type { Context } from '../context';
import { canQueryAzure } from './canQueryAzure';
import type { Limit } from '../../../../shared/core/limits';

/** The plan for a VM, and the policies with the requests of all runs. */
export interface PlannedVm {
  readonly plan: VmPlan;
  readonly policies: readonly Policy[];
}

/** A read that Azure refused, and what a run would report about it. */
export interface Refused {
  readonly error: CodedError;
  readonly text: string;
}

/** What the rules allow at present, and which rights are shown by reading them. */
export interface RuleFindings {
  readonly checks: CheckList;
  readonly refused: readonly Refused[];
  /** IDs of NSGs and VNets that were read, in lowercase. */
  readonly read: ReadonlySet<string>;
  /** IDs of VNets whose security admin rules were read, in lowercase. */
  readonly readAdminRules: ReadonlySet<string>;
  /** The ports that a request would not open, so that a run that waits for them fails. */
  readonly blocked: readonly NotOpened[];
  /** Keys of VMs for which it is unknown whether a rule applies to the sources. */
  readonly inDoubt: ReadonlySet<string>;
}

/**
 * Checks whether the rules already allow the sources, and what blocks them apart from just-in-time access.
 *
 * @param planned each plan with all policies of the VM's resource group
 * @param awaited whether the real run waits for the rules, and therefore fails if they stay closed
 */
export async function checkRules(
  context: Pick<Context, 'network' | 'jit' | 'flows' | 'rights' | 'clock'>,
  planned: readonly PlannedVm[],
  places: ReadonlyMap<string, VmPlace>,
  awaited: boolean,
  limit: Limit,
): Promise<RuleFindings> {
  const { network, jit } = context;
  const refused: Refused[] = [];
  const read = new Set<string>();
  const readAdminRules = new Set<string>();
  const inDoubt = new Set<string>();
  const reader = createRuleReader(
    network,
    noting(
      rememberVnets(network, (error) => refused.push({ error, text: vnetUnknown(error) })),
      read,
    ),
    notingRules(
      rememberAdminRules(context, (error) => refused.push({ error, text: adminRulesUnknown(error) })),
      readAdminRules,
    ),
  );
  const check = async (
    vm: VmId,
    rule: PortRule,
    own: readonly Prefix[] | undefined,
    { location }: Policy,
    policies: readonly Policy[],
  ): Promise<CheckList> => {
    const place = places.get(vm.key);
    if (!own) return [unchecked('Rules now', say.sourceUnseen(vm, rule.port))];
    if (!place?.filter) return [unchecked('Rules now', say.rulesUnseen(vm, rule.port))];
    try {
      const rules = await reader.read(place.filter, toFlow({ ...rule, sources: own }), limit);
      for (const { id } of place.filter.groups) read.add(id.toLowerCase());
      const active = activeSources(policies, vm, rule.port, jit.azureNow());
      const judged = judgePort(rules, { ...rule, sources: own }, active);
      const flow = toFlow({ ...rule, sources: own });
      if (hasDoubtfulRule(rules, flow, judged.verdict)) inDoubt.add(vm.key);
      const sourcePort = { vm, port: rule.port, wantedSources: own };
      const mayHelp =
        onlyUnresolved(judged) &&
        isVerifiable(rules, flow) &&
        (await canQueryAzure(context, vm, location, limit));
      return [checkOfRules(sourcePort, judged, awaited, mayHelp), ...checksOverIpv6(sourcePort, judged)];
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      if (!(error instanceof RefusedError)) {
        // The real run waits until a temporary error is over, so it must not be reported as a failure.
        return [awaited && !mayPass(error) ? failed('Rules now', error) : unchecked('Rules now', error.seen)];
      }
      const text = rulesUnreadable(error);
      refused.push({ error, text });
      return [unchecked('Rules now', text)];
    }
  };
  const checked = await Promise.all(
    planned.flatMap(({ plan: { wanted, policy, toRequest, reuse }, policies }) =>
      [...toRequest, ...reuse].map(async ({ rule, own }) => ({
        ...{ vm: wanted, port: rule.port },
        checks: await check(wanted, rule, own, policy, policies),
      })),
    ),
  );
  return {
    checks: checked.flatMap(({ checks }) => checks),
    blocked: checked.flatMap(({ vm, port, checks }) =>
      checks.flatMap(({ failure }) => (failure ? { vm, port, failure } : [])),
    ),
    ...{ refused, read, readAdminRules, inDoubt },
  };
}

function noting(vnets: VnetMemory, read: Set<string>): VnetMemory {
  return {
    async space(subnetId, limit) {
      const space = await vnets.space(subnetId, limit);
      if (space) read.add(vnetIdOf(subnetId).toLowerCase());
      return space;
    },
  };
}

const notingRules = (admins: AdminRuleMemory, read: Set<string>): AdminRuleMemory => ({
  async of(subnetId, limit) {
    const rules = await admins.of(subnetId, limit);
    if (rules) read.add(vnetIdOf(subnetId).toLowerCase());
    return rules;
  },
});

/** Returns a warning about what allows the internet over IPv6, regardless of the request. */
const checksOverIpv6 = (sourcePort: SourcePort, { overIpv6 }: JudgedPort): CheckList =>
  overIpv6
    ? [{ topic: 'Rules now', mark: 'warning', text: openOverIpv6(sourcePort, overIpv6), loud: true }]
    : [];

/** Whether everything that blocks and that no request overrides is a rule that might not apply. */
const onlyUnresolved = ({ verdict, permanent }: JudgedPort): boolean => {
  const lasting = verdict.admits || permanent ? [] : lastingBlockers(verdict.blockers);
  return lasting.length > 0 && lasting.every(({ reason }) => reason === 'unresolved');
};

/** @param mayHelp whether the real run can use IP flow verify for what cannot be resolved here */
function checkOfRules(
  sourcePort: SourcePort,
  { permanent, verdict }: JudgedPort,
  awaited: boolean,
  mayHelp: boolean,
): Check {
  const topic = 'Rules now';
  if (permanent) {
    const text = permanent.everyAddress
      ? permanentForEveryAddress(sourcePort, permanent)
      : permanentAccess(sourcePort, permanent);
    return { topic, mark: 'warning', text, loud: permanent.everyAddress };
  }
  if (verdict.admits) return passed(topic, say.grantedNow(sourcePort));
  const { blockers } = verdict;
  const lasting = lastingBlockers(blockers);
  if (mayHelp) return { topic, mark: 'warning', text: say.leftToAzure(sourcePort, lasting, blockers) };
  if (lasting.length > 0 && awaited) return failed(topic, say.staysBlocked(sourcePort, lasting, blockers));
  const beside = blockersBesideGrant(blockers);
  if (beside.length === 0) return passed(topic, say.closedNow(sourcePort, blockers));
  return { topic, mark: 'warning', text: say.besideGrant(sourcePort, beside, blockers) };
}
