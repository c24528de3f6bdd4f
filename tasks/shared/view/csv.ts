import { formatUtc, safeText } from '../core/text';
import type { AuditedPort, AuditedRequest, Report } from './report';

/** The header of `jit-requests.csv`; docs/report.md says what each column holds. */
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
 * `jit-requests.csv`: one line for each request, VM and port, the newest first; RFC 4180, with CRLF, every cell in
 * quotes, and the mark by which Excel knows UTF-8.
 */
export function toCsv({ requests }: Report): string {
  const lines = [CSV_COLUMNS, ...requests.flatMap(toRows)].map((cells) => cells.map(quoted).join(','));
  return `\ufeff${lines.map((line) => `${line}\r\n`).join('')}`;
}

/** A request whose ports nobody tells is one line all the same. */
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

/** `2026-11-21 10:15:00`, which spreadsheets take for a moment. */
function timeCell(iso: string): string {
  const at = Date.parse(iso);
  return Number.isNaN(at) ? iso : formatUtc(at).slice(0, 19);
}

/**
 * What a spreadsheet may take for the beginning of a formula, at the beginning of a cell, and after what another
 * spreadsheet may take for the end of one: OWASP, "CSV Injection". Full-width and small forms count as the characters
 * that they stand for. Tabs and line ends are gone before.
 */
const FORMULA = /(^|[,;|"'])(\s*)(?=[=+\-@＝＋－＠﹦﹢﹣﹫−])/gu;

const quoted = (foreign: string): string =>
  `"${safeText(foreign).replace(FORMULA, "$1'$2").replaceAll('"', '""')}"`;
