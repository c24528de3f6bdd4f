import type { SecurityRule } from '../core/network';
import type { RuleAt } from '../core/nsg/verdict';
import { say } from '../core/text';

/** `the rule deny-all (priority 200) of nsg-web on the subnet`. */
export const ruleText = ({ rule, group, attachedTo }: RuleAt): string =>
  say`the rule ${rule.name} (priority ${rule.priority}) of ${group.name} on the ${attachedTo === 'nic' ? 'NIC' : 'subnet'}`;

/** What of a rule makes no sense. */
export const senselessText = ({ name, senseless = '' }: SecurityRule): string =>
  say`the rule ${name || 'without a name'}, of which no sense can be made of: ${senseless}`;
