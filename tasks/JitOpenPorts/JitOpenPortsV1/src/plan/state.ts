import {
  isAny,
  isWide,
  parsePrefixes,
  rangesOf,
  toPrefixes,
  type Prefix,
} from '../../../../shared/core/prefixes';
import { subtract } from '../../../../shared/core/ranges';
import { parseResourceId, parseVmId, type VmId } from '../../../../shared/core/resourceIds';
import type { RuleProtocol, PolicyRef } from '../../../../shared/core/policy';
import { requestedProtocol } from '../../../../shared/core/protocols';
import type { OtherSources } from './sharing';
import { createPrefixCover, withoutCovered } from '../../../../shared/core/sources';
import type { Ledger } from './ledger';

/** The name of the task variable that passes what a step opened to its post-job step. */
export const STATE_VARIABLE = 'JIT_OPENED';

const VERSION = 1;

/** One port of one VM that this step requested, with everything that closing it needs. Nothing is calculated again. */
export interface NotedPort {
  readonly vm: VmId;
  readonly policy: PolicyRef;
  readonly port: number;
  /** What the request opens. Also `*` if the policy has the port for TCP and for UDP. */
  readonly protocol: RuleProtocol;
  /** As granted, or as requested while there is no response. Absent if Azure was to choose. */
  readonly sources: readonly Prefix[] | undefined;
  /** Milliseconds since 1970 on Azure's clock. */
  readonly endsAt: number;
  /** Absent while there is no response: then it is unknown whether the port is open. */
  readonly startedAt: string | undefined;
  /** What this step itself needs of a port that it shares. Absent if it shares none. */
  readonly own: readonly Prefix[] | undefined;
  readonly others: OtherSources | undefined;
  /**
   * A newer request superseded it during the wait: there is nothing to close, but it does not belong to another run.
   */
  readonly over?: true | undefined;
  /** A check after the grant found no rule for it yet. A rule that came later was therefore written for it. */
  readonly cameLater?: true | undefined;
}

/**
 * Returns the part of the sources that this step opened for itself, because it must not close those of other runs. What
 * Azure granted beyond the request also belongs to this step. Returns `undefined` if Azure was to choose.
 */
export function ownSources({ sources, own, others }: NotedPort): readonly Prefix[] | undefined {
  if (!sources || !others) return sources;
  const theirs = rangesOf(others.sources);
  const granted = (own ?? []).filter(createPrefixCover(sources));
  const isTheirs = createPrefixCover(others.sources);
  const rest = sources
    .filter((source) => !isTheirs(source))
    .flatMap((source) =>
      // A single address that is not theirs does not overlap with them.
      source.ipv4 && isWide(source) && !isAny(source)
        ? toPrefixes(subtract([source.ipv4], theirs))
        : [source],
    );
  return withoutCovered([...granted, ...rest]);
}

/** What a step opened, in all its attempts. */
export interface State {
  readonly connectionId: string;
  /**
   * The URLs that the service connection named, of Azure Resource Manager and of the sign-in. A later step can change
   * the connection. Absent if nothing was requested.
   */
  readonly hosts?: readonly string[] | undefined;
  /** Whether to close it after the job. */
  readonly close: boolean;
  readonly opened: readonly NotedPort[];
}

/** Why a saved state cannot be used: damaged, written by another version, or not written by this step. */
export type Unreadable = 'damaged' | 'another version' | 'foreign';

/** `none`: the step saved nothing. */
export type ReadState =
  | { readonly kind: 'none' }
  | { readonly kind: 'unreadable'; readonly reason: Unreadable }
  | { readonly kind: 'state'; readonly state: State };

/**
 * Reads the state from a note. A note that this step did not write is never trusted, even if it is valid.
 *
 * @param isOwn whether this same step wrote it
 */
export function readState(text: string, isOwn: boolean): ReadState {
  const read = parseState(text);
  return read.kind === 'state' && !isOwn ? { kind: 'unreadable', reason: 'foreign' } : read;
}

/** Whether a note, regardless of who wrote it, names nothing that the post-job step would close or warn about. */
export function hasNothingToClose(text: string): boolean {
  const read = parseState(text);
  return read.kind === 'none' || (read.kind === 'state' && isIdle(read.state));
}

/** Whether a state leaves nothing to do after the job. What a newer request superseded is over. */
export const isIdle = ({ close, opened }: State): boolean =>
  !close || opened.every(({ over }) => over !== undefined);

/**
 * Adds what this attempt opened, according to its ledger, to what earlier attempts opened. Reused requests are left
 * out, because another attempt or run made them.
 */
