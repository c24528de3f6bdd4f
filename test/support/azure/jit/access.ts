import { formatServiceTime } from '../clock';
import type { Vm } from '../network/vms';
import type { Settings } from '../settings';
import { isActive, type Entry, type Grant, type Policy } from './policies';
import { targetsOf, writeAllowRules } from './rules';

/** One requested port that was already checked. */
export interface AccessBody {
  readonly vm: Vm;
  readonly number: number;
  readonly protocol: string;
  readonly sources: readonly string[];
  readonly endsAt: number;
  readonly endTimeUtc: string;
  readonly mappedPort?: number;
}

export interface Requestor {
  /** Empty for service principals. */
  readonly requestor: string;
  readonly justification?: string;
}

/** Carries out a request: supersedes older ones as configured in the settings, writes the rules, and adds the entry. */
export function open(
  policy: Policy,
  requested: readonly AccessBody[],
  requestor: Requestor,
  now: number,
  settings: Readonly<Settings>,
): Entry {
  for (const port of requested) replaceOlder(policy, port, now, settings);
  const entry: Entry = {
    // The service uses time stamps with 100 ns. Four digits make the time stamps of one millisecond differ.
    startTimeUtc: formatServiceTime(now, 1000 + ((policy.entries.length * 7) % 8999) + 1),
    requestor: requestor.requestor,
    ...(requestor.justification === undefined ? {} : { justification: requestor.justification }),
    grants: requested.map((port) => toGrant(policy, port, now, settings)),
  };
  policy.entries.splice(Math.floor(policy.entries.length / 2), 0, entry);
  return entry;
}

function toGrant(policy: Policy, port: AccessBody, now: number, settings: Readonly<Settings>): Grant {
  const { vm, number, protocol, sources, endsAt, endTimeUtc } = port;
  const targets = settings.ruleBlockedByLock ? [] : targetsOf(vm, settings);
  const from = now + settings.ruleDelayMs;
  const until = endsAt + settings.ruleRemovalMs;
  const opening = { vm, policyName: policy.name, port: number, protocol, sources, from, until };
  return {
    vmId: vm.id,
    number,
    sources,
    endTimeUtc,
    endsAt,
    initiatedAt: now + settings.initiatingMs,
    revokedAt: Infinity,
    endRulesAt: writeAllowRules(opening, from < until ? targets : []),
    ...(port.mappedPort === undefined ? {} : { mappedPort: port.mappedPort }),
  };
}

const sameSources = (a: readonly string[], b: readonly string[]): boolean =>
  [...a].sort().join() === [...b].sort().join();

/**
 * What a newer request does to older ones is unknown, so it is a setting: it supersedes those with the same key
 * immediately, or shortens those that have a later end, or does not change them.
 */
function replaceOlder(policy: Policy, port: AccessBody, now: number, settings: Readonly<Settings>): void {
  const older = policy.entries
    .flatMap(({ grants }) => grants)
    .filter((grant) => isActive(grant, now) && grant.vmId === port.vm.id && grant.number === port.number);
  for (const grant of older) {
    const isNearer = port.endsAt < grant.endsAt;
    if (isNearer && !settings.honoursEarlyEnd) continue;
    const isSame = sameSources(grant.sources, port.sources);
    if (settings.supersession === 'vm+port' || (settings.supersession === 'vm+port+source' && isSame)) {
      grant.revokedAt = now;
      grant.endRulesAt(now + settings.ruleRemovalMs);
    } else if (isNearer && isSame) {
      grant.endRulesAt(port.endsAt + settings.ruleRemovalMs);
    }
  }
}
