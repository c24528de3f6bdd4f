import { formatDuration } from '../core/durations';
import {
  auditedPort,
  COLUMNS,
  configuredPort,
  foundOnly,
  NO_RIGHT,
  PARTS,
  REASONS,
  RECOMMENDED,
  RESULTS,
  STATES,
  UNKNOWN_VM,
} from './messages/report';
import { DISAGREES, disagreementText, EXPOSURES } from './messages/open';
import type { AuditedRequest, Report, VmReport } from './report';
import { reachedBy } from './reached';
import { shorten } from './shorten';
import { cell, tableOf, type Cell, type Column, type CellMark, type Table } from './table';
import { byAttention } from './urgency';
import { firstFew, lengthText, portText, sourceText, timeText } from './words';
import { whoCell } from './whoCell';
import { whyCell } from './whyCell';

/** The most columns for the text of a gap. A longer text loses its middle, because its end says what to do. */
const LONGEST_SENTENCE = 1000;

/** Returns a table of what is missing from the report, and of the rights that would provide it. */
export function gapTable({ gaps }: Report, most: number): Table {
  const columns = [COLUMNS.missing, COLUMNS.action, COLUMNS.scope, COLUMNS.seen].map((label) => ({ label }));
  return tableOf(columns, gaps, most, ({ part, action, scope, code, text }) => [
    cell(PARTS[part], { mark: 'bad' }),
    cell(action ?? NO_RIGHT),
    cell(scope),
    cell(shorten(text, LONGEST_SENTENCE), { note: code, sentences: true }),
  ]);
}

/**
 * Returns a table of VMs. Those that need attention come first. Otherwise, the given order stays.
 *
 * @param vms some of the report's
 */
export function vmTable(
  vms: readonly VmReport[],
  { standingPorts, mayBeOpenPorts, requests }: Report,
  most: number,
): Table {
  const columns: readonly Column[] = [
    { label: COLUMNS.vm, kind: 'name' },
    { label: COLUMNS.state, kind: 'state' },
    { label: COLUMNS.reason, kind: 'text' },
    { label: COLUMNS.ports, kind: 'list' },
    { label: COLUMNS.defender },
    { label: COLUMNS.requests, kind: 'number' },
    { label: COLUMNS.lastUse, kind: 'time' },
  ];
  const sorted = vms.toSorted(byAttention);
  const byUse = byUseOf(requests);
  return tableOf(columns, sorted, most, (vm) => [
    cell(vm.name, { note: vm.resourceGroup }),
    {
      lines: [STATES[vm.state], EXPOSURES[vm.exposure]],
      mark: stateMark(vm),
      ...(vm.recommended ? { note: RECOMMENDED } : {}),
    },
    {
      lines: [REASONS[vm.reason], ...firstFew(reachedBy(vm.id, standingPorts, mayBeOpenPorts), 3)],
    },
    {
      lines: firstFew(
        vm.ports.map((port) =>
          configuredPort(portText(port), lengthText(port.maxDuration), sourceText(port.sources)),
        ),
        5,
      ),
    },
    defenderCell(vm),
    cell(String(vm.requests)),
    lastUseCell(vm, byUse),
  ]);
}

/** Returns the time with the name of the user, as the row of that request shows it. */
function lastUseCell({ id, lastUse, lastUser }: VmReport, byUse: ReadonlyMap<string, AuditedRequest>): Cell {
  if (lastUse === null) return cell(null);
  const last = byUse.get(useKey(id, lastUse, lastUser));
  const who = last && whoCell(last);
  const note = who ? [...who.lines, ...(who.note === undefined ? [] : [who.note])].join(', ') : lastUser;
  return cell(timeText(lastUse), note === null ? {} : { note });
}

const useKey = (vmId: string, time: string, who: string | null): string =>
  JSON.stringify([vmId.toLowerCase(), time, who]);

/** Returns the requests by VM, time, and requestor. A report can have thousands of both. */
const byUseOf = (requests: readonly AuditedRequest[]): ReadonlyMap<string, AuditedRequest> =>
  new Map(
    requests.flatMap((request) => {
      const { vmId, time, who } = request;
      return vmId === null ? [] : [[useKey(vmId, time, who), request] as const];
    }),
  );

/** Returns Defender's assessment, and the report's own if they contradict each other. */
function defenderCell({ defender, disagreement, reason }: VmReport): Cell {
  if (!defender) return cell(null);
  const { status, cause } = defender;
  return disagreement
    ? cell(status, {
        mark: 'warn',
        note: `${DISAGREES}: ${disagreementText(status, cause, REASONS[reason])}`,
      })
    : cell(status, cause === '' ? {} : { note: cause });
}

function stateMark({ state, recommended, exposure }: VmReport): CellMark {
  if (recommended || exposure === 'unfiltered') return 'bad';
  if (exposure !== 'closed') return 'warn';
  return state === 'configured' ? 'good' : state === 'unknown' ? 'warn' : 'neutral';
}

/** Returns a table of requests in the given order. */
export function requestTable(requests: readonly AuditedRequest[], most: number): Table {
  const columns: readonly Column[] = [
    { label: COLUMNS.time, kind: 'time' },
    { label: COLUMNS.vm, kind: 'name' },
    { label: COLUMNS.ports, kind: 'list' },
    { label: COLUMNS.result, kind: 'state' },
    { label: COLUMNS.who, kind: 'name' },
    { label: COLUMNS.why, kind: 'text' },
  ];
  return tableOf(columns, requests, most, (request) => [
    cell(timeText(request.time)),
    cell(request.vmName ?? UNKNOWN_VM),
    {
      lines: firstFew(
        request.ports.map(({ port, state, durationSeconds, endedAt, openSeconds, sources }) =>
          auditedPort(
            ...([
              port,
              state,
              durationSeconds > 0 ? formatDuration(durationSeconds * 1000) : undefined,
            ] as const),
            endedAt === null || openSeconds === null || openSeconds === durationSeconds
              ? undefined
              : formatDuration(openSeconds * 1000),
            sourceText(sources),
          ),
        ),
        6,
      ),
    },
    cell(RESULTS[request.result], {
      mark: RESULT_MARKS[request.result],
      ...(request.found === 'both' ? {} : { note: foundOnly(request.found) }),
    }),
    whoCell(request),
    whyCell(request),
  ]);
}

const RESULT_MARKS: Readonly<Record<AuditedRequest['result'], CellMark>> = {
  granted: 'good',
  refused: 'bad',
  unknown: 'neutral',
};
