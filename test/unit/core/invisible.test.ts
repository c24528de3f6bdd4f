import assert from 'node:assert/strict';
import fc from 'fast-check';
import { findInvisible, trimInvisible, trimParts } from '../../../tasks/shared/core/invisible';

/**
 * Zero width, joiners, direction marks, byte order mark, soft hyphen, fillers, a tag, a variation selector, a blank,
 * and controls.
 */
const INVISIBLE = Array.from(
  '\u200b\u200c\u200d\u200e\u202e\u2060\u2066\ufeff\u00ad\u180e\u034f\u3164\u115f\ufe0f\u2800\u{e0041}\u0001\u0085',
);
const invisible = fc
  .array(fc.constantFrom(...INVISIBLE), { minLength: 1, maxLength: 3 })
  .map((characters) => characters.join(''));
const seen = fc.constantFrom('22', 'rg-app/web-01', '203.0.113.7', '1h', 'größe', '日本', '*');

describe('invisible characters', () => {
  it('are removed at the ends of every part', () => {
    const part = fc.tuple(fc.option(invisible), seen, fc.option(invisible));
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(',', '\n', ' ', ', '),
        (parts, between) => {
          const text = parts
            .map(([before, word, after]) => `${before ?? ''}${word}${after ?? ''}`)
            .join(between);
          const plain = parts.map(([, word]) => word).join(between);
          assert.equal(trimParts(text), plain);
          assert.deepEqual(findInvisible(trimParts(text)), []);
        },
      ),
    );
  });

  it('are found inside a part, with their code points', () => {
    for (const character of INVISIBLE) {
      const code = `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
      const text = trimParts(`22,we${character}b${character}`);
      assert.deepEqual(findInvisible(text), [{ part: `we<${code}>b`, codes: [code] }]);
    }
  });

  it('do not include white space: spaces of any kind become plain spaces, and line separators become line breaks', () => {
    assert.equal(trimParts('\u00a022/tcp\u2009max\u202f3h\u3000'), '22/tcp max 3h');
    assert.equal(trimParts('web-01\u2028web-02\u2029'), 'web-01\nweb-02');
    assert.deepEqual(findInvisible('22,\t23\r\n24 25'), []);
  });

  it('are kept inside free text, which can require them, and removed at its ends', () => {
    const family = '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}';
    assert.equal(
      trimInvisible(`\ufeff \u200b${family} \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645\u00a0\u200b`),
      `${family} \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645`,
    );
    assert.equal(trimInvisible('\u200b \ufeff'), '');
  });
});
