import { formatDuration, parseIsoDuration } from '../core/durations';
import { formatUtc, safeText } from '../core/text';
import { ANY_ADDRESS, moreText } from './messages/report';
import { CALLER_ADDRESS } from './messages/open';
import type { ConfiguredPort } from './report';

/** Formats `2026-11-21 10:15`, for pages that say that times are UTC. Text that is not a time is only made safe. */
export function timeText(iso: string): string {
  const at = Date.parse(iso);
  return Number.isNaN(at) ? safeText(iso) : formatUtc(at).slice(0, 16);
}

/** Formats `PT3H` as `3 h`. */
export function lengthText(iso: string): string {
  const ms = parseIsoDuration(iso);
  return ms === undefined ? safeText(iso) : formatDuration(ms);
}

/** Returns the first items of a list, and how many more there are. */
export function firstFew(items: readonly string[], most: number, more = 0): readonly string[] {
  const rest = Math.max(0, items.length - most) + more;
  return rest === 0 ? items : [...items.slice(0, most), moreText(rest)];
}

/** Lists addresses and CIDRs for people: at most six, and `*` as any address. */
export function sourceText(sources: readonly string[], more = 0): string {
  if (sources.length === 0) return CALLER_ADDRESS;
  return sources.includes('*') ? ANY_ADDRESS : firstFew(sources, 6, more).join(', ');
}

/** Formats `22/tcp`. A port of any protocol is only its number. */
export const portText = ({ port, protocol }: Pick<ConfiguredPort, 'port' | 'protocol'>): string =>
  protocol === '*' ? String(port) : `${String(port)}/${protocol.toLowerCase()}`;
