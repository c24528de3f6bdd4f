import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  ANY,
  isAny,
  isIpv4,
  isWide,
  parseAddress,
  parsePrefix,
  parsePrefixes,
  rangesOf,
  textsOf,
  toPrefixes,
  toPrefixes6,
} from '../../../tasks/shared/core/prefixes';
import { sizeOf } from '../../../tasks/shared/core/ranges';

const keyOf = (text: string): string => parsePrefix(text).key;

describe('a prefix', () => {
  it('keeps its text as it was written, including in JSON', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.ipV4(), fc.ipV6(), fc.ipV4Extended()), (text) => {
        assert.equal(parsePrefix(text).text, text);
        assert.equal(JSON.stringify([parsePrefix(text)]), JSON.stringify([text]));
      }),
    );
    assert.deepEqual(textsOf(parsePrefixes(['*', ' 20.50.1.7', 'INTERNET'])), [
      '*',
      ' 20.50.1.7',
      'INTERNET',
    ]);
  });

  it('has the addresses of its network, and one key for all of its spellings', () => {
    const { ipv4, ipv6 } = parsePrefix('20.50.1.7/24');
    assert.deepEqual([ipv4, ipv6], [{ first: 338821376, last: 338821631, hostBits: true }, undefined]);
    assert.equal(keyOf('20.50.1.7/24'), keyOf('20.50.1.0/24'));
    assert.equal(keyOf('20.50.1.7'), keyOf('20.50.1.7/32'));
    assert.notEqual(keyOf('20.50.1.7'), keyOf('20.50.1.8'));
    assert.notEqual(keyOf('20.50.1.0'), keyOf('20.50.1.0/24'));
  });

  it('covers every address of both IP versions as `*`, and in no other spelling', () => {
    assert.deepEqual([sizeOf(rangesOf([ANY])), ANY.ipv6], [2n ** 32n, { first: 0n, last: 2n ** 128n - 1n }]);
    assert.equal(keyOf('*'), keyOf('0.0.0.0/0'));
    assert.deepEqual(['*', '0.0.0.0/0', '::/0', 'any'].map(parsePrefix).map(isAny), [
      true,
      false,
      false,
      false,
    ]);
    assert.equal(parsePrefix('0.0.0.0/0').ipv6, undefined);
  });

  it('has its IPv6 addresses, and its text in lower case as the key', () => {
    const { ipv4, ipv6, key } = parsePrefix('2001:DB8::5/127');
    const first = 0x2001_0db8_0000_0000_0000_0000_0000_0004n;
    assert.deepEqual([ipv4, ipv6, key], [undefined, { first, last: first + 1n }, '2001:db8::5/127']);
  });

  it('has no addresses if it is a tag or invalid text', () => {
    for (const text of [
      '',
      'Internet',
      'AzureCloud.WestEurope',
      '20.50.1',
      '20.50.1.7/33',
      '20.50.1.1-20.50.1.9',
      '::g',
      '* ',
    ]) {
      const { ipv4, ipv6, key } = parsePrefix(text);
      assert.deepEqual([ipv4, ipv6, key], [undefined, undefined, text.toLowerCase()], text);
    }
    assert.equal(keyOf('VirtualNetwork'), keyOf('VIRTUALNETWORK'));
  });

  it('can be requested if it is IPv4, and is wide unless it is a single address', () => {
    const odd = ['', 'Internet', '::1', '1.2.3', '1.2.3.4; x'];
    assert.deepEqual(odd.map(parsePrefix).map(isIpv4), Array(5).fill(false));
    const texts = ['20.50.1.7', '20.50.1.7/32', '20.50.1.0/31', '*', 'Internet', '2001:db8::5'];
    assert.deepEqual(texts.map(parsePrefix).map(isIpv4), [true, true, true, true, false, false]);
    assert.deepEqual(texts.map(parsePrefix).map(isWide), [false, false, true, true, true, true]);
  });
});

describe('the address of a host', () => {
  it('is a single address of either IP version, and no other prefix', () => {
    const texts = ['10.0.0.4', 'fd00::4', '10.0.0.4/32', '10.0.0.0/24', 'fd00::4/128', '*', 'Internet', ''];
    assert.deepEqual(
      texts.map((text) => parseAddress(text)?.text),
      ['10.0.0.4', 'fd00::4', ...Array<undefined>(6).fill(undefined)],
    );
  });
});

describe('lists of prefixes', () => {
  it('represent all IPv4 addresses that they name', () => {
    const list = parsePrefixes(['20.50.1.128/25', 'Internet', '::/0', '20.50.1.0/25']);
    assert.deepEqual(rangesOf(list), [{ first: 338821376, last: 338821631 }]);
    assert.deepEqual(rangesOf(parsePrefixes(['Internet', ''])), []);
  });

  it('are created from ranges in the same form in which they are parsed', () => {
    const texts = ['20.50.1.7', '20.50.1.8/29', '30.0.0.0/8'];
    assert.deepEqual(toPrefixes(rangesOf(parsePrefixes(texts))), parsePrefixes(texts));
    const six = parsePrefixes(['2001:db8::/32', 'fd00::1']);
    assert.deepEqual(toPrefixes6(six.flatMap(({ ipv6 }) => ipv6 ?? [])), six);
  });
});
