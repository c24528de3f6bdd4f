import assert from 'node:assert/strict';
import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { formatUtc, listText, markdownText, partSigns, safeText, say } from '../../../tasks/shared/core/text';

/** Any text, with frequent dangerous characters. */
const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '##vso[task.setvariable variable=x]y',
        '##[error]',
        '#',
        '##',
        'vso[',
        '\r\n',
        '\u202e',
        '\u200b',
        '\u2028',
        '\ud83d\ude00',
        '\ud83d',
        '|',
        '`',
        '<img src=x>',
        ' ',
        'a'.repeat(397),
      ),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

describe('foreign text', () => {
  it('never contains control, format, separator, or lone surrogate characters', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        assert.doesNotMatch(safeText(text), /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
      }),
    );
  });

  it('never contains the start of a logging command', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        assert.doesNotMatch(safeText(text), /##[\w.]*\[/);
      }),
    );
  });

  it('holds no two signs that the agent takes for `##`, which it compares by culture', () => {
    const collator = new Intl.Collator('en', { sensitivity: 'variant' });
    for (let code = 0; code <= 0x10ffff; code++) {
      const between = String.fromCodePoint(code);
      if (collator.compare(`#${between}#`, '##') !== 0) continue;
      const shown = partSigns(`#${between}#`, '# ');
      assert.notEqual(collator.compare(shown, '##'), 0, `U+${code.toString(16)}`);
    }
  });

  it('does not show the start of a credential that is cut off', () => {
    const token = `eyJ${'a'.repeat(1200)}`;
    const key = 'bcdefgh2'.repeat(7).slice(0, 52);
    for (let length = 300; length <= 400; length++) {
      const text = `${token} ${'b '.repeat(length / 2)}${key} ${'c'.repeat(400)}`;
      assert.doesNotMatch(safeText(text), /bcd/, `after ${length}`);
    }
  });

  it('is never longer than 400 characters, and stays as it is the second time', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const once = safeText(text);
        assert.ok(once.length <= 400);
        assert.equal(safeText(once), once);
      }),
    );
  });

  it('is not cut in the middle of a character', () => {
    for (let length = 395; length <= 405; length++) {
      const shown = safeText(`${'a'.repeat(length)}\u{1f600}${'b'.repeat(20)}`);
      assert.doesNotMatch(shown, /\p{Cs}/u, `after ${length}`);
    }
  });

  it('does not change if it is ordinary text', () => {
    const text = 'The VM "web-01" (größe: 2, 日本) is in #5 of rg_app; see https://aka.ms/x?y=1#z.';
    assert.equal(safeText(text), text);
  });

  it('is made harmless in every message', () => {
    assert.doesNotMatch(say`VM ${'##vso[task.complete]\n\u202e'} on ${22}`, /##vso\[|\n|\u202e/);
    assert.equal(say`port ${22} of ${'web-01'}.`, 'port 22 of web-01.');
  });
});

describe('foreign text in Markdown', () => {
  it('contains nothing that Markdown or HTML interprets', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const entities = /&(?:amp|lt|gt|#\d+);/g;
        const left = markdownText(text).replace(entities, '');
        assert.doesNotMatch(left, /[\\`*_[\]<>|~&\n\r]|:\/\//);
      }),
    );
  });

  it('is rendered as the original text', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const named: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };
        const back = markdownText(text).replace(
          /&(?:amp|lt|gt|#(\d+));/g,
          (entity, number?: string) => named[entity] ?? String.fromCharCode(Number(number)),
        );
        assert.equal(back, safeText(text));
      }),
    );
  });

  it('does not turn an address into a link', () => {
    const markdown = new MarkdownIt({ html: true, linkify: true });
    const texts = [
      'https://evil.test/',
      'www.evil.test',
      'ops@evil.test',
      '[a](b)',
      '![a](b)',
      'a //evil.test/',
    ];
    for (const text of texts) assert.equal(markdown.renderInline(markdownText(text)), text);
  });
});

describe('text functions', () => {
  it('list words as people do', () => {
    assert.equal(listText([]), '');
    assert.equal(listText(['a']), 'a');
    assert.equal(listText(['a', 'b']), 'a and b');
    assert.equal(listText(['a', 'b', 'c'], 'or'), 'a, b or c');
  });

  it('format a time as UTC to the second', () => {
    assert.equal(formatUtc(Date.UTC(2026, 10, 21, 9, 5, 7, 900)), '2026-11-21 09:05:07 UTC');
  });
});
