import { formatUtc, safeText } from '../core/text';
import { emptyText, HEADINGS, UNKNOWN_VM } from './messages/report';
import { chartText, moreLanesText, NOW_LABEL, WINDOW_LABELS, windowText } from './messages/picture';
import type { Report } from './report';
import { toBars, toScale, type Bar, type Scale } from './bars';
import { shorten } from './shorten';
import { toTicks, type Tick } from './ticks';
import { toWindowChart, WINDOW_STATES, type Lane, type WindowChart, type WindowState } from './windows';

const MOST_LANES = 40;

/** Positions, in pixels of the picture before it is scaled. */
interface Layout {
  /** The start of each ID, which makes it unique in a page with both pictures. */
  readonly id: string;
  readonly width: number;
  /** Where the time axis begins, and how much space is left after it. */
  readonly left: number;
  readonly right: number;
  /** The height of a lane, and where its bars begin. */
  readonly lane: number;
  readonly bars: number;
  /** Where the text of a lane is, and how much space the VM's name has. */
  readonly textAt: number;
  readonly nameWidth: number;
  /** Where the port ends. If absent, it follows the name. */
  readonly portEnd?: number;
  readonly mostTicks: number;
  /** In the legend: states in a row, and the distance between them. */
  readonly perRow: number;
  readonly apart: number;
}

/** Names are before the bars. */
const WIDE: Layout = {
  ...{ id: 'w', width: 960, left: 250, right: 30, lane: 24, bars: 5, textAt: 16, portEnd: 236 },
  ...{ nameWidth: 174, mostTicks: 9, perRow: 5, apart: 150 },
};
/** For phones: names are above the bars. */
const NARROW: Layout = {
  ...{ id: 'n', width: 328, left: 12, right: 14, lane: 42, bars: 22, textAt: 16 },
  ...{ nameWidth: 300, mostTicks: 4, perRow: 3, apart: 104 },
};

const INSET = 12;
const TOP = 52;
const BAR = 14;
const LEGEND = 22;
/** The width of a character in the 12 px fixed-width font. The widest font in use has 0.61 of its height. */
const COLUMN = 7.4;
const NARROWEST = 4;

/** An element of the picture, before it becomes markup or part of a page. Its texts can be foreign. */
export interface ChartElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly children: readonly (ChartElement | string)[];
}

const element = (
  name: string,
  attributes: ChartElement['attributes'],
  ...children: ChartElement['children']
): ChartElement => ({ name, attributes, children });

/** Draws access windows over time, with names before the bars, for a page that has `SVG_STYLE`. */
export const drawWide = (report: Report): ChartElement => draw(report, WIDE, 'w-wide');

/** Draws the picture for a page that is as narrow as a phone. */
export const drawNarrow = (report: Report): ChartElement => draw(report, NARROW, 'w-narrow');

function draw(report: Report, layout: Layout, className: string): ChartElement {
  const { id, width, left, right, lane: laneHeight } = layout;
  const chart = toWindowChart(report, MOST_LANES);
  const bottom = TOP + Math.max(1, chart.lanes.length) * laneHeight;
  const more = chart.moreLanes > 0 ? LEGEND : 0;
  const rows = Math.ceil(WINDOW_STATES.length / layout.perRow);
  const height = bottom + more + 26 + rows * LEGEND;
  const scale = toScale(chart.from, chart.to, width - left - right, NARROWEST);
  const attributes = { class: `w-chart ${className}`, viewBox: `0 0 ${width} ${height}`, width, height };
  const reads = { role: 'img', 'aria-labelledby': `${id}-title ${id}-desc`, direction: 'ltr' };
  return element(
    'svg',
    { ...attributes, ...reads },
    element('title', { id: `${id}-title` }, HEADINGS.windows),
    element('desc', { id: `${id}-desc` }, describe(chart)),
    element('defs', {}, hatch(id)),
    element('rect', { class: 'w-ground', width, height }),
    ...chart.lanes.flatMap((_, index) => stripe(index, layout)),
    // Without lanes, a text takes their place, and no line crosses it.
    ...toTicks(chart.from, chart.to, layout.mostTicks).flatMap((tick) =>
      tickMark(tick, left, scale, chart.lanes.length === 0 ? TOP : bottom),
    ),
    ...(chart.lanes.length === 0 ? [] : nowMark(chart, left, scale, bottom)),
    ...chart.lanes.flatMap((lane, index) => laneMarks(lane, TOP + index * laneHeight, layout, scale)),
    ...(chart.lanes.length === 0 ? [text(left, TOP + 16, emptyText('windows', report), 'w-soft')] : []),
    ...(more > 0 ? [text(INSET, bottom + 18, moreLanesText(chart.moreLanes), 'w-soft')] : []),
    ...legend(bottom + more + 22, layout),
  );
}

