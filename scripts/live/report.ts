import type { Exchange } from './azure';
import type { Evidenced, KitResult } from './run';
import type { Scrubber } from './scrub/scrubber';
import { formatSwitch, type SwitchName } from '../../test/support/azure/switches';
import { FINDINGS_FORMAT } from '../../test/support/azure/findings';

/**
 * The maximum number of calls for a fact. The first ones are shown, which are those that the experiment made for it.
 */
const MOST_EXCHANGES = 8;
/** The maximum number of characters of a body that is shown completely. */
const LONGEST_BODY = 1500;

/**
 * Formats the findings as a file that the simulation reads. Nothing in it identifies the owner of the Azure
 * subscription.
 */
export function toFindingsFile({ findings }: KitResult, scrubber: Scrubber): string {
  const items = findings.map(({ fact, stand, answer, switches, times }) => ({
    ...{ fact, stand, answer: scrubber.text(answer) },
    switches: Object.fromEntries(
      Object.entries(switches).map(([name, value]) => [name, formatSwitch(name as SwitchName, value)]),
    ),
    times,
  }));
  return `${JSON.stringify({ format: FINDINGS_FORMAT, findings: items }, undefined, 2)}\n`;
}

/** Formats the report for people: fact, result, and evidence, ready to be attached to an issue. */
export function toReport({ findings, left }: KitResult, scrubber: Scrubber): string {
  const settled = findings.filter(({ stand }) => stand === 'settled').length;
  const lines = [
    '# How Azure behaves',
    '',
    `${settled} of ${findings.length} facts are settled. IDs, names, addresses, and credentials are replaced, always with the same replacement for the same value.`,
    '',
    '| Fact | | Answer |',
    '| --- | --- | --- |',
    ...findings.map(
      ({ fact, stand, answer }) => `| \`${fact}\` | ${stand} | ${cell(scrubber.text(answer))} |`,
    ),
    '',
    ...(left.length === 0
      ? ['Everything was restored.']
      : ['Not restored:', '', ...left.map((one) => `- ${scrubber.text(one)}`)]),
    '',
    ...findings.flatMap((finding) => section(finding, scrubber)),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function section(
  { fact, question, answer, stand, exchanges, times }: Evidenced,
  scrubber: Scrubber,
): readonly string[] {
  const shown = exchanges.filter(({ method }) => method !== 'GET').slice(0, MOST_EXCHANGES);
  return [
    `## ${fact}`,
    '',
    question,
    '',
    `**${stand === 'settled' ? 'Answer' : 'Not settled'}:** ${scrubber.text(answer)}`,
    '',
    ...Object.entries(times).map(([name, ms]) => `- ${name}: ${String(ms)}`),
    ...(Object.keys(times).length > 0 ? [''] : []),
    ...shown.flatMap((exchange) => evidence(exchange, scrubber)),
  ];
}

const evidence = ({ method, path, body, answer }: Exchange, scrubber: Scrubber): readonly string[] => [
  '```http',
  `${method} ${scrubber.path(path.split('?')[0] ?? '')}`,
  ...(body ? [shorten(JSON.stringify(scrubber.json(body)))] : []),
  '',
  String(answer.status),
  ...(Object.keys(answer.body).length > 0 ? [shorten(JSON.stringify(scrubber.json(answer.body)))] : []),
  '```',
  '',
];

const shorten = (text: string): string =>
  text.length > LONGEST_BODY ? `${text.slice(0, LONGEST_BODY)}… (${String(text.length)} characters)` : text;

const cell = (text: string): string => text.replace(/\|/g, '\\|').replace(/\s+/g, ' ');
