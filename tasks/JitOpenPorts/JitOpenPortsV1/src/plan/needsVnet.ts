import type { RuleFields, VmNetwork } from '../../../../shared/core/network';
import { subtract } from '../../../../shared/core/ranges';
import { IPV4 } from '../../../../shared/core/nsg/family';
import { rangesOf } from '../../../../shared/core/prefixes';
import { matchRule } from '../../../../shared/core/nsg/match';
import { isJitRuleName } from '../../../../shared/core/nsg/rules';
import type { Flow } from '../../../../shared/core/nsg/verdict';
import { inOrder } from '../../../../shared/core/nsg/walk';

/**
 * Whether the VNet can change a verdict, so that reading it is worth a call: a rule that depends on it matches sources
 * that no earlier rule certainly decides, or such a security admin rule might apply to any of the sources. Allow rules
 * with a name of just-in-time access are skipped, because it is also evaluated who is allowed without them.
 */
export function needsVnet(network: Omit<VmNetwork, 'vnet'>, flow: Flow): boolean {
  const inbound = (network.adminRules ?? []).filter(({ direction }) => direction === 'Inbound');
  const all = rangesOf(flow.sources);
  // In any order: which of them comes first is not always known.
  if (
    inbound.some(
      (rule) => dependsOnVnet(rule) && matchRule(IPV4, rule, network, flow, all).possible.length > 0,
    )
  ) {
    return true;
  }
  return network.groups.some(({ group }) => {
    let undecided = rangesOf(flow.sources);
    for (const rule of inOrder(group)) {
      if (rule.access === 'Allow' && isJitRuleName(rule.name)) continue;
      const { certain, possible } = matchRule(IPV4, rule, network, flow, undecided);
      if (possible.length > 0 && dependsOnVnet(rule)) return true;
      undecided = subtract(undecided, certain);
    }
    return false;
  });
}

const dependsOnVnet = ({ sources, sourceGroupIds }: RuleFields): boolean =>
  sourceGroupIds.length > 0 || sources.some(({ key }) => ['virtualnetwork', 'internet'].includes(key));
