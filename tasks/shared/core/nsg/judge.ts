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
  readonly everyAddress: boolean;
}

/** A connection to evaluate. */
export interface PolicyFlow {
  readonly sources: readonly Prefix[];
  readonly port: number;
  readonly protocol: RuleProtocol;
}

/** Returns the flow to evaluate, over one protocol: TCP if the policy has both, because pipelines connect over TCP. */
export const toFlow = ({ sources, port, protocol }: PolicyFlow) => ({
  sources,
  port,
  protocol: protocol === 'UDP' ? ('UDP' as const) : ('TCP' as const),
});

/** Returns the flows over every protocol of the policy. A port counts as closed only if all of them are evaluated. */
export const toFlows = ({ sources, port, protocol }: PolicyFlow): readonly Flow[] =>
  protocolsOf(protocol).map((one) => ({ sources, port, protocol: one }));

/** Evaluates whether the rules allow the sources now. */
export const judge = (network: VmNetwork, flow: PolicyFlow): Verdict => evaluate(network, toFlow(flow));

/**
 * Returns the rules, if any, that allow the sources without an active request. A rule with a name that the service uses
 * is one of them, unless active requests cover it. A VNet that was not read counts as one without public addresses: one
 * warning too many does less harm than one too few.
 *
 * @param activeSources the sources for which active requests hold the port open, as just read
 */
export function findPermanentAccess(
  network: VmNetwork,
  flow: PolicyFlow,
  activeSources: readonly Prefix[],
): PermanentAccess | undefined {
  const without = withoutRules(withoutPublicVnet(network), (rule) => isGrantRule(rule, activeSources));
  const verdict = evaluate(without, toFlow(flow));
  if (!verdict.admits) return undefined;
  // Without an NSG, a Basic public address allows everyone. Without a public address, the internet cannot connect.
  // Whether a rule has a name that the service uses and these sources do not cover it: other requests might explain it.
  const isReached = without.groups.length > 0 || without.publicSku === 'Basic';
  const everyAddress =
    isReached && evaluate(without, { ...toFlow(flow), sources: publicPrefixes(IPV4) }).admits;
  return { rules: verdict.admittedBy, everyAddress };
}

/**
 * Whether a rule has a name that the service uses, but these sources do not cover it. Further requests might explain
 * it.
 */
export const hasUnexplainedRule = ({ groups }: VmNetwork, activeSources: readonly Prefix[]): boolean =>
  groups.some(({ group }) =>
    group.rules.some(
      (rule) => rule.access === 'Allow' && isJitRuleName(rule.name) && !isGrantRule(rule, activeSources),
    ),
  );
