/**
 * A table of a page before it is HTML or Markdown. All texts in it may be foreign: the page makes them harmless.
 */
export interface Table {
  readonly columns: readonly Column[];
  /** As many cells as columns. The first cell of a row names it. */
  readonly rows: readonly Row[];
  /** How many rows the report has beyond these. */
  readonly more: number;
}

export interface Column {
  readonly label: string;
  /** How it is set: numbers end in one line, times and states stay in one piece, the others get room. */
  readonly kind?: 'text' | 'list' | 'name' | 'number' | 'time' | 'state';
}

export type Row = readonly Cell[];

export interface Cell {
  /** Shown one below the other. None: the cell is empty. */
  readonly lines: readonly string[];
  /** Said below them, smaller. */
  readonly note?: string;
  /** The lines are sentences of the messages modules, which are not cut. */
  readonly sentences?: boolean;
  /** The pipeline run that the lines speak of: what `linkTarget` let through. */
  readonly link?: string;
  /** How the first line is to be taken; it says so in words as well. */
  readonly mark?: CellMark;
}

export type CellMark = 'good' | 'bad' | 'warn' | 'neutral';

/** A cell of plain text; null and nothing are an empty one. */
export const cell = (text: string | null, more: Omit<Cell, 'lines'> = {}): Cell => ({
  lines: text === null || text === '' ? [] : [text],
  ...more,
});

/** The table of the first things of a list. */
export function tableOf<Thing>(
  columns: readonly Column[],
  things: readonly Thing[],
  most: number,
  toRow: (thing: Thing) => Row,
): Table {
  return { columns, rows: things.slice(0, most).map(toRow), more: Math.max(0, things.length - most) };
}
