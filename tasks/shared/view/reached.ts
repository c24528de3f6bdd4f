import { BASIC_ADDRESS, ruleText } from './messages/report';
import { doubtLines, maybeReachedText, portOver, reachedText, sourcesText } from './messages/open';
import type { MayBeOpenPort, PermanentPort } from './report';

/**
 * Describes how the management ports of a VM can be reached, certainly or possibly: port, source, and rule.
 *
 * @param vmId the ID of the VM, as the report has it
 */
export function reachedBy(
  vmId: string,
  permanent: readonly PermanentPort[],
  mayBeOpen: readonly MayBeOpenPort[],
): readonly string[] {
  const isOwn = (one: PermanentPort | MayBeOpenPort): boolean => one.vmId === vmId && one.management;
  return [
    ...permanent
      .filter(isOwn)
      .map((one) => reachedText(portOver(one.port, one.ipVersion), whoIn(one), allowedBy(one))),
    ...mayBeOpen
      .filter(isOwn)
      .map((one) => maybeReachedText(portOver(one.port, one.ipVersion), whoIn(one), doubtLines(one))),
  ];
}

const whoIn = ({ sources, moreSources }: PermanentPort | MayBeOpenPort): string =>
  sourcesText(sources, moreSources);

/** Returns what allows access to a permanent port. */
export const allowedBy = ({ rules }: PermanentPort): readonly string[] =>
  rules.length === 0
    ? [BASIC_ADDRESS]
    : rules.map(({ name, priority, group, attachedTo }) => ruleText(name, priority, group, attachedTo));
