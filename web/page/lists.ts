import type { Failure } from '../../tasks/shared/core/errors';
import type { ShownCheck, StepPlace } from '../../tasks/shared/document/document';
import { cell, tableOf, type CellMark, type Column } from '../../tasks/shared/view/table';
import * as say from '../messages/tab';
import { toTable } from './table';

const MOST_ROWS = 1000;

const CHECK_COLUMNS: readonly Column[] = [
  { label: say.COLUMNS.topic, kind: 'name' },
  { label: say.COLUMNS.mark, kind: 'state' },
  { label: say.COLUMNS.found, kind: 'text' },
];
const CHECK_MARKS: Readonly<Record<ShownCheck['mark'], CellMark>> = {
  ...{ 'would fail': 'bad', missing: 'bad', warning: 'warn', 'not checked': 'neutral', ok: 'good' },
};

/** The check list of a dry run. */
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

/** What steps failed with. */
export const failureTable = (
  failures: readonly { readonly failure: Failure; readonly step: StepPlace }[],
): HTMLElement =>
  toTable(
    tableOf(FAILURE_COLUMNS, failures, MOST_ROWS, ({ failure, step }) => [
      cell(failure.code, { mark: 'bad' }),
      { lines: [failure.seen, failure.remedy] },
      cell(say.stepText(step.stepName, step.jobName)),
    ]),
    say.HEADINGS.failures,
    say.NOTHING,
    () => false,
  );
