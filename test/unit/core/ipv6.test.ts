import assert from 'node:assert/strict';
import net from 'node:net';
import fc from 'fast-check';
import { formatIpv6, parseCidr6, parseIpv6, PUBLIC_ADDRESSES_6 } from '../../../tasks/shared/core/ipv6';
import { textsOf, toPrefixes6 } from '../../../tasks/shared/core/prefixes';
import { covers, intersect, subtract, union, type Range } from '../../../tasks/shared/core/ranges';

const formatRanges6 = (ranges: readonly Range<bigint>[]) => textsOf(toPrefixes6(ranges));

const range = (text: string) => parseCidr6(text) ?? assert.fail(text);
const word = fc.integer({ min: 0, max: 0xffff });
/** Addresses with many zeros, so that several runs of zeros occur. */
const address = fc
  .array(fc.oneof(fc.constant(0), word), { minLength: 8, maxLength: 8 })
  .map((words) => words.reduce((sum, next) => sum * 65536n + BigInt(next), 0n));

describe('an IPv6 address', () => {
  it('is parsed in every valid notation', () => {
    const same: readonly (readonly string[])[] = [
      ['2001:db8::1', '2001:DB8:0:0:0:0:0:1', '2001:0db8::0001', '2001:db8:0::0:1'],
      ['::', '0:0:0:0:0:0:0:0', '0::'],
      ['::ffff:10.0.0.4', '::ffff:a00:4', '0:0:0:0:0:ffff:10.0.0.4'],
    ];
    for (const [first = '', ...others] of same) {
      for (const other of others)
        assert.equal(parseIpv6(other), parseIpv6(first) ?? assert.fail(first), other);
    }
  });

  it('is not any other text', () => {
    for (const text of [
      '',
      ':',
      ':::',
      '1::2::3',
      '1:2:3:4:5:6:7',
      '1:2:3:4:5:6:7:8:9',
      '1:2:3:4:5:6:7::8',
      'g::',
      '10.0.0.4',
      'fe80::1%eth0',
      '12345::',
      '::1.2.3',
      '::1.2.3.256',
      'VirtualNetwork',
      '::/0',
    ]) {
      assert.equal(parseIpv6(text), undefined, text);
    }
  });

  it('is formatted as the same address, in a form that Node also parses', () => {
    fc.assert(
      fc.property(address, (value) => {
        const text = formatIpv6(value);
        assert.ok(net.isIPv6(text), text);
        assert.equal(parseIpv6(text), value);
      }),
    );
    assert.equal(formatIpv6(parseIpv6('2001:db8:0:0:1:0:0:1') ?? 0n), '2001:db8::1:0:0:1');
  });
});

describe('IPv6 prefixes', () => {
  it('represent the whole network, and lists of them are parsed back to the same ranges', () => {
    assert.deepEqual(range('2001:db8::5/32'), range('2001:db8::/32'));
    assert.deepEqual(formatRanges6([range('::/0')]), ['::/0']);
    assert.deepEqual(formatRanges6(subtract([range('fd00::/8')], [range('fd00::/9')])), ['fd80::/9']);
    assert.deepEqual(formatRanges6([range('::1'), range('::2')]), ['::1', '::2']);
    for (const text of ['::/129', '::/x', '::/1/2', '10.0.0.0/8', '/0'])
      assert.equal(parseCidr6(text), undefined);
    fc.assert(
      fc.property(fc.array(fc.tuple(address, fc.nat(128)), { maxLength: 5 }), (list) => {
        const ranges = union(list.map(([base, length]) => range(`${formatIpv6(base)}/${String(length)}`)));
        assert.deepEqual(union(formatRanges6(ranges).map(range)), ranges);
      }),
    );
  });

  it('are public only for addresses that a host on the internet can have', () => {
    const isPublic = (text: string) => covers(PUBLIC_ADDRESSES_6, [range(text)]);
    for (const text of ['2603:1020::1', '2a01:111:f400::/48', '2620:fe::fe']) assert.ok(isPublic(text), text);
    for (const text of [
      'fd00::/8',
      'fe80::/10',
      '::1',
      'ff00::/8',
      '2001:db8::/32',
      '2002::/16',
      '3fff::1',
      '64:ff9b::1',
    ]) {
      assert.equal(intersect(PUBLIC_ADDRESSES_6, [range(text)]).length, 0, text);
    }
  });
});