const hatch = (id: string): ChartElement =>
  element(
    'pattern',
    {
      ...{ id: `${id}-hatch`, width: 6, height: 6 },
      ...{ patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' },
    },
    element('path', { class: 'w-hatch', d: 'M0 0V6' }),
  );

function describe({ from, to, lanes, moreLanes }: WindowChart): string {
  const windows = lanes.flatMap((lane) => lane.windows);
  const active = windows.filter(({ state }) => state === 'live').length;
  return chartText(windows.length, active, lanes.length, moreLanes, formatUtc(from), formatUtc(to));
}

const text = (
  x: number,
  y: number,
  words: string,
  className: string,
  anchor?: 'middle' | 'end',
): ChartElement =>
  element('text', { x: px(x), y: px(y), class: className, ...(anchor && { 'text-anchor': anchor }) }, words);

const px = (value: number): string => String(Math.round(value * 10) / 10);

const stripe = (index: number, { lane, width }: Layout): readonly ChartElement[] =>
  index % 2 === 0 ? [element('rect', { class: 'w-stripe', y: TOP + index * lane, width, height: lane })] : [];

function tickMark(
  { at, label, context }: Tick,
  left: number,
  { place }: Scale,
  bottom: number,
): readonly ChartElement[] {
  const x = left + place(at);
  return [
    element('path', { class: 'w-grid', d: `M${px(x)} ${TOP - 6}V${bottom}` }),
    text(x, TOP - 12, label, 'w-text', 'middle'),
    ...(context === '' ? [] : [text(x, TOP - 27, context, 'w-soft', 'middle')]),
  ];
}

/** Draws the current time. Its label is on the lowest line, where no tick has one. */
function nowMark(
  { now }: WindowChart,
  left: number,
  { place }: Scale,
  bottom: number,
): readonly ChartElement[] {
  const x = left + place(now);
  return [
    element('path', { class: 'w-now', d: `M${px(x)} ${TOP - 6}V${bottom + 4}` }),
    text(x, bottom + 15, NOW_LABEL, 'w-text', 'middle'),
  ];
}

function laneMarks(lane: Lane, top: number, layout: Layout, scale: Scale): readonly ChartElement[] {
  const { nameWidth, textAt, portEnd, lane: height } = layout;
  const vm = safeText(lane.vmName ?? UNKNOWN_VM);
  const port = lane.port === null ? '' : String(lane.port);
  const columns = Math.floor(nameWidth / COLUMN);
  const after = portEnd === undefined && port !== '' ? ` ${port}` : '';
  const name = shorten(vm, columns - after.length) + after;
  return [
    // A viewport of its own cuts off what a font draws wider or higher than declared.
    element(
      'svg',
      { x: INSET, y: top, width: nameWidth, height },
      element('title', {}, vm),
      text(0, textAt, name, 'w-text w-name'),
    ),
    ...(portEnd === undefined ? [] : [text(portEnd, top + textAt, port, 'w-soft w-name', 'end')]),
    ...toBars(lane.windows, scale).map((bar) => barMark(bar, `${vm} ${port}`.trim(), top, layout)),
  ];
}

function barMark(bar: Bar, lane: string, top: number, layout: Layout): ChartElement {
  const words = windowText(lane, formatUtc(bar.from), formatUtc(bar.to), bar.state, bar.count);
  const mark = shape(bar.state, layout.left + bar.x, top + layout.bars, bar.width);
  return element('g', {}, element('title', {}, words), mark);
}

/** Draws a bar. A refused request has no duration: it is a cross at its time. */
function shape(state: WindowState, x: number, y: number, width: number): ChartElement {
  if (state !== 'refused') {
    const box = { x: px(x), y: px(y), width: px(width), height: BAR };
    return element('rect', { class: `w-${state}`, ...box, rx: 2 });
  }
  const [left, right, top, bottom] = [x + width / 2 - 4, x + width / 2 + 4, y + 3, y + BAR - 3].map(px);
  const d = `M${left} ${top}L${right} ${bottom}M${left} ${bottom}L${right} ${top}`;
  return element('path', { class: 'w-refused', d });
}

function legend(top: number, layout: Layout): readonly ChartElement[] {
  const { perRow, apart } = layout;
  return WINDOW_STATES.flatMap((state, index) => {
    const x = INSET + (index % perRow) * apart;
    const y = top + Math.floor(index / perRow) * LEGEND;
    return [shape(state, x, y, 26), text(x + 32, y + 11, WINDOW_LABELS[state], 'w-text')];
  });
}
