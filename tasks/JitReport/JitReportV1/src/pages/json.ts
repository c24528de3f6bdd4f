import { partSigns } from '../../../../shared/core/text';
import type {
  Assessment,
  AuditedPort,
  AuditedRequest,
  ConfiguredPort,
  Counts,
  Gap,
  DoubtfulRule,
  InternetPort,
  CheckedPorts,
  MayBeOpenPort,
  ActiveRequest,
  Report,
  PermanentPort,
  RuleName,
  VmReport,
} from '../../../../shared/view/report';

type Key =
  | keyof Report
  | keyof Report['period']
  | keyof Counts
  | keyof Gap
  | keyof VmReport
  | keyof ConfiguredPort
  | keyof Assessment
  | keyof ActiveRequest
  | keyof PermanentPort
  | keyof RuleName
  | keyof InternetPort
  | keyof CheckedPorts
  | keyof MayBeOpenPort
  | keyof DoubtfulRule
  | keyof AuditedRequest
  | keyof AuditedPort;

/** Every key of a report, in the order in which the file shows them at every depth. */
const ORDER: Readonly<Record<Key, true>> = {
  ...{
    schemaVersion: true,
    generatedAt: true,
    scopes: true,
    period: true,
    lookedAt: true,
    counts: true,
    gaps: true,
  },
  ...{ vms: true, configured: true, notConfigured: true, unsupported: true },
  ...{ liveRequests: true, standingPorts: true, mayBeOpenPorts: true, internetPorts: true },
  ...{ openPorts: true, mayBeOpen: true, openToInternet: true },
  ...{ part: true, code: true, action: true, scope: true, text: true },
  ...{ time: true, id: true, vmId: true, vmName: true, name: true, subscriptionId: true },
  ...{ resourceGroup: true, location: true, port: true, protocol: true, ipVersion: true, management: true },
  ...{
    priority: true,
    group: true,
    attachedTo: true,
    why: true,
    exposure: true,
    state: true,
    result: true,
    reason: true,
    recommended: true,
  },
  ...{
    policyIds: true,
    ports: true,
    sources: true,
    moreSources: true,
    reach: true,
    publicShare: true,
    maxDuration: true,
  },
  ...{
    startedAt: true,
    endsAt: true,
    durationSeconds: true,
    endedAt: true,
    openSeconds: true,
    status: true,
    cause: true,
    rules: true,
    blockedBy: true,
  },
  ...{
    defender: true,
    disagreement: true,
    requests: true,
    refused: true,
    unknown: true,
    lastUse: true,
    lastUser: true,
  },
  ...{
    who: true,
    whoId: true,
    whoLikely: true,
    justification: true,
    runUrl: true,
    policyId: true,
    correlationId: true,
    found: true,
  },
  ...{ from: true, to: true, days: true, ipVersions: true },
};

/**
 * Characters that a viewer might not show, or might show in another place. They are escaped, so that the value stays
 * the same.
 */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * Returns `jit-report.json`: the report, according to docs/jit-report.schema.json. Foreign text stays unchanged. Only
 * its invisible characters are escaped, and what would be a command to the agent if a step prints the file.
 */
export function toJson(report: Report): string {
  const text = partSigns(JSON.stringify(report, Object.keys(ORDER), 2), '\\u0023');
  return `${text.replace(INVISIBLE, (found) => (found === '\n' ? found : escaped(found)))}\n`;
}

const escaped = (text: string): string =>
  Array.from(
    { length: text.length },
    (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');
