import { withLimit, type Clock } from '../../tasks/shared/core/limits';
import { isJitRuleName } from '../../tasks/shared/core/nsg/rules';
import type { NetworkGateway } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/azure/networkGateway';
import type { SecurityRule } from '../../tasks/shared/core/network';
import type { PlacedRule, Target } from './bench';
import { isNobodys, isOwnPort } from './experiment';

const READING_MS = 60_000;
const TRIES = 6;
/** The pause after the first attempt. Each further pause is twice as long. */
const PAUSE_MS = 1000;

/**
 * Returns the just-in-time rules that only this kit can have caused: those that allow addresses that no host has, and
 * those that deny one of its ports, which should be removed together with the policy.
 */
async function ownRules(
  target: Target,
  network: NetworkGateway,
  machine: Clock,
  signal: AbortSignal,
): Promise<readonly PlacedRule[]> {
  const read = target.groups.map(({ at, id }) =>
    withLimit(machine, signal, READING_MS, async (limit) => {
      const group = await network.getSecurityGroup(id, limit);
      return group.rules.map((rule) => ({ at, groupId: id, rule }));
    }),
  );
  return (await Promise.all(read)).flat().filter(({ rule }) => isJitRuleName(rule.name) && isOwn(rule));
}

const isOwn = ({ access, sources, destinationPorts }: SecurityRule): boolean =>
  access === 'Allow'
    ? sources.length > 0 && sources.every(({ text }) => isNobodys(text))
    : destinationPorts.some((port) => isOwnPort(Number(port.split('-')[0])));

/** Deletes the rules of the kit's requests until there are none. @throws Error if some remain. */
export async function removeRules(
  target: Target,
  network: NetworkGateway,
  machine: Clock,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  for (let tries = 1; ; tries++) {
    const own = await ownRules(target, network, machine, signal);
    if (own.length === 0) return;
    if (tries === TRIES) throw new Error(`${String(own.length)} deleted rules came back.`);
    for (const { groupId, rule } of own) {
      await withLimit(machine, signal, READING_MS, (limit) => network.deleteRule(groupId, rule.name, limit));
    }
    await clock.sleep(PAUSE_MS * 2 ** (tries - 1), signal);
  }
}

/** Returns a sentence for each of the kit's rules that still exists. */
export async function findLeftovers(
  target: Target,
  network: NetworkGateway,
  machine: Clock,
  signal: AbortSignal,
): Promise<readonly string[]> {
  try {
    return (await ownRules(target, network, machine, signal)).map(({ rule, groupId }) =>
      rule.access === 'Allow'
        ? `The rule ${rule.name} of ${groupId} still allows ${rule.sources.map(({ text }) => text).join(', ')}, addresses that no one has, until its request ends: within 25 minutes.`
        : `The rule ${rule.name} of ${groupId} still denies the ports ${rule.destinationPorts.join(', ')}: delete it manually.`,
    );
  } catch (error) {
    return [
      `The remaining rules could not be read: ${error instanceof Error ? error.message : String(error)}`,
    ];
  }
}
