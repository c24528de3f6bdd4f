import type { Failure } from '../../tasks/shared/core/errors';
import type { LeftOut, ShownCheck, StepPlace } from '../../tasks/shared/document/document';
import { cell, tableOf, type Cell, type CellMark, type Column } from '../../tasks/shared/view/table';
import * as say from '../messages/tab';
import { toTable } from './table';
import type { ToVmCell } from './vmCell';

const MOST_ROWS = 1000;

const CHECK_COLUMNS: readonly Column[] = [
  { label: say.COLUMNS.topic, kind: 'name' },
  { label: say.COLUMNS.mark, kind: 'state' },
  { label: say.COLUMNS.found, kind: 'text' },
];
const CHECK_MARKS: Readonly<Record<ShownCheck['mark'], CellMark>> = {
  ...{
    'would fail': 'bad',
    missing: 'bad',
    warning: 'warn',
    'not checked': 'neutral',
    info: 'neutral',
    ok: 'good',
  },
};

/** Creates the table of a dry run's check list. */
export const checkTable = (checks: readonly ShownCheck[], caption: string): HTMLElement =>
  toTable(
    tableOf(CHECK_COLUMNS, checks, MOST_ROWS, ({ topic, mark, text }) => [
      cell(topic),
      cell(mark, { mark: CHECK_MARKS[mark] }),
      cell(text),
    ]),
    caption,
    say.NOTHING,
    () => false,
  );

const FAILURE_COLUMNS: readonly Column[] = [
  { label: say.COLUMNS.code, kind: 'name' },
  { label: say.COLUMNS.seen, kind: 'text' },
  { label: say.COLUMNS.step, kind: 'text' },
];

/** Creates the table of the failures of steps. */
export const failureTable = (
  failures: readonly { readonly failure: Failure; readonly step: StepPlace }[],
): HTMLElement =>
  toTable(
    tableOf(FAILURE_COLUMNS, failures, MOST_ROWS, ({ failure, step }) => failureCells(failure, step)),
    say.HEADINGS.failures,
    say.NOTHING,
    () => false,
  );

const LEFT_OUT_COLUMNS: readonly Column[] = [
  { label: say.COLUMNS.vm, kind: 'name' },
  { label: say.COLUMNS.port, kind: 'number' },
  ...FAILURE_COLUMNS,
];

/** Creates the table of VMs and ports that were not requested, while others were. */
export const leftOutTable = (
  leftOut: readonly { readonly one: LeftOut; readonly step: StepPlace }[],
  vmCell: ToVmCell,
): HTMLElement =>
  toTable(
    tableOf(LEFT_OUT_COLUMNS, leftOut, MOST_ROWS, ({ one, step }) => [
      vmCell(one),
      cell(one.port === null ? say.WHOLE_VM : String(one.port)),
      ...failureCells(one, step),
    ]),
    say.HEADINGS.leftOut,
    say.NOTHING,
    () => false,
  );

const failureCells = ({ code, seen, remedy }: Failure, step: StepPlace): readonly Cell[] => [
  cell(code, { mark: 'bad' }),
  { lines: [seen, remedy] },
  cell(say.stepText(step.stepName, step.jobName)),
];
