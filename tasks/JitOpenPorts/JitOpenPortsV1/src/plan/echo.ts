import { isPublicIpv4, parseIpv4 } from '../../../../shared/core/addresses';
import { formatIpv6 } from '../../../../shared/core/ipv6';
import { parseAddress, type Prefix } from '../../../../shared/core/prefixes';

/** What one address service returned: text, or the reason why there is none. */
export type EchoAnswer =
  | { readonly service: string; readonly kind: 'text'; readonly text: string }
  | { readonly service: string; readonly kind: 'failure'; readonly reason: string };

/** The combined result of all services. */
export type Vote =
  | { readonly kind: 'agreed'; readonly address: Prefix; readonly dissenters: readonly EchoAnswer[] }
  /** No service, or fewer than needed, returned anything that could be an address. */
  | { readonly kind: 'silent' }
  | { readonly kind: 'disagreement' }
  /** The deciding response is an IPv6 address, or an address that is not public. */
  | { readonly kind: 'notPublic'; readonly answer: string };

/** The agent's own machine, on which different programs have different ports. */
const OWN_MACHINE = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

/**
 * Returns the service behind a URL. Addresses on one host are one service on any port, because one operator controls
 * all its responses. Case and a dot at the end do not count.
 */
export const serviceOf = (url: string): string => {
  if (!URL.canParse(url)) return url;
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/\.$/, '');
  return OWN_MACHINE.test(host) ? `${host}:${port}` : host;
};

/**
 * Counts the responses of address services. Two that agree outvote a third, and two addresses of one service have one
 * vote. `needed` is two, or one for a single service of the user's own. HTML, an empty response, and an error are not
 * votes. IPv6 addresses and addresses that are not public are votes: they show that this product cannot open ports for
 * the address that the agent connects from.
 */
export function countVotes(answers: readonly EchoAnswer[], needed: number): Vote {
  const votes = answers.flatMap((answer) =>
    answer.kind === 'text' && looksLikeAddress(answer.text)
      ? [{ service: serviceOf(answer.service), text: spellingOf(answer.text) }]
      : [],
  );
  const services = (of: typeof votes) => new Set(of.map(({ service }) => service)).size;
  if (services(votes) < needed) return { kind: 'silent' };
  const count = (text: string) => services(votes.filter((vote) => vote.text === text));
  const candidates = [...new Set(votes.map(({ text }) => text))].sort((a, b) => count(b) - count(a));
  const [first = '', second] = candidates;
  if (count(first) < needed || (second !== undefined && count(second) === count(first))) {
    return { kind: 'disagreement' };
  }
  const address = parseAddress(first);
  if (!address?.ipv4 || !isPublicIpv4(address.ipv4.first)) return { kind: 'notPublic', answer: first };
  const dissenters = answers.filter(
    (answer) => answer.kind === 'text' && looksLikeAddress(answer.text) && spellingOf(answer.text) !== first,
  );
  return { kind: 'agreed', address, dissenters };
}

/** Returns one spelling for an address, because IPv6 has many. */
function spellingOf(text: string): string {
  const ipv6 = parseAddress(text)?.ipv6;
  return ipv6 ? formatIpv6(ipv6.first) : text.toLowerCase();
}

/** Whether text is an IPv4 address, or has only characters of an IPv6 address. */
const looksLikeAddress = (text: string): boolean =>
  parseIpv4(text) !== undefined || /^(?=.*:.*:)[\da-f:.]{2,45}$/i.test(text);
