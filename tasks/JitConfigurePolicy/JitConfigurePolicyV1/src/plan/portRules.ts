import { formatIsoDuration, parseDuration } from '../../../../shared/core/durations';
import { groupBy } from '../../../../shared/core/groupBy';
import { ANY, textsOf } from '../../../../shared/core/prefixes';
import type { PortRule, RuleProtocol } from '../../../../shared/core/policy';
import { parsePorts } from '../../../../shared/core/ports';
import { protocolsOf } from '../../../../shared/core/protocols';
import { sameSources } from '../../../../shared/core/requests';
import { parseSource } from '../../../../shared/core/sources';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * The maximum durations that a policy can set, in milliseconds: 5 minutes to 1 day (REST reference of
 * jitNetworkAccessPolicies).
 */
const SHORTEST_MS = 5 * MINUTE_MS;
export const LONGEST_MS = 24 * HOUR_MS;
/** The maximum duration of a rule that does not set one, in milliseconds. */
const DEFAULT_LONGEST_MS = 3 * HOUR_MS;

/** The problem of a line: its form, one of its parts, or a port that an earlier line names too. */
export type RuleProblem =
  'form' | 'port' | 'duration' | 'durationRange' | 'source' | 'everything' | 'twice' | 'removal';

export interface WrongRule {
  readonly text: string;
  readonly problem: RuleProblem;
}

/** A port that a rule can be about. */
export type RulePort = Pick<PortRule, 'port' | 'protocol'>;

/** The rules of an input, and every line that is wrong. */
export interface PortRules {
  readonly rules: readonly PortRule[];
  /** Ports to remove. */
  readonly removals: readonly RulePort[];
  readonly wrong: readonly WrongRule[];
}

/** Returns a rule as in the portal: any protocol, three hours, any source. */
export const defaultRule = (port: number): PortRule => ({
  port,
  protocol: '*',
  sources: [ANY],
  maxDurationMs: DEFAULT_LONGEST_MS,
});

/** The ports that Defender for Cloud recommends, also on its own page: SSH, RDP, and both ports of WinRM. */
const RECOMMENDED = ['22', '3389', '5985', '5986'] as const;

/**
 * Reads one rule per line, such as `22/tcp max 3h from 203.0.113.0/24,198.51.100.7`. `recommended` instead of a port
 * stands for each port that Defender recommends, and `-8080` for a port to remove. Empty lines do not count.
 */
export function parsePortRules(text: string): PortRules {
  const rules: PortRule[] = [];
  const removals: RulePort[] = [];
  const wrong: WrongRule[] = [];
  const take = <Read extends RulePort>(line: string, read: readonly (Read | RuleProblem)[], into: Read[]) => {
    const found = read.filter((one) => typeof one !== 'string');
    const taken = [...rules, ...removals];
    const isTaken = found.some((one) => taken.some((other) => overlaps(other, one)));
    const problem = read.find((one) => typeof one === 'string') ?? (isTaken ? 'twice' : undefined);
    if (problem === undefined) into.push(...found);
    else wrong.push({ text: line, problem });
  };
  for (const line of text.split('\n').map((part) => part.trim())) {
    if (line.startsWith('-')) take(line, [parseRemoval(line)], removals);
    else if (line !== '') take(line, expanded(line).map(parsePortRule), rules);
  }
  return { rules, removals, wrong };
}

/** Returns one line for each port that a line stands for. */
const expanded = (line: string): readonly string[] =>
  /^recommended(?![^\s/])/i.test(line) ? RECOMMENDED.map((port) => port + line.slice(11)) : [line];

/** Reads `-8080` or `-8080/tcp`: a removal has no other parts. */
function parseRemoval(line: string): RulePort | RuleProblem {
  const name = line.slice(1).trim();
  if (/\s/.test(name)) return 'removal';
  const rule = parsePortRule(name);
  return typeof rule === 'string' ? rule : { port: rule.port, protocol: rule.protocol };
}

/**
 * Reads one rule: a port or a name, then optionally its protocol, `max`, and `from`. Returns the problem if there is
 * one.
 */
export function parsePortRule(line: string): PortRule | RuleProblem {
  const form = /^([^\s/]+)(?:\/(tcp|udp|\*))?(?:\s+max\s+(\S+))?(?:\s+from\s+(\S.*))?$/i.exec(line.trim());
  if (!form) return 'form';
  const [, name = '', protocol = '*', longest = '3h', from = '*'] = form;
  const ports = parsePorts(name);
  if (ports.kind !== 'list' || ports.ports.length !== 1 || name.includes('-') !== /^winrm-/i.test(name)) {
    return 'port';
  }
  const maxDurationMs = parseDuration(longest);
  if (maxDurationMs === undefined) return 'duration';
  if (maxDurationMs < SHORTEST_MS || maxDurationMs > LONGEST_MS) return 'durationRange';
  const source = parseSource(from);
  if (source.kind === 'wrong' && source.parts.every(({ problem }) => problem === 'everything'))
    return 'everything';
  if (source.kind !== 'any' && source.kind !== 'list') return 'source';
  return {
    port: ports.ports[0] ?? 0,
    protocol: protocol.toUpperCase() as RuleProtocol,
    sources: source.kind === 'list' ? source.prefixes : [ANY],
    maxDurationMs,
  };
}

/** Formats a rule as in the input: `22/tcp max 3h from *`. `parsePortRule` reads the same rule from it. */
export const formatPortRule = (rule: PortRule): string =>
  `${portName(rule)} max ${formatLongest(rule.maxDurationMs)} from ${textsOf(rule.sources).join(',')}`;

/** Formats a port with its protocol: `22/tcp`, or `22` for every protocol. */
export const portName = ({ port, protocol }: RulePort): string =>
  `${String(port)}${protocol === '*' ? '' : `/${protocol.toLowerCase()}`}`;

/** Whether two rules are about the same port: TCP and UDP are different, and `*` is both. */
export const overlaps = (one: RulePort, other: RulePort): boolean =>
  one.port === other.port &&
  (one.protocol === other.protocol || one.protocol === '*' || other.protocol === '*');

/** Returns one entry for each protocol of each port. */
export const apart = (ports: readonly RulePort[]): readonly RulePort[] =>
  ports.flatMap(({ port, protocol }) => protocolsOf(protocol).map((one) => ({ port, protocol: one })));

/** Returns each port once, with the protocol `*` if the list has both of its protocols. */
export const together = (ports: readonly RulePort[]): readonly RulePort[] =>
  [...groupBy(apart(ports), ({ port }) => port).values()].flatMap(([first, ...others]) => {
    if (!first) return [];
    const isForBoth = others.some(({ protocol }) => protocol !== first.protocol);
    return [isForBoth ? { ...first, protocol: '*' } : first];
  });

/** Whether two rules allow the same, regardless of the spelling and order of the sources. */
export const sameRule = (one: PortRule, other: PortRule): boolean =>
  one.port === other.port &&
  one.protocol === other.protocol &&
  one.maxDurationMs === other.maxDurationMs &&
  sameSources(one.sources, other.sources);

function formatLongest(ms: number): string {
  if (ms % MINUTE_MS !== 0) return formatIsoDuration(ms);
  const [hours, minutes] = [Math.floor(ms / HOUR_MS), (ms % HOUR_MS) / MINUTE_MS];
  return `${hours > 0 ? `${String(hours)}h` : ''}${minutes > 0 ? `${String(minutes)}m` : ''}`;
}
