import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isAny, textsOf } from '../../tasks/shared/core/prefixes';
import MarkdownIt from 'markdown-it';
import { toSummary } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/summary';
import { toSummary as toPolicySummary } from '../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/summary';
import { safeText } from '../../tasks/shared/core/text';
import { notReached } from '../../tasks/shared/messages/failures';
import { assertHarmless, hostileText } from './hostileTexts';
import { toThings } from './hostileThings';

/** The most permissive settings of the run page, which interpret HTML and bare links. */
const markdown = new MarkdownIt({ html: true, linkify: true });

const texts = fc.array(hostileText, { minLength: 12, maxLength: 12 });

/** The allowed content of a cell or an item: text, and line breaks between addresses. */
const READ_AS_TEXT = ['text', 'text_special', 'html_inline:<br>'];

function parts(summary: string) {
  const tokens = markdown.parse(summary, {});
  return tokens.flatMap((token, at) => {
    if (token.type !== 'inline') return [];
    const children = token.children ?? [];
    const kinds = children.map(({ type, content }) => (type === 'html_inline' ? `${type}:${content}` : type));
    const words = children.map(({ type, content }) => (type === 'html_inline' ? '\n' : content)).join('');
    return [{ place: tokens[at - 1]?.type, kinds, words }];
  });
}

describe('the summary with foreign text', () => {
  it('is a table with six cells in every row, and a list of failures, all in plain text', () => {
    fc.assert(
      fc.property(texts, ([first = '', ...more]) => {
        const { waited, text } = toThings([first, ...more]);
        const failures = [notReached(text(), text()), notReached(text(), text())];
        const summary = toSummary({ accesses: waited, failures, notOpened: [], places: new Map() }) ?? '';
        const read = parts(summary);
        const count = (place: string) => read.filter((part) => part.place === place).length;
        assert.deepEqual(
          [count('th_open'), count('td_open'), count('paragraph_open'), read.length],
          [6, 6 * waited.length, failures.length, 6 + 6 * waited.length + failures.length],
        );
        for (const { kinds } of read) {
          for (const kind of kinds) assert.ok(READ_AS_TEXT.includes(kind), kind);
        }
        for (const line of summary.trimEnd().split('\n')) assertHarmless(line);
      }),
    );
  });

  it('shows names and addresses unchanged, except for unsafe characters', () => {
    fc.assert(
      fc.property(texts, ([first = '', ...more]) => {
        const { waited } = toThings([first, ...more]);
        const [access] = waited.map((entry) => entry.access);
        assert.ok(access);
        const cells = parts(
          toSummary({ accesses: waited, failures: [], notOpened: [], places: new Map() }) ?? '',
        ).slice(6);
        assert.equal(cells[0]?.words, safeText(access.vm.name));
        const sources = access.sources.some(isAny) ? ['any address'] : textsOf(access.sources);
        assert.equal(cells[2]?.words.trim(), sources.map(safeText).join('\n').trim());
      }),
    );
  });
});

describe('the summary of configured policies', () => {
  it('shows the complete remedy of a failure', () => {
    const { vm } = toThings(['a']);
    const failure = notReached('Azure', 'why '.repeat(200));
    const configured = { vms: [vm], results: [], uncovered: [vm], failures: [failure], checks: [] };
    const read = parts(toPolicySummary(configured, false));
    assert.equal(read.at(-1)?.words, failure.message);
  });
});

describe('the summary of configured policies with foreign text', () => {
  it('is a table with five cells in every row, a row for each port, and a list of failures, all in plain text', () => {
    fc.assert(
      fc.property(texts, ([first = '', ...more]) => {
        const { vm, policy, vmDifferences, text } = toThings([first, ...more]);
        const summary = toPolicySummary(
          {
            vms: [vm],
            results: [{ ref: policy, changed: true, differences: vmDifferences }],
            uncovered: [vm],
            failures: [notReached(text(), text())],
            checks: [],
          },
          false,
        );
        const read = parts(summary);
        const count = (place: string) => read.filter((part) => part.place === place).length;
        const rows = vmDifferences.reduce((sum, { ports }) => sum + ports.length, 1);
        assert.deepEqual([count('th_open'), count('td_open'), read.length], [5, 5 * rows, 5 + 5 * rows + 1]);
        for (const { kinds } of read) for (const kind of kinds) assert.ok(READ_AS_TEXT.includes(kind), kind);
        for (const line of summary.trimEnd().split('\n')) assertHarmless(line);
      }),
    );
  });
});
