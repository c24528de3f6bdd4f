import type { RuleFields, VmNetwork } from '../network';
import { parsePrefix, type Prefix } from '../prefixes';
import { covers, intersect, subtract, union, type Countable, type Range } from '../ranges';
import { sameId } from '../resourceIds';
import type { Family } from './family';
import { toGroupMatch, toSourceMatch, toVnetMatch, type Match } from './tags';

export type { Match } from './tags';
import type { Flow } from './verdict';

/** Whether something applies. `maybe`: it cannot be resolved here. */
type Answer = 'yes' | 'maybe' | 'no';

/** Returns the answer for a list of alternatives. Azure never writes an empty list, so nothing is known about one. */
function anyOf(answers: readonly Answer[]): Answer {
  if (answers.includes('yes')) return 'yes';
  return answers.includes('maybe') || answers.length === 0 ? 'maybe' : 'no';
}

/** Reads `*`, `22`, or `1024-65535`. */
function parsePortRange(text: string): Range | undefined {
  if (text === '*') return { first: 0, last: 65535 };
  const [, first, last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [];
  return Number(first) <= Number(last) ? { first: Number(first), last: Number(last) } : undefined;
}

function toPortAnswer(text: string, port: number): Answer {
  const range = parsePortRange(text);
  if (!range) return 'maybe';
  return range.first <= port && port <= range.last ? 'yes' : 'no';
}

/** The protocols of rules that have no ports. https://learn.microsoft.com/rest/api/virtualnetwork/security-rules/get */
const PORTLESS = ['icmp', 'icmpv6', 'esp', 'ah'];

function toProtocolAnswer(protocol: string, wanted: Flow['protocol']): Answer {
  const text = protocol.toLowerCase();
  if (text === '*' || text === wanted.toLowerCase()) return 'yes';
  return ['tcp', 'udp', ...PORTLESS].includes(text) ? 'no' : 'maybe';
}

/** The source ports that a client can use. */
const CLIENT_PORTS: readonly Range[] = [{ first: 1, last: 65535 }];

/**
 * Returns whether a rule applies to the source port of the client. A client uses any source port, so a rule for some of
 * them might or might not apply. It applies if the client chooses a matching port.
 */
function toSourcePortAnswer(ports: readonly string[], isChosen: boolean): Answer {
  const some = union(ports.map(parsePortRange).filter((range) => range !== undefined));
  const applies = isChosen ? intersect(some, CLIENT_PORTS).length > 0 : covers(some, CLIENT_PORTS);
  return applies ? 'yes' : 'maybe';
}

/**
 * Returns whether a destination is the VM. Inbound rules see the private address, because a public one is translated
 * before (Microsoft Learn, "How network security groups filter network traffic"). The VM is always in its own VNet, and
 * therefore never part of Internet or of Azure's load balancer.
 */
function toDestinationAnswer<N extends Countable>(
  family: Family<N>,
  prefix: Prefix,
  address: Range<N> | undefined,
): Answer {
  const range = family.rangeOf(prefix);
  if (range) {
    if (address !== undefined) return covers([range], [address]) ? 'yes' : 'no';
    return covers([range], family.all) ? 'yes' : 'maybe';
  }
  if (['any', 'virtualnetwork'].includes(prefix.key)) return 'yes';
  return ['internet', 'azureloadbalancer'].includes(prefix.key) || family.isOther(prefix) ? 'no' : 'maybe';
}

function toDestinationAnswers<N extends Countable>(
  family: Family<N>,
  rule: RuleFields,
  network: VmNetwork,
): readonly Answer[] {
  const address = family.rangeOf(network.privateIpAddress);
  const isMember = (id: string) => network.applicationGroupIds.some((own) => sameId(own, id));
  return [
    ...rule.destinations.map((prefix) => toDestinationAnswer(family, prefix, address)),
    ...rule.destinationGroupIds.map((id): Answer => (isMember(id) ? 'yes' : 'no')),
  ];
}

/** Stands for the unknown sources of a rule that names none. */
const NOBODY_KNOWN = parsePrefix('');

function toSourceMatches<N extends Countable>(
  family: Family<N>,
  rule: RuleFields,
  network: VmNetwork,
): Match<N> {
  const vnet = toVnetMatch(family, network.vnet);
  const matches = [
    ...rule.sources.map((prefix) => toSourceMatch(family, prefix, vnet)),
    ...rule.sourceGroupIds.map(() => toGroupMatch(family, vnet)),
  ];
  if (matches.length === 0) return toSourceMatch(family, NOBODY_KNOWN, vnet);
  const certain = union(...matches.map((match) => match.certain));
  return { certain, possible: subtract(union(...matches.map((match) => match.possible)), certain) };
}

/**
 * Returns the part of the sources that an inbound rule certainly or possibly applies to, for this VM, port, and
 * protocol.
 *
 * @param sourcePort `chosen`: the client chooses its source port so that a rule for some source ports applies
 */
export function matchRule<N extends Countable>(
  family: Family<N>,
  rule: RuleFields,
  network: VmNetwork,
  flow: Pick<Flow, 'port' | 'protocol'>,
  sources: readonly Range<N>[],
  sourcePort: 'any' | 'chosen' = 'any',
): Match<N> {
  let isSure = rule.senseless === undefined;
  for (const answer of toAnswers(family, rule, network, flow, sourcePort)) {
    if (answer === 'no') return { certain: [], possible: [] };
    if (answer === 'maybe') isSure = false;
  }
  const match = toSourceMatches(family, rule, network);
  const certain = intersect(sources, match.certain);
  const possible = intersect(sources, match.possible);
  return isSure ? { certain, possible } : { certain: [], possible: union(certain, possible) };
}

/**
 * Yields whether a rule applies, one answer for each field except the sources. The first `no` makes the rest
 * unnecessary.
 */
function* toAnswers<N extends Countable>(
  family: Family<N>,
  rule: RuleFields,
  network: VmNetwork,
  flow: Pick<Flow, 'port' | 'protocol'>,
  sourcePort: 'any' | 'chosen',
): Generator<Answer> {
  yield toProtocolAnswer(rule.protocol, flow.protocol);
  yield anyOf(rule.destinationPorts.map((text) => toPortAnswer(text, flow.port)));
  yield anyOf(toDestinationAnswers(family, rule, network));
  yield toSourcePortAnswer(rule.sourcePorts, sourcePort === 'chosen');
}
