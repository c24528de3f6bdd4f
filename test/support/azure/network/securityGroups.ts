import type { Settings } from '../settings';
import { DEFAULT_RULES, isVisible, ruleToJson, type NewRule, type StoredRule } from './securityRules';

/** An NSG, as tests use it and as the simulation keeps it. */
export interface SecurityGroup {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  /** Returns the custom rules that exist now, by priority. */
  rules(): readonly StoredRule[];
  /** Returns the allow rules of active requests that exist now. */
  jitAllowRules(): readonly StoredRule[];
  /** Adds a rule as a person would. @throws Error if the priority is in use, which Azure rejects too. */
  addRule(rule: NewRule): void;
  /** Removes a rule of any origin. Returns false if there is none with that name. */
  removeRule(name: string): boolean;
  /**
   * Removes the just-in-time rules, including those that are not written yet, and keeps the rest, as `terraform apply`
   * does.
   */
  wipeJitRules(): void;
  /** Writes a just-in-time rule at the first free priority, from `start` in steps of `step`. */
  writeJitRule(rule: Omit<StoredRule, 'priority'>, start: number, step: 1 | -1): StoredRule;
  /** Ends a rule at this time, if it still exists then. */
  endRule(name: string, at: number): boolean;
  toJson(): object;
}

export function createSecurityGroup(
  id: string,
  location: string,
  now: () => number,
  settings: Settings,
): SecurityGroup {
  let stored: StoredRule[] = [];
  const name = id.split('/').at(-1) ?? id;
  const visible = (): StoredRule[] => stored.filter((rule) => isVisible(rule, now()));
  const isTaken = (priority: number, direction = 'Inbound'): boolean =>
    stored.some(
      (rule) =>
        rule.priority === priority && (rule.direction ?? 'Inbound') === direction && rule.until > now(),
    );
  const find = (wanted: string): StoredRule | undefined =>
    visible().find((rule) => rule.name.toLowerCase() === wanted.toLowerCase());

  return {
    id,
    name,
    location,
    rules: () => visible().sort((a, b) => a.priority - b.priority),
    jitAllowRules: () => visible().filter(({ madeBy }) => madeBy === 'jit-allow'),
    addRule(rule) {
      if (isTaken(rule.priority, rule.direction))
        throw new Error(`Priority ${rule.priority} of ${name} is taken.`);
      if (rule.wire) settings.oddAnswers = true;
      stored.push({ ...rule, madeBy: 'hand', from: -Infinity, until: Infinity });
    },
    removeRule: (wanted) => {
      const found = find(wanted);
      stored = stored.filter((rule) => rule !== found);
      return found !== undefined;
    },
    wipeJitRules() {
      stored = stored.filter(({ madeBy }) => madeBy === 'hand');
    },
    writeJitRule(rule, start, step) {
      let priority = start;
      while (isTaken(priority)) priority += step;
      const written = { ...rule, priority };
      stored.push(written);
      return written;
    },
    endRule(wanted, at) {
      const found = find(wanted);
      if (!found) return false;
      const back = at + settings.ruleDelayMs;
      const returns = settings.deletedRuleReturns && found.madeBy === 'jit-allow' && back < found.until;
      if (returns) stored.push({ ...found, from: back });
      found.until = Math.min(found.until, at);
      return true;
    },
    toJson() {
      const isPlural = (index: number): boolean =>
        settings.ruleFields === 'plural' || (settings.ruleFields === 'alternating' && index % 2 === 1);
      return {
        name,
        id,
        type: 'Microsoft.Network/networkSecurityGroups',
        location,
        properties: {
          provisioningState: 'Succeeded',
          securityRules: visible().map((rule, index) => ruleToJson(id, rule, isPlural(index))),
          defaultSecurityRules: DEFAULT_RULES.map((rule) =>
            ruleToJson(id, rule, false, 'defaultSecurityRules'),
          ),
        },
      };
    },
  };
}
