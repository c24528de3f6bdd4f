import { formatDuration } from '../../tasks/shared/core/durations';
import { formatUtc } from '../../tasks/shared/core/text';
import { cell, type Cell, type CellMark, type Column, type Row } from '../../tasks/shared/view/table';
import { sourceText } from '../../tasks/shared/view/words';
import * as say from '../messages/tab';
import { mayBeOpen, portNow, type PortNow, type PortState, type RunPort } from '../read/ports';
import { el, section } from './dom';
import { toTable } from './table';
import type { ToVmCell } from './vmCell';

/** A part of the page that changes with time. */
export interface Living {
  readonly element: HTMLElement;
  /** @param now milliseconds since 1970 */
  tick(now: number): void;
}

const COLUMNS: readonly Column[] = [
  { label: say.COLUMNS.vm, kind: 'name' },
  { label: say.COLUMNS.port, kind: 'number' },
  { label: say.COLUMNS.sources, kind: 'list' },
  { label: say.COLUMNS.state, kind: 'state' },
  { label: say.COLUMNS.end, kind: 'time' },
  { label: say.COLUMNS.step, kind: 'text' },
];

const MARKS: Readonly<Record<PortState, CellMark>> = {
  ...{ open: 'warn', notRead: 'warn', requested: 'warn', notOpen: 'bad', unknown: 'warn', staysOpen: 'bad' },
  ...{ closed: 'good', neverOpened: 'good', vmGone: 'good', over: 'neutral' },
};

/**
 * Creates the section for the ports of a run. Only the visible text counts down seconds. Screen readers announce the
 * number of open ports when it changes, and find the end of each port in the table.
 */
export function portSection(
  ports: readonly RunPort[],
  vmCell: ToVmCell,
  status: (text: string) => void,
): Living {
  const place = el('div');
  const element = section('ports', say.HEADINGS.ports, place);
  let states = '';
  let openBefore: number | undefined;
  return {
    element,
    tick(now) {
      const current = ports.map((port) => portNow(port, now));
      const open = current.filter(mayBeOpen).length;
      if (open !== openBefore) status(say.openNow(open));
      openBefore = open;
      const found = JSON.stringify(current.map(({ state }) => state));
      // Rows change only if a state does, so that readers keep their place in the table.
      if (found !== states) {
        place.replaceChildren(draw(ports, vmCell, current));
        states = found;
      }
      for (const left of place.querySelectorAll<HTMLElement>('[data-until]')) {
        const ms = Number(left.dataset['until']) - now;
        left.textContent = say.leftText(formatDuration(Math.ceil(ms / step()) * step()));
      }
    },
  };
}

/** Returns the step of the countdown in milliseconds. Readers who prefer reduced motion see minutes. */
const step = (): number => (matchMedia('(prefers-reduced-motion: reduce)').matches ? 60_000 : 1000);

function draw(ports: readonly RunPort[], vmCell: ToVmCell, current: readonly PortNow[]): HTMLElement {
  const rows = ports.map((port, at) => toRow(port, vmCell, current[at] ?? { state: 'unknown' }));
  const table = toTable({ columns: COLUMNS, rows, more: 0 }, say.HEADINGS.ports, '', () => false);
  const cells = table.querySelectorAll('td.time');
  current.forEach(({ until }, at) => {
    if (typeof until === 'number')
      cells[at]?.append(el('small', { class: 'left', 'aria-hidden': 'true', 'data-until': String(until) }));
  });
  return table;
}

function toRow({ step, opened, closed }: RunPort, vmCell: ToVmCell, current: PortNow): Row {
  const { port, ...vm } = opened ?? closed ?? { vmId: '', vmName: '', port: 0 };
  return [
    vmCell(vm),
    cell(String(port)),
    cell(sourceText(closed?.state === 'open' ? closed.sources : ((opened ?? closed)?.sources ?? []))),
    stateCell(opened, closed, current.state),
    cell(endText(current)),
    cell(say.stepText(step.stepName, step.jobName)),
  ];
}

function stateCell(opened: RunPort['opened'], closed: RunPort['closed'], state: PortState): Cell {
  const notes = [
    closed && state !== 'over' ? closed.text : say.STATE_NOTES[state],
    ...(state === 'notOpen' && opened?.code ? [say.failedWith(opened.code)] : []),
    ...(opened?.reused ? [say.REUSED] : []),
    ...(opened?.permanent ? [say.PERMANENT] : []),
  ];
  const words = notes.filter((text) => text !== undefined).join(' ');
  return { lines: [say.PORT_STATES[state]], mark: MARKS[state], ...(words !== '' && { note: words }) };
}

/** Returns when the access ends, or when the port was closed. */
const endText = ({ until, closedAt }: PortNow): string => {
  if (until === null) return say.NO_END;
  const end = until ?? closedAt;
  return end === undefined ? '' : formatUtc(end).slice(0, 16);
};
