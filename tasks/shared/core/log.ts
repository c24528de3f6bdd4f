/** Where a run speaks to its reader. Text comes from the messages modules, with foreign values made harmless. */
export interface Log {
  line(text: string): void;
  warning(text: string): void;
  /** Starts a foldable part; parts do not nest. */
  group(title: string): void;
  endGroup(): void;
  /** 0 to 100, with what is going on. */
  progress(percent: number, doing: string): void;
}

/** So many VMs, or ports, are named one by one; of more, counts are told, and the names are folded. */
export const CROWD = 10;

/** Says something of each of many: lines, as they are up to `CROWD`, else in a folded part. */
export function logEach(log: Log, title: string, lines: readonly string[]): void {
  const isMany = lines.length > CROWD;
  if (isMany) log.group(title);
  for (const line of lines) log.line(line);
  if (isMany) log.endGroup();
}

/**
 * Warns of each of many, once where the words are the same. The agent shows ten warnings of a step: beyond `CROWD` the last
 * one says how many more there are, and these are lines in a folded part.
 *
 * @param more what is said of the others, by their number
 */
export function warnEach(log: Log, warnings: readonly string[], more: (count: number) => string): void {
  const each = [...new Set(warnings)];
  const shown = each.length > CROWD ? each.slice(0, CROWD - 1) : each;
  for (const warning of shown) log.warning(warning);
  const rest = each.slice(shown.length);
  if (rest.length === 0) return;
  log.warning(more(rest.length));
  log.group(more(rest.length));
  for (const warning of rest) log.line(warning);
  log.endGroup();
}
