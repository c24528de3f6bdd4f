import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  ALL_ADDRESSES,
  PUBLIC_ADDRESSES,
  formatIpv4,
  isPublicIpv4,
  parseCidr,
  parseIpv4,
} from '../../../tasks/shared/core/addresses';
import { textsOf, toPrefixes } from '../../../tasks/shared/core/prefixes';
import { intersect, union, type Range } from '../../../tasks/shared/core/ranges';

const isPublic = (text: string) => isPublicIpv4(parseIpv4(text)!);
const formatRanges = (ranges: readonly Range[]) => textsOf(toPrefixes(ranges));

const address = fc.nat(0xffffffff);

describe('IPv4 addresses', () => {
  it('are parsed and formatted without loss', () => {
    fc.assert(
      fc.property(address, (value) => {
        assert.equal(parseIpv4(formatIpv4(value)), value);
      }),
    );
    assert.equal(parseIpv4('255.255.255.255'), 0xffffffff);
    assert.equal(formatIpv4(0xc0a80001), '192.168.0.1');
  });

  for (const text of [
    '',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '01.2.3.4',
    '1.2.3.4 ',
    ' 1.2.3.4',
    '1.2.3.4\n',
    '1.2.3.+4',
    '0x1.2.3.4',
    '1.2.3.',
    '1.2.3.1e1',
    '16909060',
    '::1',
    '١.2.3.4',
  ]) {
    it(`do not include ${JSON.stringify(text)}`, () => {
      assert.equal(parseIpv4(text), undefined);
    });
  }

  it('never make the parsers throw, regardless of the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[\d./]{0,20}$/)), (text) => {
        const cidr = parseCidr(text);
        const [base = ''] = text.split('/');
        assert.equal(cidr === undefined || parseIpv4(base) !== undefined, true);
      }),
    );
  });
});

describe('a CIDR', () => {
  const cases: readonly (readonly [string, string, string, boolean])[] = [
    ['20.50.1.0/24', '20.50.1.0', '20.50.1.255', false],
    ['20.50.1.7/24', '20.50.1.0', '20.50.1.255', true],
    ['20.50.1.7', '20.50.1.7', '20.50.1.7', false],
    ['20.50.1.7/32', '20.50.1.7', '20.50.1.7', false],
    ['0.0.0.0/0', '0.0.0.0', '255.255.255.255', false],
    ['128.0.0.0/1', '128.0.0.0', '255.255.255.255', false],
    ['255.255.255.254/31', '255.255.255.254', '255.255.255.255', false],
  ];
  for (const [text, first, last, hostBits] of cases) {
    it(`${text} ranges from ${first} to ${last}${hostBits ? ', with host bits' : ''}`, () => {
      assert.deepEqual(parseCidr(text), { first: parseIpv4(first), last: parseIpv4(last), hostBits });
    });
  }

  for (const text of [
    '1.2.3.4/',
    '1.2.3.4/33',
    '1.2.3.4/-1',
    '1.2.3.4/08',
    '1.2.3.4/8/8',
    '/8',
    '1.2.3.4-1.2.3.9',
  ]) {
    it(`is not ${text}`, () => {
      assert.equal(parseCidr(text), undefined);
    });
  }

  it('list covers exactly the ranges that it was made from, and no two of its entries can be merged', () => {
    const range = fc
      .tuple(address, address)
      .map(([a, b]) => ({ first: Math.min(a, b), last: Math.max(a, b) }));
    fc.assert(
      fc.property(fc.array(range, { maxLength: 4 }), (ranges) => {
        const cidrs = formatRanges(ranges)
          .map((text) => parseCidr(text)!)
          .map(({ first, last }) => ({ first, last }));
        assert.deepEqual(union(cidrs), union(ranges));
        cidrs.slice(1).forEach(({ first, last }, at) => {
          const { first: start, last: end } = cidrs[at]!;
          const mergeable =
            end + 1 === first && end - start === last - first && start % (2 * (end - start + 1)) === 0;
          assert.equal(mergeable, false);
        });
      }),
      // Single-address ranges are rare among random ones, and take a path of their own.
      { examples: [[[{ first: 26, last: 26 }]]] },
    );
  });

  it('list is as short as possible', () => {
    assert.deepEqual(formatRanges(ALL_ADDRESSES), ['0.0.0.0/0']);
    assert.deepEqual(formatRanges([parseCidr('20.50.1.7/32')!]), ['20.50.1.7']);
    assert.deepEqual(formatRanges([{ first: 1, last: 6 }]), [
      '0.0.0.1',
      '0.0.0.2/31',
      '0.0.0.4/31',
      '0.0.0.6',
    ]);
  });
});

describe('public addresses', () => {
  /**
   * First and last address of each block that the IANA registry excludes from the internet, and the adjacent addresses.
   */
  const blocks: readonly (readonly [string, string, string, string | undefined, string | undefined])[] = [
    ['this network', '0.0.0.0', '0.255.255.255', undefined, '1.0.0.0'],
    ['private, class A', '10.0.0.0', '10.255.255.255', '9.255.255.255', '11.0.0.0'],
    ['shared', '100.64.0.0', '100.127.255.255', '100.63.255.255', '100.128.0.0'],
    ['loopback', '127.0.0.0', '127.255.255.255', '126.255.255.255', '128.0.0.0'],
    ['link local', '169.254.0.0', '169.254.255.255', '169.253.255.255', '169.255.0.0'],
    ['private, class B', '172.16.0.0', '172.31.255.255', '172.15.255.255', '172.32.0.0'],
    ['protocol assignments', '192.0.0.0', '192.0.0.255', '191.255.255.255', '192.0.1.0'],
    ['documentation 1', '192.0.2.0', '192.0.2.255', '192.0.1.255', '192.0.3.0'],
    ['6to4 relays', '192.88.99.0', '192.88.99.255', '192.88.98.255', '192.88.100.0'],
    ['the Azure host', '168.63.129.16', '168.63.129.16', '168.63.129.15', '168.63.129.17'],
    ['private, class C', '192.168.0.0', '192.168.255.255', '192.167.255.255', '192.169.0.0'],
    ['benchmarks', '198.18.0.0', '198.19.255.255', '198.17.255.255', '198.20.0.0'],
    ['documentation 2', '198.51.100.0', '198.51.100.255', '198.51.99.255', '198.51.101.0'],
    ['documentation 3', '203.0.113.0', '203.0.113.255', '203.0.112.255', '203.0.114.0'],
    ['multicast, reserved and broadcast', '224.0.0.0', '255.255.255.255', '223.255.255.255', undefined],
  ];
  for (const [name, first, last, before, after] of blocks) {
    it(`do not include ${name}, but include the adjacent addresses`, () => {
      assert.equal(isPublic(first), false);
      assert.equal(isPublic(last), false);
      if (before) assert.equal(isPublic(before), true);
      if (after) assert.equal(isPublic(after), true);
      const block = { first: parseIpv4(first)!, last: parseIpv4(last)! };
      assert.deepEqual(intersect(PUBLIC_ADDRESSES, [block]), []);
    });
  }

  it('include the special blocks that the registry marks as globally reachable', () => {
    for (const text of ['192.31.196.1', '192.52.193.1', '192.175.48.1', '20.50.1.7', '8.8.8.8']) {
      assert.equal(isPublic(text), true, text);
    }
  });
});
