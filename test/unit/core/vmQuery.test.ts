import assert from 'node:assert/strict';
import fc from 'fast-check';
import { findFilterProblem, toGraphQuery } from '../../../tasks/shared/core/vmQuery';

describe('a filter for VMs', () => {
  for (const filter of [
    "tags.env == 'test' and resourceGroup startswith 'web-'",
    "name in~ ('web-01','web-02')",
    'tags["cost center"] =~ "4711" or not(location has_any ("westeurope", "northeurope"))',
    "tags.union == 'join' and tags.url == 'https://a.example/x?a|b;c'",
    "name matches regex @'^web-\\d+$'",
    'tags.note == "it\'s so"',
    "name !~ ''\n  and properties.hardwareProfile.vmSize startswith 'Standard_D'",
    'isnotempty(tags.env)',
    "tags.joined == 'x' and name != 'table'",
  ]) {
    it(`can be ${filter.replace('\n', ' ')}`, () => {
      assert.equal(findFilterProblem(filter), undefined);
    });
  }

  for (const [filter, kind, part] of [
    ["name == 'a' | union resources", 'operator', '|'],
    ["name == 'a'; resources", 'operator', ';'],
    ["name == 'a' // and more", 'comment', '//'],
    ["name == 'a' /* more */", 'comment', '/*'],
    ["name == 'a') or (true", 'bracket', ')'],
    ["(name == 'a'", 'openBracket', '('],
    ["name in ('a']", 'bracket', ']'],
    ["name == 'a", 'openText', "'a"],
    ["name == 'a\nb'", 'openText', "'a"],
    ['name == ```a```', 'multiLineText', '`'],
    ['name == ~~~a~~~', 'multiLineText', '~'],
    ["name == 'a\\' or 1 == 1) | union resources //'", 'quote', "'a\\'"],
    ["name == 'a''b'", 'quote', "'a'"],
    ["name == 'a' union resources", 'word', 'union'],
    ["name == 'a' JOIN (resources) on id", 'word', 'JOIN'],
    ['id in (toscalar(resources))', 'word', 'toscalar'],
    ["let x = 'a'", 'word', 'let'],
    ["name == externaldata(x: string)['https://a.example']", 'word', 'externaldata'],
  ] as const) {
    it(`is rejected for ${filter.replace('\n', ' ')}`, () => {
      assert.deepEqual(findFilterProblem(filter), { kind, part });
    });
  }

  it('never ends the surrounding condition, regardless of how the language treats quotes in strings', () => {
    const piece = fc.constantFrom(
      ...[
        "'",
        '"',
        '\\',
        '(',
        ')',
        '[',
        ']',
        '{',
        '}',
        '|',
        ';',
        '//',
        '\n',
        ' ',
        'name',
        '==',
        'union',
        '.',
        '@',
        ',',
      ],
    );
    let passed = 0;
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const filter = pieces.join('');
        if (findFilterProblem(filter)) return;
        passed += 1;
        for (const escapes of [true, false]) assert.ok(staysInside(filter, escapes), JSON.stringify(filter));
      }),
      { numRuns: 5000 },
    );
    assert.ok(passed > 100, `${passed} passed`);
  });

  it('is on separate lines of a query that returns VM IDs in order', () => {
    const lines = toGraphQuery("name == 'a'").split('\n');
    assert.equal(lines[3], "name == 'a'");
    assert.equal(lines[1], "| where type =~ 'microsoft.compute/virtualmachines'");
    assert.deepEqual(lines.slice(4), [')', '| project id', '| order by id asc']);
  });
});

/**
 * Reads a filter character by character, in a language where a backslash escapes a quote, or in one where it does not.
 */
function staysInside(filter: string, escapes: boolean): boolean {
  let quote = '';
  let depth = 0;
  for (let at = 0; at < filter.length; at += 1) {
    const letter = filter.charAt(at);
    if (quote !== '') {
      if (letter === '\n') return false;
      if (escapes && letter === '\\') at += 1;
      else if (letter === quote) quote = '';
      continue;
    }
    if (letter === "'" || letter === '"') quote = letter;
    if ('([{'.includes(letter)) depth += 1;
    if (')]}'.includes(letter)) depth -= 1;
    if (depth < 0 || '|;'.includes(letter) || filter.startsWith('//', at)) return false;
  }
  return quote === '' && depth === 0;
}
