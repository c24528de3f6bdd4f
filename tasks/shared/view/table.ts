/** A table of a page, before it becomes HTML or Markdown. Its texts can be foreign: the page makes them safe. */
export interface Table {
  readonly columns: readonly Column[];
  /** A row has as many cells as there are columns. The first cell of a row names it. */
  readonly rows: readonly Row[];
  /** How many rows the report has in addition to these. */
  readonly more: number;
}

export interface Column {
  readonly label: string;
  /**
   * How the column is formatted: numbers are aligned at the end, times and states do not wrap, others get more space.
   */
  readonly kind?: 'text' | 'list' | 'name' | 'number' | 'time' | 'state';
}

export type Row = readonly Cell[];

export interface Cell {
  /** Lines below each other. If there are none, the cell is empty. */
  readonly lines: readonly string[];
  /** A smaller text below the lines. */
  readonly note?: string;
  /** Whether the lines are sentences from the messages modules, which are not cut. */
  readonly sentences?: boolean;
  /** The pipeline run that the lines refer to, as returned by `linkTarget`. */
  readonly link?: string;
  /** How to interpret the first line, which also says so in words. */
  readonly mark?: CellMark;
}

export type CellMark = 'good' | 'bad' | 'warn' | 'neutral';

/** Returns a cell of plain text. Null and an empty text are an empty cell. */
export const cell = (text: string | null, more: Omit<Cell, 'lines'> = {}): Cell => ({
  lines: text === null || text === '' ? [] : [text],
  ...more,
});

/** Returns a table of the first items of a list. */
export function tableOf<Thing>(
  columns: readonly Column[],
  things: readonly Thing[],
  most: number,
  toRow: (thing: Thing) => Row,
): Table {
  return { columns, rows: things.slice(0, most).map(toRow), more: Math.max(0, things.length - most) };
}
