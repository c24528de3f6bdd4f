import { formatIsoDuration } from '../../../../shared/core/durations';
import { groupBy } from '../../../../shared/core/groupBy';
import { mayConcern, oddEntriesOf } from '../../../../shared/core/oddEntries';
import type { PortRule, RequestedPort } from '../../../../shared/core/policy';
import { textsOf } from '../../../../shared/core/prefixes';
import { requestedProtocol } from '../../../../shared/core/protocols';
import { isActive } from '../../../../shared/core/requests';
import { toGroupId } from '../../../../shared/core/resourceIds';
import { inScopes, type Scope } from '../../../../shared/core/scopes';
import type { ListedVm } from '../../../../shared/core/resources';
import { requestorOf, joinCalls, toCallRows, toRows, whyOf, type AuditContext, type Joined } from './audit';
import { placesOf, type Catalogue } from './catalogue';
import { withRealEnds } from './closings';
import { coverOf, MANAGEMENT_PORTS } from './cover';
import type { Period, Gathered } from './gathered';
import {
  SCHEMA_VERSION,
  type AuditedRequest,
  type ConfiguredPort,
  type Counts,
  type Cover,
  type Gap,
  type ActiveRequest,
  type Report,
  type VmReport,
} from '../../../../shared/view/report';
import { joinVersions } from './joinVersions';
import { evaluatePorts, rulesFor, type VmPorts } from './open';

/** What a report covers. */
export interface About extends AuditContext {
  readonly scopes: readonly Scope[];
  readonly period: Period & { readonly days: number };
  readonly gaps: readonly Gap[];
  /** Ports to check in addition to the default ones. */
  readonly addedPorts: readonly number[];
}

/**
 * Creates the report from the gathered data. Awaits `breathe` regularly, so that thousands of VMs do not delay a
 * cancellation.
 */
export async function assemble(
  gathered: Gathered,
  about: About,
  breathe: () => Promise<void>,
): Promise<Report> {
  const { scopes, period, azureNow } = about;
  const policies = gathered.policies.flatMap((listed) => ('policy' in listed ? [listed.policy] : []));
  const { joined, rest } = joinCalls(policies, gathered.calls);
  const inScope = (vmId: string) => inScopes(scopes, vmId);
  const vmOf = new Map(gathered.vms.map((vm) => [vm.vm.key, vm]));
  const active = joined.flatMap((one) =>
    one.request.ports
      .filter((port) => isActive(port, azureNow) && inScope(port.vm.id))
      .map((port) => ({ port, request: toActive(one, port, vmOf, gathered.catalogue, about) })),
  );
  const requests = withRealEnds([
    ...joined.flatMap((one) => toRows(one, about)),
    ...rest.flatMap((call) => toCallRows(call, about)),
  ])
    // Filtered last: a request in the period can show the end of one that began before.
    .filter(({ time }) => Date.parse(time) >= period.from)
    .filter((row) => (row.vmId === null ? inScope(row.policyId) : inScope(row.vmId)))
    .toSorted((a, b) => Date.parse(b.time) - Date.parse(a.time));

  const listing = groupBy(
    gathered.policies.flatMap((listed) => listed.vmKeys.map((vmKey) => ({ vmKey, listed }))),
    ({ vmKey }) => vmKey,
  );
  const uses = groupBy(
    requests.filter(({ vmId, result }) => vmId !== null && result === 'granted'),
    ({ vmId }) => vmId?.toLowerCase() ?? '',
  );
  const oddRequests = oddEntriesOf(policies).flatMap(({ entry }) =>
    entry.part === 'request' ? [entry] : [],
  );
  const activeOf = groupBy(active, ({ port }) => port.vm.key);
  const vms: VmReport[] = [];
  const open: VmPorts[] = [];
  for (const vm of gathered.vms.toSorted(byName)) {
    const { key } = vm.vm;
    const own = (listing.get(key) ?? []).map(({ listed }) => listed);
    const rules = own
      .flatMap((one) => ('policy' in one ? one.policy.vms : []))
      .filter((one) => one.vm.key === key);
    const ports = rules.flatMap((one) => one.ports);
    const mayHold = oddRequests.some((entry) => mayConcern(entry, [vm.vm], 'all', azureNow));
    const known = policiesRead(vm, gathered) && own.every((one) => 'policy' in one) && !mayHold;
    const granted = known ? (activeOf.get(key) ?? []).map(({ port }) => port) : undefined;
    const checked = evaluatePorts(vm, gathered.catalogue, ports, granted, about.addedPorts);
    open.push(checked);
    vms.push({
      ...describe(vm, gathered, own.length > 0, ports, uses.get(key) ?? []),
      exposure: checked.exposure,
      policyIds: own.map(({ id }) => id),
    });
    if (vms.length % 100 === 0) await breathe();
  }
  const standingPorts = open.flatMap(({ permanent }) => permanent);
  const mayBeOpenPorts = open.flatMap(({ mayBeOpen }) => mayBeOpen);
  const internetPorts = open.flatMap(({ toInternet }) => toInternet);
  const isLogRead = !about.gaps.some(({ part }) => part === 'activityLog');
  const liveRequests = active.map(({ request }) => request);
  const found = { vms, liveRequests, standingPorts, mayBeOpenPorts, internetPorts, requests };
  return {
    schemaVersion: SCHEMA_VERSION,
    generatedAt: new Date(azureNow).toISOString(),
    scopes: scopes.map(({ id }) => id),
    period: {
      from: new Date(period.from).toISOString(),
      to: new Date(period.to).toISOString(),
      days: period.days,
    },
    lookedAt: {
      ports: [...new Set([...MANAGEMENT_PORTS, ...about.addedPorts])],
      ipVersions: ['IPv4', 'IPv6'],
    },
    counts: count(found, isLogRead),
    gaps: about.gaps,
    ...found,
  };
}