export function toOpened(earlier: readonly NotedPort[], ledger: Ledger): readonly NotedPort[] {
  const granted = [...new Set([...ledger.open, ...ledger.made])]
    .filter(({ reused }) => !reused)
    .map((access) => ({
      ...access,
      over: ledger.open.includes(access) ? undefined : (true as const),
      cameLater: ledger.isWithoutRule(access) ? (true as const) : undefined,
    }))
    .map(({ vm, policy, port, sources, endsAt, startedAt, ...access }): NotedPort => ({
      vm,
      policy: toRef(policy),
      port,
      protocol: requestedProtocol(policy, vm, port),
      sources,
      endsAt,
      startedAt,
      own: access.others && access.wantedSources,
      others: access.others,
      over: access.over,
      cameLater: access.cameLater,
    }));
  const requesting = ledger.perhaps.map(({ policy, requested, planned }): NotedPort => ({
    vm: requested.vm,
    policy: toRef(policy),
    port: requested.port,
    protocol: requestedProtocol(policy, requested.vm, requested.port),
    sources: requested.sources,
    endsAt: requested.endsAt,
    startedAt: undefined,
    own: planned.others && planned.own,
    others: planned.others,
  }));
  return [...earlier, ...granted, ...requesting];
}

const toRef = ({ id, name, subscriptionId, resourceGroup, location }: PolicyRef): PolicyRef => ({
  id,
  name,
  subscriptionId,
  resourceGroup,
  location,
});

export function formatState({ connectionId, hosts, close, opened }: State): string {
  // In JSON, a prefix is its text.
  const entries = opened.map(({ vm, policy, ...rest }) => ({ ...rest, vm: vm.id, policy: policy.id }));
  const text = JSON.stringify({ version: VERSION, connectionId, hosts, close, opened: entries });
  // The name of a policy can contain the beginning of an agent command, and the state is written to a line of the log.
  return text.replaceAll('#', '\\u0023');
}

/** Reads what `formatState` wrote. Anything else is unreadable: nothing is guessed. */
export function parseState(text: string): ReadState {
  if (text === '') return { kind: 'none' };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'unreadable', reason: 'damaged' };
  }
  if (!isRecord(value)) return { kind: 'unreadable', reason: 'damaged' };
  if (value['version'] !== VERSION) return { kind: 'unreadable', reason: 'another version' };
  const { connectionId, hosts, close, opened } = value;
  if (typeof connectionId !== 'string' || typeof close !== 'boolean' || !Array.isArray(opened)) {
    return { kind: 'unreadable', reason: 'damaged' };
  }
  if (hosts !== undefined && !isTexts(hosts)) return { kind: 'unreadable', reason: 'damaged' };
  const entries = opened.map(parseOpened);
  const read = entries.filter((entry) => entry !== undefined);
  if (read.length !== entries.length) return { kind: 'unreadable', reason: 'damaged' };
  return { kind: 'state', state: { connectionId, ...(hosts && { hosts }), close, opened: read } };
}

function parseOpened(value: unknown): NotedPort | undefined {
  if (!isRecord(value)) return undefined;
  const { port, endsAt, startedAt, protocol, over, cameLater } = value;
  const sources = readSources(value['sources']);
  const own = readSources(value['own']);
  const others = readOthers(value['others']);
  const vm = typeof value['vm'] === 'string' ? parseVmId(value['vm']) : undefined;
  const policy = typeof value['policy'] === 'string' ? parsePolicyRef(value['policy']) : undefined;
  if (!vm || !policy || !isPort(port) || !isMoment(endsAt)) return undefined;
  if (protocol !== 'TCP' && protocol !== 'UDP' && protocol !== '*') return undefined;
  if (sources === 'wrong' || own === 'wrong' || others === 'wrong') return undefined;
  if (startedAt !== undefined && typeof startedAt !== 'string') return undefined;
  if (!isMark(over) || !isMark(cameLater)) return undefined;
  return {
    ...{ vm, policy, port, protocol, sources, endsAt, startedAt, own, others },
    ...{ ...(over && { over }), ...(cameLater && { cameLater }) },
  };
}

function parsePolicyRef(id: string): PolicyRef | undefined {
  const parsed = parseResourceId(id);
  const location = parsed?.names[0];
  if (!parsed || location === undefined || parsed.names.length !== 2) return undefined;
  const { name, subscriptionId, resourceGroup } = parsed;
  return { id, name, subscriptionId, resourceGroup, location };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isMark = (value: unknown): value is true | undefined => value === undefined || value === true;

const isPort = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) > 0 && Number(value) < 65_536;

/** Whether a value is a number of milliseconds since 1970 that a `Date` can hold. */
const isMoment = (value: unknown): value is number =>
  typeof value === 'number' && !Number.isNaN(new Date(value).getTime());

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

const readSources = (value: unknown): readonly Prefix[] | 'wrong' | undefined =>
  value === undefined ? undefined : isTexts(value) ? parsePrefixes(value) : 'wrong';

function readOthers(value: unknown): OtherSources | 'wrong' | undefined {
  if (value === undefined) return undefined;
  const { sources, endsAt } = isRecord(value) ? value : {};
  return isTexts(sources) && isMoment(endsAt) ? { sources: parsePrefixes(sources), endsAt } : 'wrong';
}
