import type { Limit } from '../../../../shared/core/limits';
import type { SecurityRule, VmNetwork } from '../../../../shared/core/network';
import { mayAdmit } from '../../../../shared/core/nsg/evaluate';
import { isGrantRule } from '../../../../shared/core/nsg/grants';
import { toFlows } from '../../../../shared/core/nsg/judge';
import { isJitRuleName, withoutRules } from '../../../../shared/core/nsg/rules';
import { isAdminRule, type Flow, type RuleAt } from '../../../../shared/core/nsg/verdict';
import type { Policy } from '../../../../shared/core/policy';
import { sameSources } from '../../../../shared/core/requests';
import type { Context } from '../context';
import type { VerdictMemory } from '../open/verdicts';
import { createRuleReader, rememberVnets, type AdminRuleMemory } from '../open/vmNetwork';
import type { Beside, Closing } from '../plan/closed';
import { doubtOfClosed, isDenied, joinVerdicts, type AddressVerdict } from '../plan/flowVerdict';
import { findOpenOverIpv6, type OpenOverIpv6 } from '../plan/overIpv6';
import { concurrentRequests } from '../plan/ownRequests';
import type { Filter, VmPlace } from '../plan/place';

/** What is kept between reads of the rules. */
export interface ClosingMemories {
  readonly admins: AdminRuleMemory;
  readonly verdicts: VerdictMemory;
  /** The other policies of a VM, if something stayed open that a request under one of them might explain. */
  readonly others: WeakMap<Closing, readonly Policy[]>;
  /** The NSGs as they were last read for a closing. */
  readonly groups: WeakMap<Closing, VmNetwork['groups']>;
  /** The keys of the VMs of which rules were deleted, or are being deleted. */
  readonly deleted: Set<string>;
}

/**
 * The rules of one read for one protocol, without those of other runs' active requests, because what they allow belongs
 * to the other runs.
 */
interface Way {
  readonly flow: Flow;
  readonly network: VmNetwork;
  /**
   * The rules that might allow a part of the sources: what cannot be resolved counts as open here. Absent if no part of
   * the sources might be allowed.
   */
  readonly admitting: readonly RuleAt[] | undefined;
  readonly overIpv6: OpenOverIpv6 | undefined;
}

/**
 * Finds the rules that might allow a part of the sources, over any protocol that the request opened. One read without
 * such a rule is not enough: a port is closed only after two such reads in a row. If both reads leave the port
 * undecided in the same way, it is closed if IP flow verify denies all of it.
 *
 * @param policies the policies of the VM that could be read: other runs' requests under them explain rules
 * @param onSeen called with the other findings of each read; the last call counts
 */
export async function findAdmitting(
  context: Context,
  { filter, nicId }: VmPlace,
  closing: Closing,
  policies: readonly Policy[],
  memories: ClosingMemories,
  onSeen: (beside: Beside) => void,
  limit: Limit,
): Promise<'closed' | readonly RuleAt[]> {
  if (!filter) return [];
  const { verdicts } = memories;
  const read = () => readRules(context, filter, closing, policies, memories, limit);
  const first = await read();
  const admitting = admittingOf(first);
  const azure = await queryAzure(verdicts, closing, nicId, first, limit);
  const isDeniedByAzure = isDenied(azure ?? []);
  onSeen({ ...besideOf(first), azure });
  if (admitting && !isDeniedByAzure) return admitting;
  const second = await read();
  const isSame = isDeniedByAzure && networksOf(second) === networksOf(first);
  onSeen({ ...besideOf(second), ...(isSame && { azure }) });
  return isSame ? 'closed' : (admittingOf(second) ?? 'closed');
}

async function readRules(
  context: Context,
  filter: Filter,
  closing: Closing,
  policies: readonly Policy[],
  { admins, groups }: ClosingMemories,
  limit: Limit,
): Promise<readonly Way[]> {
  const { opened, sources, own } = closing;
  const vnets = rememberVnets(context.network, () => undefined);
  const reader = createRuleReader(context.network, vnets, admins);
  const others = concurrentRequests(policies, opened, own, context.jit.azureNow());
  const held = others.flatMap(({ port }) => port.sources);
  const isTheirs = (rule: SecurityRule): boolean =>
    isGrantRule(rule, held) &&
    (opened.sources === undefined ||
      !sameSources(rule.sources, opened.sources) ||
      others.some(({ port }) => sameSources(rule.sources, port.sources)));
  const flows = toFlows({ sources, port: opened.port, protocol: opened.protocol });
  return Promise.all(
    flows.map(async (flow): Promise<Way> => {
      const all = await reader.read(filter, flow, limit);
      groups.set(closing, all.groups);
      const network = withoutRules(all, isTheirs);
      const admitted = mayAdmit(network, flow);
      const admitting = admitted.sources.length === 0 ? undefined : admitted.rules;
      return { flow, network, admitting, overIpv6: findOpenOverIpv6(all, flow) };
    }),
  );
}

/** Returns the rules that might allow a part of the sources over any protocol, each once. */
function admittingOf(ways: readonly Way[]): readonly RuleAt[] | undefined {
  const open = ways.flatMap(({ admitting }) => (admitting ? [admitting] : []));
  if (open.length === 0) return undefined;
  const isSame = (one: RuleAt, other: RuleAt) =>
    one.rule === other.rule && one.attachedTo === other.attachedTo;
  return open.flat().filter((one, index, all) => all.findIndex((other) => isSame(one, other)) === index);
}

function besideOf(ways: readonly Way[]): Beside {
  const overIpv6 = ways.find((way) => way.overIpv6)?.overIpv6;
  return overIpv6 ? { overIpv6 } : {};
}

const networksOf = (ways: readonly Way[]): string => JSON.stringify(ways.map(({ network }) => network));

/**
 * Queries IP flow verify for what a read leaves undecided, over every protocol concerned. A rule with a name of
 * just-in-time access will be removed by Azure or deleted by this step, even if something prevents it from allowing
 * anything at present. While there is such a rule, Azure is not queried. Azure is not queried either if something is
 * certainly open.
 */
async function queryAzure(
  verdicts: VerdictMemory,
  { opened: { vm, policy } }: Closing,
  nicId: string | undefined,
  ways: readonly Way[],
  limit: Limit,
): Promise<readonly AddressVerdict[] | undefined> {
  const open = ways.filter(({ admitting }) => admitting);
  const isJitRule = (at: RuleAt) => !isAdminRule(at) && isJitRuleName(at.rule.name);
  if (open.some(({ admitting = [] }) => admitting.some(isJitRule))) return undefined;
  const inDoubt = open.flatMap(({ network, flow }) => {
    const doubt = doubtOfClosed(network, flow);
    return doubt.kind === 'none' ? [] : [{ network, flow, doubt }];
  });
  if (inDoubt.length < open.length) return undefined;
  const found = await Promise.all(
    inDoubt.map(async ({ network, flow, doubt }) => ({
      protocol: flow.protocol,
      verdicts: await verdicts.query({ vm, region: policy.location, nicId, network, flow }, doubt, limit),
    })),
  );
  return joinVerdicts(found);
}
