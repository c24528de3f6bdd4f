import { formatIsoDuration, parseDuration } from './durations';
import type { PortRule, RuleProtocol } from './policy';
import { parsePorts } from './ports';
import { sameSources } from './requests';
import { parseSource } from './sources';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** What a policy may allow: 5 minutes to 1 day (REST reference of jitNetworkAccessPolicies). Milliseconds. */
export const SHORTEST_MS = 5 * MINUTE_MS;
export const LONGEST_MS = 24 * HOUR_MS;
/** What a rule allows that does not say. */
export const DEFAULT_LONGEST_MS = 3 * HOUR_MS;

/** What is wrong with a line: its form, one of its parts, or that it speaks of the port of an earlier line. */
export type RuleProblem = 'form' | 'port' | 'duration' | 'durationRange' | 'source' | 'twice';

export interface WrongRule {
  readonly text: string;
  readonly problem: RuleProblem;
}

/** The rules of an input, or every line that is wrong. */
export interface PortRules {
  readonly rules: readonly PortRule[];
  readonly wrong: readonly WrongRule[];
}

/** A rule as people expect it from the portal: any protocol, three hours, any source. */
export const defaultRule = (port: number): PortRule => ({
  port,
  protocol: '*',
  sources: ['*'],
  maxDurationMs: DEFAULT_LONGEST_MS,
});

/** Reads one rule a line, as `22/tcp max 3h from 203.0.113.0/24,198.51.100.7`; empty lines do not count. */
export function parsePortRules(text: string): PortRules {
  const rules: PortRule[] = [];
  const wrong: WrongRule[] = [];
  for (const line of text.split('\n').map((part) => part.trim())) {
    if (line === '') continue;
    const rule = parsePortRule(line);
    if (typeof rule === 'string') wrong.push({ text: line, problem: rule });
    else if (rules.some((other) => overlaps(other, rule))) wrong.push({ text: line, problem: 'twice' });
    else rules.push(rule);
  }
  return { rules, wrong };
}

/** Reads one rule: a port or a name, then its protocol, `max` and `from`, each of which may be left out. */
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
  if (source.kind !== 'any' && source.kind !== 'list') return 'source';
  return {
    port: ports.ports[0] ?? 0,
    protocol: protocol.toUpperCase() as RuleProtocol,
    sources: source.kind === 'list' ? source.prefixes : ['*'],
    maxDurationMs,
  };
}

/** A rule as one writes it: `22/tcp max 3h from *`. What `parsePortRule` reads is the same rule again. */
export const formatPortRule = (rule: PortRule): string =>
  `${portName(rule)} max ${formatLongest(rule.maxDurationMs)} from ${rule.sources.join(',')}`;

/** The port with its protocol: `22/tcp`, or `22` for every protocol. */
export const portName = ({ port, protocol }: Pick<PortRule, 'port' | 'protocol'>): string =>
  `${String(port)}${protocol === '*' ? '' : `/${protocol.toLowerCase()}`}`;

/** Whether two rules speak of the same port: TCP and UDP are two, `*` is both. */
export const overlaps = (
  one: Pick<PortRule, 'port' | 'protocol'>,
  other: Pick<PortRule, 'port' | 'protocol'>,
): boolean =>
  one.port === other.port &&
  (one.protocol === other.protocol || one.protocol === '*' || other.protocol === '*');

/** Whether two rules allow the same, in whatever spelling or order of the sources. */
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
