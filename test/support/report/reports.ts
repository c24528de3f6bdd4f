import {
  SCHEMA_VERSION,
  type AuditedRequest,
  type Counts,
  type InternetPort,
  type ActiveRequest,
  type MayBeOpenPort,
  type Report,
  type PermanentPort,
  type VmReport,
} from '../../../tasks/shared/view/report';

export const SUBSCRIPTION = '6b1f3c0a-52d4-4e8e-9c37-0d8a4a1f7e21';
/** When every report here was written. */
export const WRITTEN = '2026-11-21T10:15:00.000Z';

/** Returns the time this many hours before the report was written, or after it if negative. */
export const hoursAgo = (hours: number): string =>
  new Date(Date.parse(WRITTEN) - hours * 3_600_000).toISOString();

/** Returns the ARM ID of a VM. */
export const vmIdOf = (name: string, group = 'rg-app'): string =>
  `/subscriptions/${SUBSCRIPTION}/resourceGroups/${group}/providers/Microsoft.Compute/virtualMachines/${name}`;

export const policyIdOf = (group = 'rg-app', location = 'westeurope'): string =>
  `/subscriptions/${SUBSCRIPTION}/resourceGroups/${group}/providers/Microsoft.Security/locations/${location}/jitNetworkAccessPolicies/default`;

/** Creates a VM that a policy lists, with ssh for up to three hours. */
export function aVmReport(name: string, changes: Partial<VmReport> = {}): VmReport {
  const resourceGroup = changes.resourceGroup ?? 'rg-app';
  return {
    ...{ id: vmIdOf(name, resourceGroup), name, subscriptionId: SUBSCRIPTION, resourceGroup },
    ...{ location: 'westeurope', state: 'configured', reason: 'policy', recommended: false },
    ...{ exposure: 'closed', disagreement: false },
    policyIds: [policyIdOf(resourceGroup)],
    ports: [{ port: 22, protocol: 'TCP', sources: ['*'], maxDuration: 'PT3H' }],
    defender: { status: 'Healthy', cause: '' },
    ...{ requests: 0, lastUse: null, lastUser: null },
    ...changes,
  };
}

/** Creates a VM without a policy, for the given reason. */
export const anUncoveredVm = (
  name: string,
  changes: Partial<VmReport> & Pick<VmReport, 'state' | 'reason'>,
): VmReport => aVmReport(name, { policyIds: [], ports: [], defender: null, ...changes });

/** Creates a request for ssh to web-01 from one address for an hour, which began this many hours ago. */
export function aRequest(hours: number, changes: Partial<AuditedRequest> = {}): AuditedRequest {
  const vmName = changes.vmName === undefined ? 'web-01' : changes.vmName;
  return {
    time: hoursAgo(hours),
    vmId: vmName === null ? null : vmIdOf(vmName),
    vmName,
    ports: [
      {
        ...{ port: 22, sources: ['20.50.1.7'], endsAt: hoursAgo(hours - 1), durationSeconds: 3600 },
        ...(hours < 1
          ? { state: 'live', endedAt: null, openSeconds: null }
          : { state: 'ended', endedAt: hoursAgo(hours - 1), openSeconds: 3600 }),
      },
    ],
    ...{ result: 'granted', who: 'ana@contoso.example', justification: '', runUrl: null },
    ...{ whoId: null, whoLikely: false },
    ...{ policyId: policyIdOf(), correlationId: '0f6e2a52-9c1d-4b7f-8a39-3d5a1c0b7e64', found: 'both' },
    ...changes,
  };
}

/** Creates an open ssh port of web-01, through a request that began half an hour ago. */
export const anActiveRequest = (changes: Partial<ActiveRequest> = {}): ActiveRequest => ({
  ...{ vmId: vmIdOf('web-01'), vmName: 'web-01', port: 22, sources: ['20.50.1.7'] },
  ...{ startedAt: hoursAgo(0.5), endsAt: hoursAgo(-0.5), status: 'Initiated', rules: 'open' },
  ...{ blockedBy: [], who: 'ana@contoso.example', whoId: null, whoLikely: false },
  ...{ justification: '', runUrl: null, policyId: policyIdOf() },
  ...changes,
});

