import type { AuditedRequest, Gap, Report } from '../../../tasks/shared/view/report';
import {
  anActiveRequest,
  aMayBeOpenPort,
  anInternetPort,
  anUncoveredVm,
  aReport,
  aRequest,
  aPermanentPort,
  aVmReport,
  hoursAgo,
  policyIdOf,
  SUBSCRIPTION,
  vmIdOf,
} from './reports';

const run = (id: number): string => `https://dev.azure.com/contoso/Shop/_build/results?buildId=${String(id)}`;
const deployed = (id: number) => ({
  ...{ who: 'shop-deploy', whoId: '5b2e8f0c-7d41-4a6a-9e15-c04f3f7a1d88' },
  justification: `Shop / deploy 2026.11.${String(id - 4100)}, requested for Ana Lima, ${run(id)}`,
  runUrl: run(id),
});

/**
 * Creates the ports of one request, each for this many minutes from this many hours ago, and open for this many
 * minutes.
 */
const ports = (
  hours: number,
  [minutes, openFor = minutes]: readonly [number, number?],
  state: string,
  ...numbers: readonly number[]
) =>
  numbers.map((port) => ({
    ...{ port, sources: ['20.50.1.7'], endsAt: hoursAgo(hours - minutes / 60) },
    ...{ durationSeconds: minutes * 60, state },
    ...(state === 'live'
      ? { endedAt: null, openSeconds: null }
      : { endedAt: hoursAgo(hours - openFor / 60), openSeconds: openFor * 60 }),
  }));

/** A week in a small company: deployments by a pipeline, people at night, a refusal, and a newer request in between. */
const REQUESTS: readonly AuditedRequest[] = [
  aRequest(0.4, { ...deployed(4121), ports: ports(0.4, [45], 'live', 22) }),
  aRequest(0.4, { ...deployed(4121), vmName: 'web-02', ports: ports(0.4, [45], 'live', 22) }),
  aRequest(1.2, {
    ...{ vmName: 'db-01', who: 'joao@contoso.example', justification: 'Index rebuild, ticket 7731' },
    ports: ports(1.2, [180], 'live', 22),
  }),
  aRequest(5, {
    ...{ vmName: null, who: 'temp-contractor@contoso.example', justification: 'Check the backup' },
    ...{ result: 'refused', ports: [], found: 'activityLog' },
  }),
  ...[20, 44, 68, 92, 140].flatMap((hours, index) => [
    aRequest(hours, { ...deployed(4120 - index), ports: ports(hours, [45, 12], 'closed', 22) }),
    aRequest(hours, {
      ...deployed(4120 - index),
      vmName: 'web-02',
      ports: ports(hours, [45, 12], 'closed', 22),
    }),
  ]),
  aRequest(50, {
    ...{ vmName: 'build-win-01', who: 'Kim Park', whoId: 'kim@contoso.example', whoLikely: true },
    justification: 'Agent update',
    ports: ports(50, [120], 'ended', 3389, 5986),
  }),
  aRequest(97, {
    ...{ vmName: 'db-01', who: 'joao@contoso.example', justification: 'Slow queries' },
    ports: ports(97, [600], 'ended', 22),
  }),
  aRequest(103, {
    ...{ vmName: 'db-01', who: 'ana@contoso.example', justification: 'Slow queries', found: 'policy' },
    ...{ ports: ports(103, [720, 360], 'superseded', 22), correlationId: null },
  }),
].toSorted((one, other) => (one.time < other.time ? 1 : -1));

const usedBy = (vmName: string) => {
  const own = REQUESTS.filter((request) => request.vmName === vmName);
  return { requests: own.length, lastUse: own[0]?.time ?? null, lastUser: own[0]?.who ?? null };
};

/**
 * Creates a small realistic report with every state of coverage, every kind of open port, and every kind of request.
 */
