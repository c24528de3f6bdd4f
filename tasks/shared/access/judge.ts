import { formatRanges, PUBLIC_ADDRESSES } from '../domain/addresses';
import type { VmNetwork } from '../domain/network';
import { evaluate } from '../domain/nsg/evaluate';
import { isJitRuleName, withoutRules } from '../domain/nsg/rules';
import type { Verdict } from '../domain/nsg/verdict';
import type { RuleProtocol } from '../domain/policy';
import type { Standing } from './access';

const EVERYBODY = formatRanges(PUBLIC_ADDRESSES);

/** A way in that is asked about. */
export interface Way {
  readonly sources: readonly string[];
  readonly port: number;
  readonly protocol: RuleProtocol;
}

/** Pipelines connect by TCP wherever the policy leaves the choice. */
export const toFlow = ({ sources, port, protocol }: Way) => ({
  sources,
  port,
  protocol: protocol === 'UDP' ? ('UDP' as const) : ('TCP' as const),
});

/** Whether the rules let the sources in now. */
export const judge = (network: VmNetwork, way: Way): Verdict => evaluate(network, toFlow(way));

/**
 * The rules, if any, that let the sources in without just-in-time access. A grant of the service is told by its
 * name, which decides nothing here but what the log says.
 */
export function findStanding(network: VmNetwork, way: Way): Standing | undefined {
  const without = withoutRules(network, (rule) => rule.access === 'Allow' && isJitRuleName(rule.name));
  const verdict = evaluate(without, toFlow(way));
  if (!verdict.admits) return undefined;
  const everybody =
    without.groups.length > 0 && evaluate(without, { ...toFlow(way), sources: EVERYBODY }).admits;
  return { rules: verdict.admittedBy, everybody };
}
