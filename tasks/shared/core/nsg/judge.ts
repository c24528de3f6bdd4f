import type { VmNetwork } from '../network';
import type { Prefix } from '../prefixes';
import { evaluate } from './evaluate';
import { IPV4, publicPrefixes } from './family';
import { isGrantRule } from './grants';
import { isJitRuleName, withoutRules } from './rules';
import { withoutPublicVnet } from './tags';
import type { Flow, RuleAt, Verdict } from './verdict';
import type { RuleProtocol } from '../policy';
import { protocolsOf } from '../protocols';

/** Rules that would allow the source without just-in-time access. */
export interface PermanentAccess {
  readonly rules: readonly RuleAt[];
  /** Whether they allow every public address. */
  readonly everybody: boolean;
}

/** A way in that is asked about. */
export interface PolicyFlow {
  readonly sources: readonly Prefix[];
  readonly port: number;
  readonly protocol: RuleProtocol;
}

/** Pipelines connect by TCP wherever the policy leaves the choice. */
export const toFlow = ({ sources, port, protocol }: PolicyFlow) => ({
  sources,
  port,
  protocol: protocol === 'UDP' ? ('UDP' as const) : ('TCP' as const),
});

/** The same over every protocol that the policy has: whoever says that a port is closed must have judged all of them. */
export const toFlows = ({ sources, port, protocol }: PolicyFlow): readonly Flow[] =>
  protocolsOf(protocol).map((one) => ({ sources, port, protocol: one }));

/** Whether the rules allow the sources now. */
export const judge = (network: VmNetwork, flow: PolicyFlow): Verdict => evaluate(network, toFlow(flow));

/**
 * The rules, if any, that allow the sources without an active request: a rule with a name as the service gives is one of
 * them unless active requests cover it. A VNet that was not read is taken for one without public addresses: a warning too many
 * does less harm than one too few.
 *
 * @param activeSources what active requests hold the port open for, read now
 */
export function findPermanentAccess(
  network: VmNetwork,
  flow: PolicyFlow,
  activeSources: readonly Prefix[],
): PermanentAccess | undefined {
  const without = withoutRules(withoutPublicVnet(network), (rule) => isGrantRule(rule, activeSources));
  const verdict = evaluate(without, toFlow(flow));
  if (!verdict.admits) return undefined;
  // Without a security group everybody gets in by a Basic public address, and nobody where there is none.
  const isReached = without.groups.length > 0 || without.publicSku === 'Basic';
  const everybody = isReached && evaluate(without, { ...toFlow(flow), sources: publicPrefixes(IPV4) }).admits;
  return { rules: verdict.admittedBy, everybody };
}

/** Whether a rule has a name as the service gives, and none of these sources behind it: more requests may explain it. */
export const hasUnexplainedRule = ({ groups }: VmNetwork, activeSources: readonly Prefix[]): boolean =>
  groups.some(({ group }) =>
    group.rules.some(
      (rule) => rule.access === 'Allow' && isJitRuleName(rule.name) && !isGrantRule(rule, activeSources),
    ),
  );
