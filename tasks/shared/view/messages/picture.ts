import { say } from '../../core/text';
import { countText, numberText } from './report';

/** Texts of the chart of access windows, in its file, on the report's page, and on the page of the run. */

export const NOW_LABEL = 'now';

export const WINDOW_LABELS = {
  live: 'active',
  ended: 'ended',
  superseded: 'superseded',
  refused: 'refused',
  other: 'other',
} as const;

/** Describes the chart for people who cannot see it. */
export const chartText = (
  windows: number,
  active: number,
  lanes: number,
  moreLanes: number,
  from: string,
  to: string,
): string =>
  say`${countText(windows, 'access window')} on ${countText(lanes, 'port')} from ${from} to ${to}. Active now: ${numberText(active)}.` +
  (moreLanes > 0 ? ` ${moreLanesText(moreLanes)}` : '');

/** Describes one bar of the chart: `web-01 22: 2026-11-21 10:00:00 UTC to …, ended`. */
export const windowText = (
  lane: string,
  from: string,
  to: string,
  state: keyof typeof WINDOW_LABELS,
  count: number,
): string =>
  say`${lane}: ${from === to ? from : `${from} to ${to}`}, ${WINDOW_LABELS[state]}` +
  (count > 1 ? say` (${countText(count, 'request')})` : '');

export const moreLanesText = (count: number): string =>
  say`${numberText(count)} more ${count === 1 ? 'port is' : 'ports are'} not in the chart.`;

/** Describes the time span of a chart made of characters. */
export const axisNote = (from: string, to: string): string => say`From ${from} to ${to}.`;