export const sampleReport = (): Report =>
  aReport({
    vms: [
      aVmReport('build-win-01', {
        ports: [
          { port: 3389, protocol: '*', sources: ['203.0.113.0/24'], maxDuration: 'PT3H' },
          { port: 5986, protocol: 'TCP', sources: ['*'], maxDuration: 'PT2H' },
        ],
        ...usedBy('build-win-01'),
      }),
      aVmReport('db-01', {
        ports: [{ port: 22, protocol: '*', sources: ['*'], maxDuration: 'P1D' }],
        ...usedBy('db-01'),
      }),
      anUncoveredVm('jump-01', {
        ...{ state: 'notConfigured', reason: 'reachable', recommended: true, resourceGroup: 'rg-shared' },
        exposure: 'open',
        defender: { status: 'Unhealthy', cause: '' },
      }),
      anUncoveredVm('legacy-01', {
        ...{ state: 'notConfigured', reason: 'reachable', recommended: true, exposure: 'open' },
        defender: { status: 'Unhealthy', cause: '' },
      }),
      anUncoveredVm('queue-01', {
        ...{ state: 'notConfigured', reason: 'closed', disagreement: true },
        defender: { status: 'Unhealthy', cause: '' },
      }),
      anUncoveredVm('sandbox-07', {
        ...{ state: 'unsupported', reason: 'noFilter', resourceGroup: 'rg-lab', location: 'northeurope' },
        exposure: 'unfiltered',
        defender: { status: 'NotApplicable', cause: 'NoNetworkSecurityGroup' },
      }),
      anUncoveredVm('spoke-gw-01', {
        ...{ state: 'unsupported', reason: 'firewallPolicy', resourceGroup: 'rg-hub' },
        exposure: 'mayBeOpen',
      }),
      aVmReport('web-01', { ...usedBy('web-01'), exposure: 'mayBeOpen' }),
      aVmReport('web-02', usedBy('web-02')),
    ],
    liveRequests: [
      anActiveRequest({ startedAt: hoursAgo(0.4), endsAt: hoursAgo(-0.35), ...deployed(4121) }),
      anActiveRequest({
        ...{ vmId: vmIdOf('web-02'), vmName: 'web-02', status: 'Initiating', rules: 'closed' },
        blockedBy: [{ name: 'deny-all', priority: 90, group: 'nsg-web', attachedTo: 'subnet' }],
        ...{ startedAt: hoursAgo(0.4), endsAt: hoursAgo(-0.35), ...deployed(4121) },
      }),
      anActiveRequest({
        ...{ vmId: vmIdOf('db-01'), vmName: 'db-01', sources: ['198.51.100.7', '198.51.100.64/28'] },
        ...{ startedAt: hoursAgo(1.2), endsAt: hoursAgo(-1.8), who: 'joao@contoso.example' },
        justification: 'Index rebuild, ticket 7731',
      }),
    ],
    standingPorts: [
      aPermanentPort({
        ...{
          vmId: vmIdOf('jump-01', 'rg-shared'),
          vmName: 'jump-01',
          port: 22,
          reach: 'private',
          publicShare: 0,
        },
        ...{ sources: ['10.0.0.0/8'] },
        rules: [{ name: 'AllowVnetInBound', priority: 65000, group: 'nsg-shared', attachedTo: 'subnet' }],
      }),
      aPermanentPort(),
      aPermanentPort({ ipVersion: 'IPv6' }),
      aPermanentPort({
        port: 8443,
        management: false,
        reach: 'internet',
        publicShare: 0.0002,
        sources: ['203.0.113.0/24'],
        moreSources: 12,
      }),
    ],
    mayBeOpenPorts: [
      aMayBeOpenPort(),
      ...[22, 3389].map((port) =>
        aMayBeOpenPort({
          ...{ vmId: vmIdOf('sandbox-07', 'rg-lab'), vmName: 'sandbox-07', port },
          ...{ reason: 'noSecurityGroup', rules: [] },
        }),
      ),
      aMayBeOpenPort({
        ...{ vmId: vmIdOf('spoke-gw-01', 'rg-hub'), vmName: 'spoke-gw-01', port: 22 },
        ...{ reason: 'firewallPolicy', rules: [] },
      }),
    ],
    internetPorts: [anInternetPort()],
    requests: REQUESTS,
  });

/** The gaps of a connection that can read VMs and little else. */
export const SAMPLE_GAPS: readonly Gap[] = [
  {
    ...{
      part: 'policies',
      code: 'JIT301',
      action: 'Microsoft.Security/locations/jitNetworkAccessPolicies/read',
    },
    scope: `/subscriptions/${SUBSCRIPTION}`,
    text: 'The service connection may not read just-in-time policies.',
  },
  {
    ...{ part: 'activityLog', code: 'JIT301', action: 'Microsoft.Insights/eventtypes/values/read' },
    scope: `/subscriptions/${SUBSCRIPTION}`,
    text: 'The service connection may not read the Activity Log.',
  },
  {
    ...{ part: 'assessments', code: 'JIT602', action: null, scope: policyIdOf() },
    text: 'Azure answered with a server error (500) to the end of the retries.',
  },
];
