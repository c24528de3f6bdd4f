import { formatUtc, safeText } from '../core/text';
import type { AuditedPort, AuditedRequest, Report } from './report';

/** The header of `jit-requests.csv`. docs/report.md describes each column. */
export const CSV_COLUMNS = [
  'timeUtc',
  'vm',
  'port',
  'sources',
  'endsAtUtc',
  'durationMinutes',
  'endedAtUtc',
  'openMinutes',
  'state',
  'result',
  'who',
  'whoId',
  'whoLikely',
  'justification',
  'runUrl',
  'vmId',
  'policyId',
  'correlationId',
  'found',
] as const;

/**
 * Formats `jit-requests.csv`: one line for each request, VM, and port, newest first. RFC 4180, with CRLF, every cell in
 * quotes, and the byte order mark by which Excel recognizes UTF-8.
 */
export function toCsv({ requests }: Report): string {
  const lines = [CSV_COLUMNS, ...requests.flatMap(toRows)].map((cells) => cells.map(quoted).join(','));
  return `\ufeff${lines.map((line) => `${line}\r\n`).join('')}`;
}

/** Returns a row for each port. A request with unknown ports also has one row. */
function toRows(request: AuditedRequest): readonly (readonly string[])[] {
  return request.ports.length === 0
    ? [toRow(request, undefined)]
    : request.ports.map((port) => toRow(request, port));
}

const toRow = (request: AuditedRequest, port: AuditedPort | undefined): readonly string[] => {
  const row: Readonly<Record<(typeof CSV_COLUMNS)[number], string>> = {
    timeUtc: timeCell(request.time),
    vm: request.vmName ?? '',
    port: port ? String(port.port) : '',
    sources: port?.sources.join(' ') ?? '',
    endsAtUtc: port ? timeCell(port.endsAt) : '',
    durationMinutes: port ? minutes(port.durationSeconds) : '',
    endedAtUtc: port?.endedAt ? timeCell(port.endedAt) : '',
    openMinutes: typeof port?.openSeconds === 'number' ? minutes(port.openSeconds) : '',
    state: port?.state ?? '',
    result: request.result,
    who: request.who ?? '',
    whoId: request.whoId ?? '',
    whoLikely: request.whoLikely ? 'yes' : 'no',
    justification: request.justification,
    runUrl: request.runUrl ?? '',
    vmId: request.vmId ?? '',
    policyId: request.policyId,
    correlationId: request.correlationId ?? '',
    found: request.found,
  };
  return CSV_COLUMNS.map((column) => row[column]);
};

const minutes = (seconds: number): string => String(Math.round(seconds / 60));

/** Formats `2026-11-21 10:15:00`, which spreadsheets read as a time. */
function timeCell(iso: string): string {
  const at = Date.parse(iso);
  return Number.isNaN(at) ? iso : formatUtc(at).slice(0, 19);
}

/**
 * What a spreadsheet might read as the start of a formula: at the start of a cell, and after what another spreadsheet
 * might read as the end of a cell. Source: OWASP, "CSV Injection". Full-width and small forms count as the characters
 * that they stand for. Tabs and line ends are removed before.
 */
const FORMULA = /(^|[,;|"'])(\s*)(?=[=+\-@＝＋－＠﹦﹢﹣﹫−])/gu;

const quoted = (foreign: string): string =>
  `"${safeText(foreign).replace(FORMULA, "$1'$2").replaceAll('"', '""')}"`;
