import fc from 'fast-check';
import type {
  AuditedPort,
  AuditedRequest,
  ConfiguredPort,
  Cover,
  Gap,
  InternetPort,
  ActiveRequest,
  MayBeOpenPort,
  Report,
  PermanentPort,
  VmReport,
} from '../../../tasks/shared/view/report';
import { CODES } from '../../../tasks/shared/core/codes';
import { aReport, WRITTEN } from './reports';

const DAY = 24 * 3_600_000;

const time = fc
  .integer({ min: -100 * DAY, max: 2 * DAY })
  .map((offset) => new Date(Date.parse(WRITTEN) + offset).toISOString());
const port = fc.integer({ min: 1, max: 65535 });
const few = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(item, { maxLength: 3 });
const maybe = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(item, { nil: null });

const cover = fc.constantFrom<Cover>(
  { state: 'configured', reason: 'policy' },
  { state: 'notConfigured', reason: 'reachable' },
  { state: 'notConfigured', reason: 'closed' },
  { state: 'unsupported', reason: 'noFilter' },
  { state: 'unsupported', reason: 'firewallPolicy' },
  { state: 'unsupported', reason: 'noNetwork' },
  { state: 'unknown', reason: 'notRead' },
);

/** Generates reports of any shape that the model allows, with the given text wherever text comes from outside. */
export function arbitraryReport(text: fc.Arbitrary<string>): fc.Arbitrary<Report> {
  const runUrl = maybe(
    fc.oneof(
      text,
      fc.webUrl({ withQueryParameters: true }),
      text.map((end) => `https://a.test/?x=${end}`),
    ),
  );
  const words = {
    who: maybe(text),
    whoId: maybe(text),
    whoLikely: fc.boolean(),
    justification: text,
    runUrl,
    policyId: text,
  };

  const configuredPort: fc.Arbitrary<ConfiguredPort> = fc.record({
    ...{ port, protocol: fc.constantFrom('TCP', 'UDP', '*'), sources: few(text), maxDuration: text },
  });
  const vm: fc.Arbitrary<VmReport> = fc
    .record({
      ...{ id: text, name: text, subscriptionId: text, resourceGroup: text, location: text },
      ...{ policyIds: few(text), ports: few(configuredPort), requests: fc.nat(), cover },
      ...{ defender: maybe(fc.record({ status: text, cause: text })), lastUse: maybe(time) },
      ...{ lastUser: maybe(text), disagreement: fc.boolean() },
      exposure: fc.constantFrom('unfiltered', 'open', 'mayBeOpen', 'closed', 'unknown'),
    })
    .map(({ cover: { state, reason }, ...rest }) => ({
      ...{ ...rest, state, reason, recommended: reason === 'reachable' },
    }));
  const rule = {
    ...{ name: text, priority: fc.nat(65500), group: text },
    attachedTo: fc.constantFrom('nic', 'subnet', 'firewall'),
  } as const;
  const ipVersion = fc.constantFrom('IPv4', 'IPv6');
  const active: fc.Arbitrary<ActiveRequest> = fc.record({
    ...{ vmId: text, vmName: text, port, sources: few(text), startedAt: time, endsAt: time, status: text },
    ...{ rules: fc.constantFrom('open', 'partly', 'closed', 'unknown'), ...words },
    blockedBy: few(fc.record(rule)),
  });
  // JSON converts -0 to another number.
  const share = fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0);
  const standing: fc.Arbitrary<PermanentPort> = fc.record({
    ...{ vmId: text, vmName: text, port, management: fc.boolean(), sources: few(text) },
    ...{ moreSources: fc.nat(), reach: fc.constantFrom('anyAddress', 'internet', 'private') },
    ...{ publicShare: share, ipVersion, rules: few(fc.record(rule)) },
  });
  const why = ['serviceTag', 'virtualNetwork', 'applicationGroup', 'ipGroup', 'senseless', 'other'] as const;
  const doubtfulRule = fc.record({ ...rule, why: fc.constantFrom(...why), from: few(text) });
  const reason = fc.constantFrom('rules', 'noSecurityGroup', 'firewallPolicy');
  const mayBeOpen: fc.Arbitrary<MayBeOpenPort> = fc
    .tuple(standing, reason, few(doubtfulRule))
    .map(([one, own, rules]) => ({ ...one, reason: own, rules }));
  const internet: fc.Arbitrary<InternetPort> = fc.record({
    ...{ vmId: text, vmName: text, port, ipVersion },
    publicShare: fc.double({ min: 0.5, minExcluded: true, max: 1, noNaN: true }),
  });
  const auditedPort: fc.Arbitrary<AuditedPort> = fc.record({
    ...{ port, sources: few(text), endsAt: time, durationSeconds: fc.nat(DAY / 1000) },
    ...{ endedAt: maybe(time), openSeconds: maybe(fc.nat(DAY / 1000)) },
    state: fc.oneof(fc.constantFrom('live', 'ended', 'closed', 'superseded'), text),
  });
  const request: fc.Arbitrary<AuditedRequest> = fc.record({
    ...{ time, vmId: maybe(text), vmName: maybe(text), ports: few(auditedPort) },
    ...{ result: fc.constantFrom('granted', 'refused', 'unknown'), ...words },
    ...{ correlationId: maybe(text), found: fc.constantFrom('both', 'activityLog', 'policy') },
  });
  const gap: fc.Arbitrary<Gap> = fc.record({
    part: fc.constantFrom('vms', 'network', 'policies', 'assessments', 'activityLog'),
    ...{ code: fc.constantFrom(...CODES), action: maybe(text), scope: text, text },
  });
  return fc
    .record({
      ...{ scopes: few(text), gaps: few(gap), vms: few(vm), liveRequests: few(active) },
      ...{
        standingPorts: few(standing),
        mayBeOpenPorts: few(mayBeOpen),
        internetPorts: few(internet),
        requests: few(request),
      },
    })
    .map((parts) => structuredClone(aReport(parts)));
}
