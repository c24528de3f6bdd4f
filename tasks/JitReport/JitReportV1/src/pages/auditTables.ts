import { formatDuration } from '../../../../shared/domain/durations';
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
} from '../../../../shared/messages/report';
import type { AuditedRequest, Report, VmReport } from '../model';
import { shorten } from './shorten';
import { cell, tableOf, type Column, type Mark, type Table } from './table';
import { firstFew, lengthText, portText, sourceText, timeText } from './words';
import { whyCell } from './whyCell';

/** Of a gap. What is beyond it goes in the middle, because what to do stands at the end. */
const LONGEST_SENTENCE = 1000;

/** What is missing from the report, and the right that would bring it. */
export function gapTable({ gaps }: Report, most: number): Table {
  const columns = [COLUMNS.missing, COLUMNS.action, COLUMNS.scope, COLUMNS.seen].map((label) => ({ label }));
  return tableOf(columns, gaps, most, ({ part, action, scope, code, text }) => [
    cell(PARTS[part], { mark: 'bad' }),
    cell(action ?? NO_RIGHT),
    cell(scope),
    cell(shorten(text, LONGEST_SENTENCE), { note: code, sentences: true }),
  ]);
}

/** VMs, those that need attention first, each in the order in which it is given. */
export function vmTable(vms: readonly VmReport[], most: number): Table {
  const columns: readonly Column[] = [
    { label: COLUMNS.vm, kind: 'name' },
    { label: COLUMNS.state, kind: 'state' },
    { label: COLUMNS.reason, kind: 'text' },
    { label: COLUMNS.ports, kind: 'list' },
    { label: COLUMNS.defender },
    { label: COLUMNS.requests, kind: 'number' },
    { label: COLUMNS.lastUse, kind: 'time' },
    { label: COLUMNS.lastUser, kind: 'name' },
  ];
  const sorted = vms.toSorted((one, other) => attention(other) - attention(one));
  return tableOf(columns, sorted, most, (vm) => [
    cell(vm.name, { note: vm.resourceGroup }),
    cell(STATES[vm.state], { mark: stateMark(vm), ...(vm.recommended ? { note: RECOMMENDED } : {}) }),
    cell(REASONS[vm.reason]),
    {
      lines: firstFew(
        vm.ports.map((port) =>
          configuredPort(portText(port), lengthText(port.maxDuration), sourceText(port.sources)),
        ),
        5,
      ),
    },
    cell(vm.defender?.status ?? null, vm.defender?.cause ? { note: vm.defender.cause } : {}),
    cell(String(vm.requests)),
    cell(vm.lastUse === null ? null : timeText(vm.lastUse)),
    cell(vm.lastUser),
  ]);
}

const attention = ({ recommended, state }: VmReport): number =>
  recommended ? 4 : { unknown: 3, notConfigured: 2, unsupported: 1, configured: 0 }[state];

function stateMark({ state, recommended }: VmReport): Mark {
  if (recommended) return 'bad';
  return state === 'configured' ? 'good' : state === 'unknown' ? 'warn' : 'neutral';
}

/** Requests in the order in which they are given. */
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
        request.ports.map(({ port, state, durationSeconds, sources }) =>
          auditedPort(port, state, formatDuration(durationSeconds * 1000), sourceText(sources)),
        ),
        6,
      ),
    },
    cell(RESULTS[request.result], {
      mark: RESULT_MARKS[request.result],
      ...(request.found === 'both' ? {} : { note: foundOnly(request.found) }),
    }),
    cell(request.who),
    whyCell(request),
  ]);
}

const RESULT_MARKS: Readonly<Record<AuditedRequest['result'], Mark>> = {
  granted: 'good',
  refused: 'bad',
  unknown: 'neutral',
};
