import type { AccessWindow, WindowState } from './windows';

/** One or more windows of the same state, in columns or pixels from the start of the axis. */
export interface Bar {
  readonly x: number;
  readonly width: number;
  readonly state: WindowState;
  readonly from: number;
  readonly to: number;
  /** The number of windows that it stands for. */
  readonly count: number;
}

/** How times become positions. */
export interface Scale {
  /** Returns the position of a time. */
  readonly place: (at: number) => number;
  /** The minimum width of a bar. */
  readonly narrowest: number;
  /** The end of the axis, which no bar exceeds. */
  readonly end: number;
}

/** Maps a time span to this many columns or pixels. */
export function toScale(from: number, to: number, width: number, narrowest: number): Scale {
  const span = Math.max(1, to - from);
  return { place: (at) => ((at - from) / span) * width, narrowest, end: width };
}

/**
 * Returns the bars for the windows of a lane, which are sorted by their start. Windows of the same state that would
 * touch become one bar, so a lane has only as many bars as fit. Active ones come last, and are drawn on top.
 */
export function toBars(windows: readonly AccessWindow[], scale: Scale): readonly Bar[] {
  const open = new Map<WindowState, Bar>();
  const done: Bar[] = [];
  for (const window of windows) {
    const bar = toBar(window, scale);
    const before = open.get(window.state);
    if (before && bar.x <= before.x + before.width) {
      open.set(window.state, joined(before, bar));
      continue;
    }
    if (before) done.push(before);
    open.set(window.state, bar);
  }
  const isActive = ({ state }: Bar): number => (state === 'live' ? 1 : 0);
  return [...done, ...open.values()].sort((one, other) => isActive(one) - isActive(other) || one.x - other.x);
}

function toBar({ from, to, state }: AccessWindow, { place, narrowest, end }: Scale): Bar {
  const width = Math.max(narrowest, place(to) - place(from));
  // A bar that is widened at the end of the axis grows to the left.
  const x = Math.max(0, Math.min(place(from), end - width));
  return { x, width: Math.min(width, end - x), state, from, to, count: 1 };
}

const joined = (one: Bar, other: Bar): Bar => ({
  ...one,
  width: Math.max(one.x + one.width, other.x + other.width) - one.x,
  to: Math.max(one.to, other.to),
  count: one.count + other.count,
});
