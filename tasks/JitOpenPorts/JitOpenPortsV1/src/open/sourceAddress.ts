import { countVotes, serviceOf, type EchoAnswer } from '../plan/echo';
import * as say from '../messages/sourceAddress';
import type { Context } from '../context';
import type { Limit } from '../../../../shared/core/limits';
import type { Prefix } from '../../../../shared/core/prefixes';

/** Services of three operators, so that no single one is trusted: two must agree. */
export const ADDRESS_SERVICES: readonly string[] = [
  'https://api.ipify.org/',
  'https://checkip.amazonaws.com/',
  'https://ipv4.icanhazip.com/',
];

/**
 * Finds the public IPv4 address of this agent. Queries the services directly, as SSH connects, and through the agent's
 * proxy only if too few of them respond that way. Throws JIT501, JIT502, or JIT503.
 *
 * @param own the user's own services; a single one is enough, with any number of addresses on its host
 */
export async function findSourceAddress(
  context: Pick<Context, 'publicAddress' | 'log'>,
  own: readonly string[],
  limit: Limit,
): Promise<Prefix> {
  const services = own.length > 0 ? own : ADDRESS_SERVICES;
  const needed = new Set(own.map(serviceOf)).size === 1 ? 1 : 2;
  const direct = await context.publicAddress.query(services, 'direct', limit);
  const found = evaluate(context, direct, needed);
  if (found !== undefined) return found;
  if (!context.publicAddress.hasProxy) throw say.noAnswer(direct);
  const proxied = await context.publicAddress.query(services, 'proxy', limit);
  const address = evaluate(context, proxied, needed);
  if (address === undefined) throw say.noAnswer([...direct, ...proxied]);
  context.log.warning(say.foundThroughProxy(address.text));
  return address;
}

/**
 * Returns the address that the services agree on, or `undefined` if too few of them responded. Throws JIT502 or JIT503.
 */
function evaluate(
  { log }: Pick<Context, 'log'>,
  answers: readonly EchoAnswer[],
  needed: number,
): Prefix | undefined {
  const vote = countVotes(answers, needed);
  switch (vote.kind) {
    case 'silent':
      return undefined;
    case 'disagreement':
      throw say.disagreement(answers);
    case 'notPublic':
      throw say.notPublic(vote.answer, answers);
    case 'agreed':
      for (const dissenter of vote.dissenters) log.warning(say.outvoted(dissenter, vote.address.text));
      return vote.address;
  }
}
