import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parsePrefixes, textsOf } from '../../../tasks/shared/core/prefixes';
import * as sources from '../../../tasks/shared/core/sources';

const { parseSource } = sources;
const prefixesCover = (outer: readonly string[], inner: readonly string[]) =>
  sources.prefixesCover(parsePrefixes(outer), parsePrefixes(inner));
const requestedAs = (wanted: readonly string[], entries: readonly string[]) =>
  textsOf(sources.requestedAs(parsePrefixes(wanted), parsePrefixes(entries)));

describe('the source input', () => {
  it('accepts its keywords only on their own, in any case', () => {
    assert.deepEqual(parseSource('agent'), { kind: 'agent' });
    assert.deepEqual(parseSource(' Azure '), { kind: 'azure' });
    assert.deepEqual(parseSource('POLICY'), { kind: 'policy' });
    assert.deepEqual(parseSource('*'), { kind: 'any' });
  });

  it('accepts addresses and CIDRs as they are written, each once', () => {
    const lists: readonly (readonly [string, readonly string[]])[] = [
      ['20.50.1.7', ['20.50.1.7']],
      ['20.50.1.7/32', ['20.50.1.7/32']],
      [' 20.50.1.0/24 ,10.0.0.4', ['20.50.1.0/24', '10.0.0.4']],
      ['20.50.1.7,20.50.1.8,20.50.1.7', ['20.50.1.7', '20.50.1.8']],
      ['20.50.1.7/32,20.50.1.7', ['20.50.1.7/32']],
    ];
    for (const [text, prefixes] of lists)
      assert.deepEqual(parseSource(text), { kind: 'list', prefixes: parsePrefixes(prefixes) });
  });

  const problems: readonly (readonly [string, string])[] = [
    ['', 'notIpv4'],
    ['20.50.1', 'notIpv4'],
    ['20.50.1.256', 'notIpv4'],
    ['20.50.1.7/33', 'notIpv4'],
    ['20.50.1.1-20.50.1.9', 'notIpv4'],
    ['2001:db8::1', 'ipv6'],
    ['::/0', 'ipv6'],
    ['0.0.0.0/0', 'everything'],
    ['20.50.1.7/0', 'everything'],
    ['Internet', 'tag'],
    ['Storage.WestEurope', 'tag'],
    ['any', 'tag'],
  ];
  for (const [text, problem] of problems) {
    it(`rejects ${JSON.stringify(text)}: ${problem}`, () => {
      assert.deepEqual(parseSource(text), { kind: 'wrong', parts: [{ text, problem }] });
    });
  }

  it('names the network if host bits are set', () => {
    assert.deepEqual(parseSource('20.50.1.7/24'), {
      kind: 'wrong',
      parts: [{ text: '20.50.1.7/24', problem: 'hostBits', network: '20.50.1.0/24' }],
    });
  });

  it('names all invalid parts at once', () => {
    assert.deepEqual(parseSource('20.50.1.7, *, Agent, ::1, x'), {
      kind: 'wrong',
      parts: [
        { text: '*', problem: 'mixed' },
        { text: 'Agent', problem: 'mixed' },
        { text: '::1', problem: 'ipv6' },
        { text: 'x', problem: 'tag' },
      ],
    });
  });

  it('treats all addresses in two halves like all addresses', () => {
    assert.deepEqual(parseSource('0.0.0.0/1,128.0.0.0/1'), {
      kind: 'wrong',
      parts: [
        { text: '0.0.0.0/1', problem: 'everything' },
        { text: '128.0.0.0/1', problem: 'everything' },
      ],
    });
  });

  it('never makes the parser throw, and returns only what was given', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.ipV4(),
      fc.ipV6(),
      fc.ipV4().map((ip) => `${ip}/20`),
      fc.constant('*'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 5 }), (pieces) => {
        const source = parseSource(pieces.join(','));
        if (source.kind === 'list')
          assert.ok(source.prefixes.every((prefix) => pieces.join(',').includes(prefix.text)));
        if (source.kind === 'wrong') assert.ok(source.parts.length > 0);
      }),
    );
  });
});

describe('prefixes', () => {
  const pairs: readonly (readonly [string, string, boolean])[] = [
    ['20.50.1.0/24', '20.50.1.7', true],
    ['20.50.1.7', '20.50.1.7/32', true],
    ['20.50.1.7', '20.50.1.0/24', false],
    ['20.50.1.0/24', '20.50.2.7', false],
    ['*', '20.50.1.7', true],
    ['*', '*', true],
    ['0.0.0.0/0', '*', true],
    ['*', '0.0.0.0/0', true],
    ['0.0.0.0/0', '20.50.1.7', true],
    ['Internet', '20.50.1.7', false],
    ['Internet', 'internet', true],
    ['20.50.1.0/24', 'Internet', false],
  ];
  for (const [outer, inner, covered] of pairs) {
    it(`${outer} ${covered ? 'covers' : 'does not cover'} ${inner}`, () => {
      assert.equal(prefixesCover([outer], [inner]), covered);
    });
  }

  it('are requested as the one entry with the same addresses, and otherwise each in its own notation', () => {
    const entries = ['20.50.1.0/31', '20.50.2.7/32', '0.0.0.0/0'];
    assert.deepEqual(requestedAs(['20.50.1.1', '20.50.1.0'], entries), ['20.50.1.0/31']);
    assert.deepEqual(requestedAs(['20.50.2.7', '20.50.1.0'], entries), ['20.50.2.7/32', '20.50.1.0']);
    assert.deepEqual(requestedAs(['20.50.1.0'], entries), ['20.50.1.0']);
    assert.deepEqual(requestedAs(['*'], entries), ['0.0.0.0/0']);
    assert.deepEqual(requestedAs(['20.50.1.0', '20.50.1.1', 'Internet'], entries).length, 3);
  });

  it('cover together what none of them covers alone', () => {
    const halves = ['20.50.1.0/25', '20.50.1.128/25'];
    assert.equal(prefixesCover(halves, ['20.50.1.0/24']), true);
    assert.equal(prefixesCover(halves.slice(1), ['20.50.1.0/24']), false);
    assert.equal(prefixesCover(halves, ['20.50.1.7', '20.50.2.7']), false);
    assert.equal(prefixesCover([], ['20.50.1.7']), false);
    assert.equal(prefixesCover(['0.0.0.0/1', '128.0.0.0/1'], ['*']), false);
  });
});