const byName = (a: ListedVm, b: ListedVm): number => (orderOf(a) < orderOf(b) ? -1 : 1);
const orderOf = ({ vm }: ListedVm): string => `${vm.name.toLowerCase()} ${vm.key}`;

/** Whether the policies of the VM's resource group were read. */
const policiesRead = ({ vm }: ListedVm, { unreadGroups }: Gathered): boolean =>
  !unreadGroups.has(toGroupId(vm.subscriptionId, vm.resourceGroup).toLowerCase());

/** Returns everything about a VM except its policies and its exposure. */
function describe(
  found: ListedVm,
  gathered: Gathered,
  listed: boolean,
  rules: readonly PortRule[],
  uses: readonly AuditedRequest[],
): Omit<VmReport, 'policyIds' | 'exposure'> {
  const { vm, location } = found;
  const known = { listed, policiesRead: policiesRead(found, gathered) };
  const cover = coverOf(found, known, gathered.catalogue);
  const defender = gathered.assessments.get(vm.key) ?? null;
  return {
    ...{
      id: vm.id,
      name: vm.name,
      subscriptionId: vm.subscriptionId,
      resourceGroup: vm.resourceGroup,
      location,
    },
    ...cover,
    recommended: cover.reason === 'reachable',
    ports: rules.map(toConfiguredPort),
    defender,
    disagreement: defender !== null && disagree(defender.status, cover),
    requests: uses.length,
    lastUse: uses[0]?.time ?? null,
    lastUser: uses[0]?.who ?? null,
  };
}

/** Whether Defender wants just-in-time access and this report sees no need for it, or the other way round. */
function disagree(status: string, { state, reason }: Cover): boolean {
  if (/^unhealthy$/i.test(status)) return state !== 'unknown' && reason !== 'reachable';
  return /^(healthy|notapplicable)$/i.test(status) && reason === 'reachable';
}

const toConfiguredPort = ({ port, protocol, sources, maxDurationMs }: PortRule): ConfiguredPort => ({
  ...{ port, protocol, sources: textsOf(sources), maxDuration: formatIsoDuration(maxDurationMs) },
});

/** Converts an active port of a request. */
function toActive(
  joined: Joined,
  port: RequestedPort,
  vms: ReadonlyMap<string, ListedVm>,
  catalogue: Catalogue,
  context: AuditContext,
): ActiveRequest {
  const { policy, request } = joined;
  const listed = vms.get(port.vm.key);
  const places = listed && placesOf(listed, catalogue);
  return {
    ...{ vmId: port.vm.id, vmName: port.vm.name, port: port.port, sources: textsOf(port.sources) },
    ...{ startedAt: request.startedAt, endsAt: new Date(port.endsAt).toISOString(), status: port.status },
    ...rulesFor(places, port, requestedProtocol(policy, port.vm, port.port)),
    ...requestorOf(joined),
    ...whyOf(joined, context),
    policyId: policy.id,
  };
}

type Counted = Pick<
  Report,
  'vms' | 'liveRequests' | 'standingPorts' | 'mayBeOpenPorts' | 'internetPorts' | 'requests'
>;

/** Returns the number of ports of VMs in a list. A port counts once, even if both versions of IP are listed. */
const countPorts = (list: readonly Pick<ActiveRequest, 'vmId' | 'vmName' | 'port'>[]): number =>
  joinVersions(list).length;

function count(
  { vms, liveRequests, standingPorts, mayBeOpenPorts, internetPorts, requests }: Counted,
  isLogRead: boolean,
): Counts {
  const inState = (state: VmReport['state']) => vms.filter((vm) => vm.state === state).length;
  const refused = requests.filter(({ result }) => result === 'refused').length;
  const held = liveRequests.filter(({ rules }) => rules !== 'closed');
  return {
    vms: vms.length,
    configured: inState('configured'),
    notConfigured: inState('notConfigured'),
    recommended: vms.filter(({ recommended }) => recommended).length,
    unsupported: inState('unsupported'),
    unknown: inState('unknown'),
    liveRequests: liveRequests.length,
    standingPorts: countPorts(standingPorts),
    openPorts: countPorts([...held, ...standingPorts]),
    mayBeOpen: countPorts(mayBeOpenPorts),
    openToInternet: countPorts(internetPorts),
    requests: requests.length,
    // Only the Activity Log shows refusals. If it was not read completely, there might be some.
    refused: isLogRead || refused > 0 ? refused : null,
  };
}
