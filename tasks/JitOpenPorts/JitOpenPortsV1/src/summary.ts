import type { WaitedAccess } from './plan/access';
import { waitedText } from '../../../shared/core/durations';
import { isAny, textsOf } from '../../../shared/core/prefixes';
import { failureMarkdown, formatUtc, markdownText } from '../../../shared/core/text';
import { moreFailures, summaryCut } from './messages/opening';
import type { Outcome } from './open/openPorts';
import type { NotOpened } from './plan/findings';

const STATUS = {
  open: 'open',
  initiated: 'initiated, NSG rules not read',
  requested: 'requested, not waited for',
} as const;

/** The maximum that the page shows. The file of all endpoints has everything. */
const MOST_ROWS = 100;
const MOST_FAILURES = 20;

/** Returns the Markdown for the page of the run, or `undefined` if nothing was granted. */
export function toSummary({ accesses, notOpened, failures }: Outcome): string | undefined {
  if (accesses.length === 0) return undefined;
  const isFailed = ({ waited }: WaitedAccess): boolean => waited.status === 'failed';
  const rows = [
    ...notOpened.map(toRowNotOpened),
    ...accesses.filter(isFailed).map(toRow),
    ...accesses.filter((access) => !isFailed(access)).map(toRow),
  ];
  const isLong = rows.length > MOST_ROWS;
  const lines = [
    ...(isLong ? [summaryCut(MOST_ROWS, rows.length), ''] : []),
    '| VM | Port | Source | Open until | State | Waited |',
    '| --- | ---: | --- | --- | --- | ---: |',
    ...rows.slice(0, MOST_ROWS),
    '',
    ...failures.slice(0, MOST_FAILURES).map(failureMarkdown),
    ...(failures.length > MOST_FAILURES ? [`- ${moreFailures(failures.length - MOST_FAILURES)}`] : []),
  ];
  return `${lines.join('\n').trim()}\n`;
}

/** A VM or port that was not granted has no source and no end. */
const toRowNotOpened = ({ vm, port, failure }: NotOpened): string =>
  `| ${markdownText(vm.name)} | ${port === undefined ? '' : String(port)} | | | not open (${failure.code}) | |`;

function toRow({ access, waited, waitedMs }: WaitedAccess): string {
  const sources = access.sources.some(isAny) ? ['any address'] : textsOf(access.sources);
  const cells = [
    markdownText(access.vm.name),
    String(access.port),
    sources.map(markdownText).join('<br>'),
    formatUtc(access.endsAt),
    waited.status === 'failed' ? `not open (${waited.error.code})` : STATUS[waited.status],
    waited.status === 'requested' ? '' : waitedText(waitedMs),
  ];
  return `| ${cells.join(' | ')} |`;
}
