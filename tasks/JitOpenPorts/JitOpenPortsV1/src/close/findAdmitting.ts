import type { Limit } from '../../../../shared/core/limits';
import type { SecurityRule, VmNetwork } from '../../../../shared/core/network';
import { mayAdmit } from '../../../../shared/core/nsg/evaluate';
import { isGrantRule } from '../../../../shared/core/nsg/grants';
import { toFlow } from '../../../../shared/core/nsg/judge';
import { isJitRuleName, withoutRules } from '../../../../shared/core/nsg/rules';
import { isAdminRule, type RuleAt } from '../../../../shared/core/nsg/verdict';
import type { Policy } from '../../../../shared/core/policy';
import { sameSources } from '../../../../shared/core/requests';
import type { Context } from '../context';
import type { VerdictMemory } from '../open/verdicts';
import { createRuleReader, rememberVnets, type AdminRuleMemory } from '../open/vmNetwork';
import type { Beside, Closing } from '../plan/closed';
import { doubtOfClosed, isDenied, type AddressVerdict } from '../plan/flowVerdict';
import { findOpenOverIpv6 } from '../plan/overIpv6';
import { concurrentRequests } from '../plan/ownRequests';
import type { Filter, VmPlace } from '../plan/place';

/** What outlives a reading of the rules. */
export interface ClosingMemories {
  readonly admins: AdminRuleMemory;
  readonly verdicts: VerdictMemory;
}

/** The rules as one reading has them, without those of other runs' active requests, because what they allow is theirs. */
interface RulesRead {
  readonly network: VmNetwork;
  /** Those that may allow a part of the sources: what cannot be resolved counts as open here. Absent when none may. */
  readonly admitting: readonly RuleAt[] | undefined;
  readonly beside: Beside;
}

/**
 * The rules that may allow a part of the sources. One answer without such a rule does not close a port: shut is what two
 * readings in a row say. What both leave open in the same way is shut when Azure's own verdict denies all of it.
 *
 * @param onSeen told what was seen beside, by the last reading
 */
export async function findAdmitting(
  context: Context,
  { filter, nicId }: VmPlace,
  closing: Closing,
  policy: Policy | undefined,
  { admins, verdicts }: ClosingMemories,
  onSeen: (beside: Beside) => void,
  limit: Limit,
): Promise<'shut' | readonly RuleAt[]> {
  if (!filter) return [];
  const read = () => readRules(context, filter, closing, policy, admins, limit);
  const first = await read();
  const azure = first.admitting && (await askAzure(verdicts, closing, nicId, first, limit));
  const isDeniedByAzure = isDenied(azure ?? []);
  onSeen({ ...first.beside, azure });
  if (first.admitting && !isDeniedByAzure) return first.admitting;
  const second = await read();
  const isSame = isDeniedByAzure && JSON.stringify(second.network) === JSON.stringify(first.network);
  onSeen({ ...second.beside, ...(isSame && { azure }) });
  return second.admitting === undefined || isSame ? 'shut' : second.admitting;
}

async function readRules(
  context: Context,
  filter: Filter,
  { opened, sources, own }: Closing,
  policy: Policy | undefined,
  admins: AdminRuleMemory,
  limit: Limit,
): Promise<RulesRead> {
  const vnets = rememberVnets(context.network, () => undefined);
  const flow = toFlow({ sources, port: opened.port, protocol: opened.protocol });
  const all = await createRuleReader(context.network, vnets, admins).read(filter, flow, limit);
  const others = policy ? concurrentRequests(policy, opened, own, context.jit.azureNow()) : [];
  const held = others.flatMap(({ port }) => port.sources);
  const isTheirs = (rule: SecurityRule): boolean =>
    isGrantRule(rule, held) &&
    (opened.sources === undefined ||
      !sameSources(rule.sources, opened.sources) ||
      others.some(({ port }) => sameSources(rule.sources, port.sources)));
  const network = withoutRules(all, isTheirs);
  const admitted = mayAdmit(network, flow);
  const overIpv6 = findOpenOverIpv6(all, flow);
  return {
    network,
    admitting: admitted.sources.length === 0 ? undefined : admitted.rules,
    beside: overIpv6 ? { overIpv6 } : {},
  };
}

/**
 * Azure's own verdict on what a reading leaves open. A rule with a name of just-in-time access is to go, or to be deleted,
 * whatever keeps it from allowing anything now: as long as there is one, Azure is not asked.
 */
async function askAzure(
  verdicts: VerdictMemory,
  { opened, sources }: Closing,
  nicId: string | undefined,
  { network, admitting = [] }: RulesRead,
  limit: Limit,
): Promise<readonly AddressVerdict[] | undefined> {
  if (admitting.some((at) => !isAdminRule(at) && isJitRuleName(at.rule.name))) return undefined;
  const { vm, policy, port, protocol } = opened;
  const flow = toFlow({ sources, port, protocol });
  const doubt = doubtOfClosed(network, flow);
  if (doubt.kind === 'none') return undefined;
  return verdicts.ask({ vm, region: policy.location, nicId, network, flow }, doubt, limit);
}
