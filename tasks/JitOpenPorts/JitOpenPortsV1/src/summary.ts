import type { WaitedAccess } from './plan/access';
import { formatDuration } from '../../../shared/core/durations';
import { isAny, textsOf } from '../../../shared/core/prefixes';
import { failureMarkdown, formatUtc, markdownText } from '../../../shared/core/text';
import type { Outcome } from './open/openPorts';

const STATUS = {
  open: 'open',
  initiated: 'initiated, rules not read',
  requested: 'requested, not awaited',
} as const;

/** The Markdown that the run's page shows; nothing when nothing was granted. */
export function toSummary({ accesses, failures }: Outcome): string | undefined {
  if (accesses.length === 0) return undefined;
  const lines = [
    '| VM | Port | Source | Open until | State | Waited |',
    '| --- | ---: | --- | --- | --- | ---: |',
    ...accesses.map(toRow),
    '',
    ...failures.map(failureMarkdown),
  ];
  return `${lines.join('\n').trim()}\n`;
}

function toRow({ access, waited, waitedMs }: WaitedAccess): string {
  const sources = access.sources.some(isAny) ? ['any address'] : textsOf(access.sources);
  const cells = [
    markdownText(access.vm.name),
    String(access.port),
    sources.map(markdownText).join('<br>'),
    formatUtc(access.endsAt),
    waited.status === 'failed' ? `not open (${waited.error.code})` : STATUS[waited.status],
    waitedMs < 1000 ? 'less than 1 s' : formatDuration(Math.round(waitedMs / 1000) * 1000),
  ];
  return `| ${cells.join(' | ')} |`;
}
