import { BASIC_ADDRESS, ruleText } from '../../../shared/messages/report';
import { doubtLines, portOver, reachedText, sourcesText } from '../../../shared/messages/reportOpen';
import type { MayBeOpenPort, StandingPort } from './model';

/**
 * By what the management ports of a VM are reached, surely or possibly, as texts: port, source and rule.
 *
 * @param vmId its id as the report has it
 */
export function reachedBy(
  vmId: string,
  standing: readonly StandingPort[],
  mayBeOpen: readonly MayBeOpenPort[],
): readonly string[] {
  const isOwn = (one: StandingPort | MayBeOpenPort): boolean => one.vmId === vmId && one.management;
  return [
    ...standing.filter(isOwn).map((one) => toText(one, letInBy(one))),
    ...mayBeOpen.filter(isOwn).map((one) => toText(one, doubtLines(one))),
  ];
}

const toText = (
  { port, ipVersion, sources, moreSources }: StandingPort | MayBeOpenPort,
  by: readonly string[],
): string => reachedText(portOver(port, ipVersion), sourcesText(sources, moreSources), by);

/** What lets in whoever reaches a standing port. */
export const letInBy = ({ rules }: StandingPort): readonly string[] =>
  rules.length === 0
    ? [BASIC_ADDRESS]
    : rules.map(({ name, priority, group, attachedTo }) => ruleText(name, priority, group, attachedTo));
