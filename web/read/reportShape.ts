import {
  SCHEMA_VERSION,
  type ActiveRequest,
  type Assessment,
  type AuditedPort,
  type AuditedRequest,
  type CheckedPorts,
  type ConfiguredPort,
  type Counts,
  type DoubtfulRule,
  type Gap,
  type InternetPort,
  type MayBeOpenPort,
  type PermanentPort,
  type Report,
  type Requestor,
  type RuleName,
  type VmReport,
} from '../../tasks/shared/view/report';
import { flag, list, number, object, oneOf, orNull, text, time } from './shape';
import { hasMajorOf } from './versions';

const IP_VERSION = oneOf('IPv4', 'IPv6');

const requestor = { who: orNull(text), whoId: orNull(text), whoLikely: flag } satisfies Record<
  keyof Requestor,
  unknown
>;

const rule = {
  ...{ name: text, priority: number, group: text },
  attachedTo: oneOf('nic', 'subnet', 'vnet', 'firewall'),
};

const reached = {
  ...{ vmId: text, vmName: text, port: number, management: flag, ipVersion: IP_VERSION },
  ...{ sources: list(text), moreSources: number, publicShare: number },
  reach: oneOf('anyAddress', 'internet', 'private'),
};

const counts = object<Counts>({
  ...{ vms: number, configured: number, notConfigured: number, recommended: number },
  ...{ unsupported: number, unknown: number, liveRequests: number, standingPorts: number },
  ...{ openPorts: number, mayBeOpen: number, openToInternet: number, requests: number },
  refused: orNull(number),
});

const gap = object<Gap>({
  part: oneOf('vms', 'network', 'policies', 'assessments', 'activityLog'),
  ...{ code: text, action: orNull(text), scope: text, text },
});

const vm = object<VmReport>({
  ...{ id: text, name: text, subscriptionId: text, resourceGroup: text, location: text },
  state: oneOf('configured', 'notConfigured', 'unsupported', 'unknown'),
  reason: oneOf(...['policy', 'reachable', 'closed', 'noFilter', 'firewallPolicy', 'noNetwork', 'notRead']),
  exposure: oneOf('unfiltered', 'open', 'mayBeOpen', 'closed', 'unknown'),
  ...{ recommended: flag, policyIds: list(text), disagreement: flag, requests: number },
  ports: list(
    object<ConfiguredPort>({
      ...{ port: number, protocol: oneOf('TCP', 'UDP', '*'), sources: list(text), maxDuration: text },
    }),
  ),
  defender: orNull(object<Assessment>({ status: text, cause: text })),
  ...{ lastUse: orNull(time), lastUser: orNull(text) },
});

const activeRequest = object<ActiveRequest>({
  ...{ ...requestor, vmId: text, vmName: text, port: number, sources: list(text) },
  ...{ startedAt: time, endsAt: time, status: text, rules: oneOf('open', 'partly', 'closed', 'unknown') },
  ...{ blockedBy: list(object<RuleName>(rule)), justification: text },
  ...{ runUrl: orNull(text), policyId: text },
});

const doubtful = object<DoubtfulRule>({
  ...rule,
  why: oneOf(
    ...['serviceTag', 'virtualNetwork', 'applicationGroup', 'networkGroup', 'ipGroup', 'senseless', 'other'],
  ),
  from: list(text),
});

const auditedPort = object<AuditedPort>({
  ...{ port: number, sources: list(text), endsAt: time, durationSeconds: number },
  ...{ endedAt: orNull(time), openSeconds: orNull(number), state: text },
});

const audited = object<AuditedRequest>({
  ...{ ...requestor, time, vmId: orNull(text), vmName: orNull(text), ports: list(auditedPort) },
  ...{ result: oneOf('granted', 'refused', 'unknown'), justification: text, runUrl: orNull(text) },
  ...{ policyId: text, correlationId: orNull(text), found: oneOf('both', 'activityLog', 'policy') },
});

/** Whether a value is a report of version 2. */
export const isReport = object<Report>({
  schemaVersion: (version) => hasMajorOf(version, SCHEMA_VERSION),
  ...{ generatedAt: time, scopes: list(text), counts, gaps: list(gap), vms: list(vm) },
  period: object<Report['period']>({ from: time, to: time, days: number }),
  lookedAt: object<CheckedPorts>({ ports: list(number), ipVersions: list(IP_VERSION) }),
  liveRequests: list(activeRequest),
  standingPorts: list(object<PermanentPort>({ ...reached, rules: list(object<RuleName>(rule)) })),
  mayBeOpenPorts: list(
    object<MayBeOpenPort>({
      ...{ ...reached, reason: oneOf('rules', 'noSecurityGroup', 'firewallPolicy') },
      rules: list(doubtful),
    }),
  ),
  internetPorts: list(
    object<InternetPort>({
      ...{ vmId: text, vmName: text, port: number, ipVersion: IP_VERSION, publicShare: number },
    }),
  ),
  requests: list(audited),
});
