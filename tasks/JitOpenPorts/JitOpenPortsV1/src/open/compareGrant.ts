import type { AccessRequest, Policy, RequestedPort } from '../../../../shared/core/policy';
import { isIpv4, isWide, type Prefix } from '../../../../shared/core/prefixes';
import { isSameEnd, sameSources } from '../../../../shared/core/requests';
import type { VmId } from '../../../../shared/core/resourceIds';
import * as say from '../messages/requesting';
import type { Access } from '../plan/access';
import type { PlannedPort } from '../plan/plannedPort';
import type { InitiatePort } from '../plan/requestBody';

/** A port to request, with the VM as it was wanted: Azure has its own spelling of the ID. */
export interface PortToRequest {
  readonly wanted: VmId;
  readonly planned: PlannedPort;
  readonly requested: InitiatePort;
}

/** A granted port: as requested, as granted, and its sources as Azure wrote them. */
export interface Granted {
  readonly port: InitiatePort;
  readonly access: Access;
  readonly sources: readonly Prefix[];
}

/** What Azure granted, compared with what was requested. */
export interface Comparison {
  /** The requested ports that the response names. */
  readonly found: readonly Granted[];
  /** What is granted beyond them. It is open because of this step, which also has to close it. */
  readonly more: readonly Access[];
}

/**
 * Compares a response with its request. If the response names a requested port more than once, the entry that is as
 * requested counts, or otherwise the first one, and the others are granted beyond the request.
 */
export function compareGrant(
  policy: Policy,
  ports: readonly PortToRequest[],
  granted: AccessRequest,
): Comparison {
  const used = new Set<RequestedPort>();
  const found = ports.flatMap((port): readonly Granted[] => {
    const { requested } = port;
    const named = granted.ports.filter(
      (one) => one.port === requested.port && one.vm.key === requested.vm.key,
    );
    const entry = named.find((one) => isAsRequested(requested, one)) ?? named[0];
    if (!entry) return [];
    used.add(entry);
    return [{ port: requested, access: toAccess(policy, port, entry, granted), sources: entry.sources }];
  });
  const others = granted.ports.filter((one) => !used.has(one));
  return { found, more: others.map((one) => toUnrequested(policy, one, granted)) };
}

const isAsRequested = ({ sources, endsAt }: InitiatePort, granted: RequestedPort): boolean =>
  isSameEnd(endsAt, granted.endsAt) && (sources === undefined || sameSources(sources, granted.sources));

function toAccess(
  policy: Policy,
  { wanted, planned, requested }: PortToRequest,
  found: RequestedPort,
  { startedAt }: AccessRequest,
): Access {
  const vm = policy.vms.find((entry) => entry.vm.key === requested.vm.key && entry.publicIpAddress);
  return {
    vm: wanted,
    policy,
    port: requested.port,
    protocol: planned.rule.protocol,
    wantedSources: planned.own ?? found.sources.filter(isIpv4),
    wantedUntil: planned.ownEndsAt,
    sources: found.sources.filter(isIpv4),
    endsAt: found.endsAt,
    status: found.status,
    startedAt,
    reused: false,
    others: planned.others,
    ...toFirewall(vm?.publicIpAddress, found.mappedPort),
  };
}

function toUnrequested(
  policy: Policy,
  { vm, port, endsAt, status, ...one }: RequestedPort,
  { startedAt }: AccessRequest,
): Access {
  const sources = one.sources.filter(isIpv4);
  return {
    ...{ vm, policy, port, protocol: '*', sources, endsAt, status, startedAt, reused: false },
    ...{ wantedSources: sources, wantedUntil: endsAt, others: undefined },
  };
}

/** Returns how a grant differs from its request, with a sentence for each difference. */
export function differencesOf({ port: requested, access, sources }: Granted): readonly Difference[] {
  const { vm } = access;
  const differences: Difference[] = [];
  const isStrange = !sources.every(isIpv4);
  // The address that Azure sees is a single one.
  const isOther = requested.sources ? !sameSources(requested.sources, sources) : sources.some(isWide);
  if (isStrange || isOther)
    differences.push({ vm, text: say.otherSources(access, requested.sources, sources) });
  if (!isSameEnd(requested.endsAt, access.endsAt))
    differences.push({ vm, text: say.otherEnd(access, requested.endsAt) });
  return differences;
}

interface Difference {
  readonly vm: VmId;
  readonly text: string;
}

/** Returns where to connect if the policy names a firewall for the VM, and the request a port of it. */
export const toFirewall = (host: string | undefined, port: number | undefined) =>
  host !== undefined && port !== undefined ? { firewall: { host, port } } : {};