/** Creates the remote desktop port of a VM, which a manually created rule opens for any address. */
export const aPermanentPort = (changes: Partial<PermanentPort> = {}): PermanentPort => ({
  ...{ vmId: vmIdOf('legacy-01'), vmName: 'legacy-01', port: 3389, management: true, ipVersion: 'IPv4' },
  ...{ sources: ['*'], moreSources: 0, reach: 'anyAddress', publicShare: 1 },
  rules: [{ name: 'allow-rdp', priority: 300, group: 'nsg-legacy', attachedTo: 'nic' }],
  ...changes,
});

/** Creates an ssh port of a VM in a policy, which a rule with a service tag might allow. */
export const aMayBeOpenPort = (changes: Partial<MayBeOpenPort> = {}): MayBeOpenPort => ({
  ...{ vmId: vmIdOf('web-01'), vmName: 'web-01', port: 22, management: true, ipVersion: 'IPv4' },
  ...{ sources: ['*'], moreSources: 0, reach: 'anyAddress', publicShare: 1, reason: 'rules' },
  rules: [
    {
      ...{ name: 'allow-deploy', priority: 300, group: 'nsg-web', attachedTo: 'nic' },
      ...{ why: 'serviceTag', from: ['AzureCloud'] },
    },
  ],
  ...changes,
});

/** Creates the same port as one that is reachable from the internet. */
export const anInternetPort = (changes: Partial<InternetPort> = {}): InternetPort => ({
  ...{ vmId: vmIdOf('legacy-01'), vmName: 'legacy-01', port: 3389, ipVersion: 'IPv4', publicShare: 1 },
  ...changes,
});

/** Creates a report of seven days that contains only the given parts, with matching counts. */
export function aReport(parts: Partial<Omit<Report, 'counts' | 'schemaVersion'>> = {}): Report {
  const report: Omit<Report, 'counts'> = {
    schemaVersion: SCHEMA_VERSION,
    generatedAt: WRITTEN,
    scopes: [`/subscriptions/${SUBSCRIPTION}`],
    period: { from: hoursAgo(7 * 24), to: WRITTEN, days: 7 },
    lookedAt: { ports: [22, 3389, 5985, 5986], ipVersions: ['IPv4', 'IPv6'] },
    ...{ gaps: [], vms: [], liveRequests: [], standingPorts: [], mayBeOpenPorts: [] },
    ...{ internetPorts: [], requests: [] },
    ...parts,
  };
  return { ...report, counts: toCounts(report) };
}

/** Counts the ports of VMs. A port that is open over both IP versions counts once. */
const portsIn = (list: readonly Pick<InternetPort, 'vmName' | 'port'>[]): number =>
  new Set(list.map(({ vmName, port }) => `${vmName} ${String(port)}`)).size;

function toCounts({
  vms,
  liveRequests,
  standingPorts,
  mayBeOpenPorts,
  internetPorts,
  requests,
}: Omit<Report, 'counts'>): Counts {
  const inState = (state: VmReport['state']): number => vms.filter((vm) => vm.state === state).length;
  return {
    vms: vms.length,
    configured: inState('configured'),
    notConfigured: inState('notConfigured'),
    recommended: vms.filter(({ recommended }) => recommended).length,
    unsupported: inState('unsupported'),
    unknown: inState('unknown'),
    liveRequests: liveRequests.length,
    standingPorts: standingPorts.length,
    openPorts: liveRequests.length + standingPorts.length,
    mayBeOpen: portsIn(mayBeOpenPorts),
    openToInternet: portsIn(internetPorts),
    requests: requests.length,
    refused: requests.filter(({ result }) => result === 'refused').length,
  };
}
