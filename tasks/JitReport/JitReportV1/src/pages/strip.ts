import { toBars, toScale, type Bar } from '../../../../shared/view/bars';
import { toTicks } from '../../../../shared/view/ticks';
import type { Lane, WindowChart, WindowState } from '../../../../shared/view/windows';

/** How many characters a strip has. */
const WIDTH = 56;
const MOST_TICKS = 7;

/** Characters that every common fixed-width font has, all with the same width. */
export const STRIP_MARKS: Readonly<Record<WindowState, string>> = {
  live: '█',
  ended: '▒',
  superseded: '░',
  refused: '×',
  other: '?',
};
const NOTHING = '·';

/**
 * Returns the time axis in as many characters as a strip has. Each label begins at its time. There are no two
 * consecutive spaces.
 */
export function axisText({ from, to }: WindowChart): string {
  const { place } = toScale(from, to, WIDTH, 1);
  const line = Array.from({ length: WIDTH }, () => '─');
  for (const { at, label } of toTicks(from, to, MOST_TICKS)) {
    const text = `┬${label}`;
    const start = Math.floor(place(at));
    if (start + text.length > WIDTH) continue;
    line.splice(start, text.length, ...Array.from(text));
  }
  return line.join('');
}

/** Returns the windows of a lane, one character for each part of the time. If states overlap, `live` is shown. */
export function stripText({ windows }: Lane, { from, to }: WindowChart): string {
  const line = Array.from({ length: WIDTH }, () => NOTHING);
  for (const bar of toBars(windows, toScale(from, to, WIDTH, 1))) {
    const { start, length } = characters(bar);
    line.fill(STRIP_MARKS[bar.state], start, start + length);
  }
  return line.join('');
}

function characters({ x, width }: Bar): { readonly start: number; readonly length: number } {
  const start = Math.min(Math.floor(x), WIDTH - 1);
  return { start, length: Math.max(1, Math.ceil(x + width) - 1 - start) };
}
