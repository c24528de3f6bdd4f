import { formatIsoDuration, parseIsoDuration } from '../../../../shared/core/durations';
import { isJson, itemsIn, without, type Json } from '../../../../shared/core/json';
import { ANY, parsePrefix, parsePrefixes, textsOf } from '../../../../shared/core/prefixes';
import type { PortRule } from '../../../../shared/core/policy';
import { overlaps, sameRule, type RulePort } from './portRules';
import type { VmId } from '../../../../shared/core/resourceIds';

/** How a VM is to be in the policy. */
export interface WantedVm {
  readonly vm: VmId;
  readonly rules: readonly PortRule[];
  /** Ports to remove, if the VM has them. */
  readonly removals: readonly RulePort[];
  /**
   * Whether the rules are defaults that no input names. With `merge`, they add ports, and never change a configured
   * port.
   */
  readonly byDefault: boolean;
  /**
   * Another policy keeps ports of the VM. This policy gets no ports that it lacks, and drops the VM with its last port.
   */
  readonly keptElsewhere?: boolean;
}

/** A port before and after the change. Without one of them, the port is added or removed. */
export interface PortDifference {
  readonly before?: PortRule;
  readonly after?: PortRule;
}

export interface VmDifference {
  readonly vm: VmId;
  readonly change: 'added' | 'changed' | 'removed' | 'none';
  readonly ports: readonly PortDifference[];
}

/**
 * Returns the ports of a VM after the change. `own`: its entries. A policy can have several for one VM, and has none if
 * the VM is to be added.
 */
export function changePorts(
  own: readonly Json[],
  wanted: WantedVm,
  mode: 'merge' | 'exact',
): { readonly ports: readonly unknown[]; readonly difference: VmDifference } {
  const items = own.flatMap((entry) => itemsIn(entry, 'ports'));
  const present = items.map((entry) => ({ entry, rule: toRule(entry) }));
  const rules = wanted.keptElsewhere
    ? wanted.rules.filter((rule) => present.some((old) => old.rule && overlaps(old.rule, rule)))
    : wanted.rules;
  const kept: unknown[] = [];
  const after: unknown[] = [];
  const ports: PortDifference[] = [];
  const replaced = new Set<unknown>();
  for (const rule of rules) {
    const olds = present.filter((old) =>
      old.rule ? overlaps(old.rule, rule) : isOddRuleFor(old.entry, rule),
    );
    const [first] = olds;
    const asItIs = olds.length === 1 && first?.rule && sameRule(first.rule, rule);
    if (first && (asItIs || (wanted.byDefault && mode === 'merge'))) {
      for (const old of olds) after.push(old.entry);
    } else {
      after.push({ ...without(isJson(first?.entry) ? first.entry : {}, RULE_FIELDS), ...toEntry(rule) });
      ports.push({ ...(first?.rule && { before: first.rule }), after: rule });
      if (first && !first.rule) ports.push({});
      for (const old of olds.slice(1)) ports.push(old.rule ? { before: old.rule } : {});
    }
    for (const old of olds) replaced.add(old.entry);
  }
  for (const { entry, rule } of present) {
    if (replaced.has(entry)) continue;
    const removals = wanted.removals.filter((one) => (rule ? overlaps(one, rule) : isOddRuleFor(entry, one)));
    const rest = rule && protocolsLeft(rule, removals);
    if (mode === 'merge' && removals.length === 0) kept.push(entry);
    else if (rest && isJson(entry) && mode === 'merge') {
      kept.push({ ...entry, protocol: rest });
      ports.push({ before: rule, after: { ...rule, protocol: rest } });
    } else ports.push(rule ? { before: rule } : {});
  }
  const left = [...kept, ...after];
  const difference: VmDifference = { vm: wanted.vm, change: changeOf(own, wanted, ports, left), ports };
  return { ports: left, difference };
}

/**
 * A VM is not added to a policy only to remove a port. It leaves a policy with its last port only if another one keeps
 * it.
 */
function changeOf(
  own: readonly Json[],
  { keptElsewhere }: WantedVm,
  ports: readonly PortDifference[],
  left: readonly unknown[],
): VmDifference['change'] {
  if (own.length === 0) return keptElsewhere ? 'none' : 'added';
  if (ports.length === 0) return 'none';
  return keptElsewhere && left.length === 0 ? 'removed' : 'changed';
}

/** Returns the protocol that is left of a rule for both protocols, if exactly one is left. */
function protocolsLeft({ protocol }: PortRule, removals: readonly RulePort[]): 'TCP' | 'UDP' | undefined {
  if (protocol !== '*') return undefined;
  const left = (['TCP', 'UDP'] as const).filter((one) =>
    removals.every((removal) => removal.protocol !== '*' && removal.protocol !== one),
  );
  return left.length === 1 ? left[0] : undefined;
}

/** The fields of a rule that this product writes. Other fields of the replaced entry are kept. */
const RULE_FIELDS = [
  ...['number', 'protocol', 'maxRequestAccessDuration'],
  ...['allowedSourceAddressPrefix', 'allowedSourceAddressPrefixes'],
];

function toEntry({ port, protocol, sources, maxDurationMs }: PortRule): Json {
  return {
    number: port,
    protocol,
    // Exactly one of the two fields is set.
    ...(sources.length === 1
      ? { allowedSourceAddressPrefix: sources[0]?.text }
      : { allowedSourceAddressPrefixes: textsOf(sources) }),
    maxRequestAccessDuration: formatIsoDuration(maxDurationMs),
  };
}

/** Whether an entry that cannot be interpreted is about the port of a rule. The rule then replaces it. */
function isOddRuleFor(entry: unknown, rule: RulePort): boolean {
  if (!isJson(entry)) return false;
  const { number, protocol } = entry;
  const port = typeof number === 'string' && /^\d{1,5}$/.test(number) ? Number(number) : number;
  const name = typeof protocol === 'string' ? protocol.toUpperCase() : '';
  const isForBoth = name !== 'TCP' && name !== 'UDP';
  return port === rule.port && (isForBoth || rule.protocol === '*' || name === rule.protocol);
}

/** Returns the readable rules in the entry of a VM. */
export const rulesOf = (entry: Json): readonly PortRule[] =>
  itemsIn(entry, 'ports').flatMap((port) => toRule(port) ?? []);

function toRule(entry: unknown): PortRule | undefined {
  if (!isJson(entry)) return undefined;
  const { number, protocol, maxRequestAccessDuration: longest, allowedSourceAddressPrefix: one } = entry;
  const many = entry['allowedSourceAddressPrefixes'];
  const maxDurationMs = typeof longest === 'string' ? parseIsoDuration(longest) : undefined;
  if (typeof number !== 'number' || maxDurationMs === undefined) return undefined;
  const name = typeof protocol === 'string' ? protocol.toUpperCase() : '*';
  const sources = Array.isArray(many) ? many.filter((source) => typeof source === 'string') : [];
  return {
    port: number,
    protocol: name === 'TCP' || name === 'UDP' ? name : '*',
    sources:
      sources.length > 0
        ? parsePrefixes(sources)
        : [typeof one === 'string' && one !== '' ? parsePrefix(one) : ANY],
    maxDurationMs,
  };
}
