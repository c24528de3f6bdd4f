import type { ChartElement } from '../../tasks/shared/view/chart';
import { daysText, dayText } from '../messages/widget';
import type { RequestDay } from '../read/days';
import { toSvg } from './dom';

const WIDTH = 300;
const HEIGHT = 64;
const LEAST = 3;
const WIDEST = 18;

/** Returns a picture with a bar for each day, as high as its number of requests. A day without requests is a line. */
export function daysPicture(days: readonly RequestDay[]): SVGElement {
  const most = Math.max(1, ...days.map(({ count }) => count));
  const step = WIDTH / Math.max(1, days.length);
  const bars = days.map(({ day, count }, at): ChartElement => {
    const height = count === 0 ? 1 : Math.max(LEAST, (count / most) * (HEIGHT - 2));
    const width = Math.min(step * 0.8, WIDEST);
    const x = at * step + (step - width) / 2;
    const place = { x: round(x), y: round(HEIGHT - height), width: round(width) };
    return {
      name: 'rect',
      attributes: { class: count === 0 ? 'none' : 'some', ...place, height: round(height) },
      children: [{ name: 'title', attributes: {}, children: [dayText(day, count)] }],
    };
  });
  const total = days.reduce((sum, { count }) => sum + count, 0);
  return toSvg({
    name: 'svg',
    attributes: {
      ...{ class: 'days', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img' },
      'aria-label': daysText(total, days.length),
    },
    children: bars,
  });
}

const round = (value: number): number => Math.round(value * 10) / 10;
