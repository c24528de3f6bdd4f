import type { RuleFields } from '../core/network';
import { isAdminRule, type RuleAt } from '../core/nsg/verdict';
import { say } from '../core/text';

/**
 * Formats `the rule deny-all (priority 200) of nsg-web on the subnet`. A security admin rule has its collection and
 * configuration instead.
 */
export function ruleText(at: RuleAt): string {
  const { name, priority } = at.rule;
  if (isAdminRule(at)) {
    const { collection, configuration } = at.rule;
    return say`the security admin rule ${name} (priority ${priority}) of the collection ${collection} in the configuration ${configuration} of Azure Virtual Network Manager`;
  }
  return say`the rule ${name} (priority ${priority}) of ${at.group.name} on the ${at.attachedTo === 'nic' ? 'NIC' : 'subnet'}`;
}

/** Describes what is unexpected in a rule. */
export const senselessText = ({ name, senseless = '' }: Pick<RuleFields, 'name' | 'senseless'>): string =>
  say`the rule ${name || '(no name)'} with unexpected fields (${senseless})`;
