import { formatServiceTime } from '../clock';
import { resourceId, type Place } from '../network/topology';
import type { Vm } from '../network/vms';
import type { PastRequest } from './requests';

/** What a policy allows for one port of one VM. */
export interface PortRule {
  readonly number: number;
  readonly protocol: string;
  /** As they were written: one text or a list, never both. */
  readonly sources: string | readonly string[];
  /** ISO 8601. */
  readonly maxRequestAccessDuration: string;
}

export interface PolicyVm {
  readonly vm: Vm;
  readonly publicIpAddress?: string;
  readonly ports: readonly PortRule[];
}

/** One port in a request, with its outcome. All times are in milliseconds since 1970 on Azure's clock. */
export interface Grant {
  readonly vmId: string;
  readonly number: number;
  readonly sources: readonly string[];
  readonly endTimeUtc: string;
  readonly endsAt: number;
  readonly initiatedAt: number;
  readonly mappedPort?: number;
  /** Set when a newer request superseded this one. */
  revokedAt: number;
  /** Ends the grant's rules, including those that are not written yet. */
  readonly endRulesAt: (at: number) => void;
  /** The status of a very old entry, whatever the clock says. */
  readonly frozen?: { readonly status: string; readonly statusReason: string };
}

export interface Entry {
  readonly startTimeUtc: string;
  readonly requestor: string;
  readonly justification?: string;
  readonly grants: readonly Grant[];
}

/** A just-in-time policy as the simulation keeps it. */
export interface Policy extends Place {
  readonly id: string;
  readonly name: string;
  vms: readonly PolicyVm[];
  updatingUntil: number;
  /** The state after `Updating`. */
  endState: 'Succeeded' | 'Failed';
  /** Whether a write adds to its list of VMs. */
  appendMode: boolean;
  /** In no chronological order. */
  readonly entries: Entry[];
}

export const POLICY_TYPE = 'Microsoft.Security/locations/jitNetworkAccessPolicies';

export function policyId(place: Place, name: string): string {
  return resourceId(place, `Microsoft.Security/locations/${place.location}/jitNetworkAccessPolicies`, name);
}

export const isActive = (grant: Grant, now: number): boolean =>
  !grant.frozen && grant.revokedAt > now && grant.endsAt > now;

/** Returns the status that the service would show now. It is computed, so that no timer is needed. */
function statusOf(grant: Grant, now: number): { readonly status: string; readonly statusReason: string } {
  if (grant.frozen) return grant.frozen;
  if (grant.revokedAt <= Math.min(now, grant.endsAt)) {
    return { status: 'Revoked', statusReason: 'NewerRequestInitiated' };
  }
  if (grant.endsAt <= now) return { status: 'Revoked', statusReason: 'Expired' };
  return { status: grant.initiatedAt <= now ? 'Initiated' : 'Initiating', statusReason: 'UserRequested' };
}

/** The case of IDs and statuses in responses, because the service does not preserve it. */
export interface Spelling {
  (id: string): string;
  readonly word: (text: string) => string;
}

function statusToJson(grant: Grant, now: number, { word }: Spelling): object {
  const { status, statusReason } = statusOf(grant, now);
  return { status: word(status), statusReason: word(statusReason) };
}

/** Returns one text or a list in the service's fields. */
export const sourceFields = (sources: string | readonly string[]): object =>
  typeof sources === 'string'
    ? { allowedSourceAddressPrefix: sources }
    : { allowedSourceAddressPrefixes: sources };

/** Converts an entry to the JSON of a request, which is also the body of its 202. */
export function entryToJson(entry: Entry, now: number, spell: Spelling): object {
  const ids = [...new Set(entry.grants.map(({ vmId }) => vmId))];
  const portsOf = (id: string): object[] =>
    entry.grants
      .filter(({ vmId }) => vmId === id)
      .map((grant) => ({
        number: grant.number,
        ...sourceFields(grant.sources.length === 1 ? (grant.sources[0] ?? '*') : grant.sources),
        endTimeUtc: grant.endTimeUtc,
        ...statusToJson(grant, now, spell),
        ...(grant.mappedPort === undefined ? {} : { mappedPort: grant.mappedPort }),
      }));
  return {
    virtualMachines: ids.map((id) => ({ id: spell(id), ports: portsOf(id) })),
    startTimeUtc: entry.startTimeUtc,
    requestor: entry.requestor,
    ...(entry.justification === undefined ? {} : { justification: entry.justification }),
  };
}

export function policyToJson(policy: Policy, now: number, spell: Spelling): object {
  return {
    kind: 'Basic',
    properties: {
      virtualMachines: policy.vms.map(({ vm, ports, publicIpAddress }) => ({
        id: spell(vm.id),
        ports: ports.map(({ sources, ...port }) => ({ ...port, ...sourceFields(sources) })),
        ...(publicIpAddress === undefined ? {} : { publicIpAddress }),
      })),
      requests: policy.entries.map((entry) => entryToJson(entry, now, spell)),
      provisioningState: policy.updatingUntil > now ? 'Updating' : policy.endState,
      appendMode: policy.appendMode,
    },
    id: spell(policy.id),
    name: policy.name,
    type: POLICY_TYPE,
    location: policy.location,
  };
}

/** Creates a request that was made at this time, in milliseconds since 1970. */
export function pastEntry(
  {
    vm,
    port,
    sources,
    durationMs,
    superseded = false,
    requestor = 'ben@contoso.com',
    justification,
  }: PastRequest,
  startedAt: number,
): Entry {
  const endsAt = startedAt + durationMs;
  const grant = {
    vmId: vm.id,
    number: port,
    sources,
    endsAt,
    endTimeUtc: formatServiceTime(endsAt, 3370),
    initiatedAt: startedAt,
    revokedAt: superseded ? startedAt + durationMs / 2 : Infinity,
    endRulesAt: () => undefined,
  };
  return {
    startTimeUtc: formatServiceTime(startedAt, 3741),
    requestor,
    ...(justification !== undefined && { justification }),
    grants: [grant],
  };
}

const DAY_MS = 86_400_000;

/** Creates the old entries that a real policy has, some of which are never removed. */
export function oldEntries({ vm, ports }: PolicyVm, now: number): Entry[] {
  const number = ports[0]?.number ?? 22;
  const entry = (daysAgo: number, requestor: string, status: string, statusReason: string): Entry => {
    const request = { vm, port: number, sources: ['167.220.196.64'], durationMs: 3 * 3_600_000, requestor };
    const made = pastEntry({ ...request, agoMs: daysAgo * DAY_MS }, now - daysAgo * DAY_MS);
    return { ...made, grants: made.grants.map((grant) => ({ ...grant, frozen: { status, statusReason } })) };
  };
  return [
    entry(9, 'ana@contoso.com', 'Revoked', 'Expired'),
    entry(23, '', 'Initiated', 'UserRequested'),
    entry(16, 'ana@contoso.com', 'Revoked', 'NewerRequestInitiated'),
  ];
}
