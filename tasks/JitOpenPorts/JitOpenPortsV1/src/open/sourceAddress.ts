import { countVotes, serviceOf, type EchoAnswer } from '../plan/echo';
import * as say from '../messages/sourceAddress';
import type { World } from '../context';
import type { Limit } from '../../../../shared/core/limits';

/** Services of three operators, so that no single one is believed: two must agree. */
export const ADDRESS_SERVICES: readonly string[] = [
  'https://api.ipify.org/',
  'https://checkip.amazonaws.com/',
  'https://ipv4.icanhazip.com/',
];

/**
 * Finds out the public IPv4 address of this agent. Asks directly, the way that ssh will go, and through the
 * agent's proxy only when no service answers that way. Throws JIT501, JIT502 or JIT503.
 *
 * @param own the user's own services; a single one may stand alone, by whatever addresses on its host
 */
export async function findSourceAddress(
  world: Pick<World, 'publicAddress' | 'log'>,
  own: readonly string[],
  limit: Limit,
): Promise<string> {
  const services = own.length > 0 ? own : ADDRESS_SERVICES;
  const needed = new Set(own.map(serviceOf)).size === 1 ? 1 : 2;
  const direct = await world.publicAddress.ask(services, 'direct', limit);
  const found = evaluate(world, direct, needed);
  if (found !== undefined) return found;
  if (!world.publicAddress.hasProxy) throw say.noAnswer(direct);
  const proxied = await world.publicAddress.ask(services, 'proxy', limit);
  const address = evaluate(world, proxied, needed);
  if (address === undefined) throw say.noAnswer([...direct, ...proxied]);
  world.log.warning(say.foundThroughProxy(address));
  return address;
}

/** The address that the answers agree on, or nothing when too few services answered. */
function evaluate(
  { log }: Pick<World, 'log'>,
  answers: readonly EchoAnswer[],
  needed: number,
): string | undefined {
  const vote = countVotes(answers, needed);
  switch (vote.kind) {
    case 'silent':
      return undefined;
    case 'disagreement':
      throw say.disagreement(answers);
    case 'notPublic':
      throw say.notPublic(vote.answer, answers);
    case 'agreed':
      for (const dissenter of vote.dissenters) log.warning(say.outvoted(dissenter, vote.address));
      return vote.address;
  }
}
