import { formatUtc, safeText } from '../../../../shared/domain/text';
import { emptyText, HEADINGS, UNKNOWN_VM } from '../../../../shared/messages/report';
import {
  chartText,
  moreLanesText,
  NOW_LABEL,
  WINDOW_LABELS,
  windowText,
} from '../../../../shared/messages/reportPicture';
import type { Report } from '../model';
import { toBars, toScale, type Bar, type Scale } from './bars';
import { xmlText } from './escape';
import { shorten } from './shorten';
import { SVG_STYLE } from './svgStyle';
import { toTicks, type Tick } from './ticks';
import { toWindowChart, WINDOW_STATES, type Lane, type WindowChart, type WindowState } from './windows';

const MOST_LANES = 40;

/** Pixels of the picture before it is scaled. The names take `LEFT`, of which the port has `PORT`. */
const WIDTH = 960;
const LEFT = 250;
const PORT = 56;
const RIGHT = 30;
const TOP = 52;
const LANE = 24;
const BAR = 14;
/** Of the 12 px fixed-width font; the widest in use has 0.61 of its height. */
const COLUMN = 7.4;
const NAME_COLUMNS = Math.floor((LEFT - PORT - 28) / COLUMN);
const MOST_TICKS = 9;
const NARROWEST = 4;

/** `jit-windows.svg`: access windows over time, with its own look, without script and without anything from elsewhere. */
export function toSvg(report: Report): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${toSvgElement(report, `<style>${SVG_STYLE}</style>`)}\n`;
}

/** The same picture as an element of a page that has `SVG_STYLE`. */
export function toSvgElement(report: Report, style = ''): string {
  const chart = toWindowChart(report, MOST_LANES);
  const bottom = TOP + Math.max(1, chart.lanes.length) * LANE;
  const more = chart.moreLanes > 0 ? LANE : 0;
  const height = bottom + more + 48;
  const scale = toScale(chart.from, chart.to, WIDTH - LEFT - RIGHT, NARROWEST);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="w-chart" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="w-title w-desc" direction="ltr">`,
    `<title id="w-title">${xmlText(HEADINGS.windows)}</title>`,
    `<desc id="w-desc">${xmlText(describe(chart))}</desc>`,
    style,
    `<defs><pattern id="w-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="w-hatch" d="M0 0V6"/></pattern></defs>`,
    `<rect class="w-ground" width="${WIDTH}" height="${height}"/>`,
    ...chart.lanes.map((_, index) => stripe(index)),
    ...toTicks(chart.from, chart.to, MOST_TICKS).map((tick) => tickMark(tick, scale, bottom)),
    nowMark(chart, scale, bottom),
    ...chart.lanes.flatMap((lane, index) => laneMarks(lane, TOP + index * LANE, scale)),
    ...(chart.lanes.length === 0
      ? [text(LEFT, TOP + 16, emptyText('windows', report.gaps.length), 'w-soft')]
      : []),
    ...(more > 0 ? [text(16, bottom + 18, moreLanesText(chart.moreLanes), 'w-soft')] : []),
    ...legend(bottom + more + 22),
    '</svg>',
  ].join('\n');
}

function describe({ from, to, lanes, moreLanes }: WindowChart): string {
  const windows = lanes.flatMap((lane) => lane.windows);
  const live = windows.filter(({ state }) => state === 'live').length;
  return chartText(windows.length, live, lanes.length, moreLanes, formatUtc(from), formatUtc(to));
}

const text = (x: number, y: number, words: string, look: string, more = ''): string =>
  `<text x="${px(x)}" y="${px(y)}" class="${look}"${more}>${xmlText(words)}</text>`;

const px = (value: number): string => String(Math.round(value * 10) / 10);

const stripe = (index: number): string =>
  index % 2 === 0
    ? `<rect class="w-stripe" y="${TOP + index * LANE}" width="${WIDTH}" height="${LANE}"/>`
    : '';

function tickMark({ at, label, context }: Tick, { place }: Scale, bottom: number): string {
  const x = LEFT + place(at);
  return [
    `<path class="w-grid" d="M${px(x)} ${TOP - 6}V${bottom}"/>`,
    text(x, TOP - 12, label, 'w-text', ' text-anchor="middle"'),
    context === '' ? '' : text(x, TOP - 27, context, 'w-soft', ' text-anchor="middle"'),
  ].join('');
}

/** The label stands in the lowest line, where no tick has one. */
function nowMark({ now }: WindowChart, { place }: Scale, bottom: number): string {
  const x = LEFT + place(now);
  return (
    `<path class="w-now" d="M${px(x)} ${TOP - 6}V${bottom + 4}"/>` +
    text(x, bottom + 15, NOW_LABEL, 'w-text', ' text-anchor="middle"')
  );
}

function laneMarks(lane: Lane, top: number, scale: Scale): readonly string[] {
  const vm = safeText(lane.vmName ?? UNKNOWN_VM);
  const port = lane.port === null ? '' : String(lane.port);
  return [
    // An own viewport cuts off what a font draws wider or higher than it says.
    `<svg x="16" y="${top}" width="${LEFT - PORT - 20}" height="${LANE}"><title>${xmlText(vm)}</title>${text(0, 16, shorten(vm, NAME_COLUMNS), 'w-text w-name')}</svg>`,
    text(LEFT - 14, top + 16, port, 'w-soft w-name', ' text-anchor="end"'),
    ...toBars(lane.windows, scale).map((bar) => barMark(bar, `${vm} ${port}`.trim(), top)),
  ];
}

function barMark(bar: Bar, lane: string, top: number): string {
  const words = windowText(lane, formatUtc(bar.from), formatUtc(bar.to), bar.state, bar.count);
  return `<g><title>${xmlText(words)}</title>${shape(bar.state, LEFT + bar.x, top + (LANE - BAR) / 2, bar.width)}</g>`;
}

/** A refused request has no duration: it is a cross at its time. */
function shape(state: WindowState, x: number, y: number, width: number): string {
  if (state !== 'refused') {
    return `<rect class="w-${state}" x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${BAR}" rx="2"/>`;
  }
  const [left, right, top, bottom] = [x + width / 2 - 4, x + width / 2 + 4, y + 3, y + BAR - 3].map(px);
  return `<path class="w-refused" d="M${left} ${top}L${right} ${bottom}M${left} ${bottom}L${right} ${top}"/>`;
}

function legend(top: number): readonly string[] {
  return WINDOW_STATES.map((state, index) => {
    const x = 16 + index * 150;
    return shape(state, x, top, 26) + text(x + 34, top + 11, WINDOW_LABELS[state], 'w-text');
  });
}
