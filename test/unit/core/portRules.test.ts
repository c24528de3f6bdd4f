import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ANY, parsePrefixes } from '../../../tasks/shared/core/prefixes';
import type { PortRule } from '../../../tasks/shared/core/policy';
import {
  apart,
  defaultRule,
  formatPortRule,
  parsePortRule,
  parsePortRules,
  sameRule,
  together,
} from '../../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/plan/portRules';
import { aPortRule, HOUR } from './policies';

const MINUTE = 60_000;

const rule: fc.Arbitrary<PortRule> = fc.record(
  {
    port: fc.integer({ min: 1, max: 65535 }),
    protocol: fc.constantFrom('TCP' as const, 'UDP' as const, '*' as const),
    maxDurationMs: fc.integer({ min: 5, max: 1440 }).map((minutes) => minutes * MINUTE),
    sources: fc
      .oneof(
        fc.constant(['*']),
        fc.uniqueArray(
          fc.integer({ min: 0, max: 255 }).map((last) => `20.50.${String(last)}.0/24`),
          { minLength: 1, maxLength: 4 },
        ),
      )
      .map(parsePrefixes),
  },
  { noNullPrototype: true },
);

describe('a port rule', () => {
  it('is parsed with all parts, and with defaults for omitted parts', () => {
    const cases: readonly (readonly [string, Parameters<typeof aPortRule>[0]])[] = [
      ['22', {}],
      [' SSH ', {}],
      ['22/tcp max 3h from *', { protocol: 'TCP' }],
      ['53/UDP', { port: 53, protocol: 'UDP' }],
      ['22/*', {}],
      ['winrm-https max 90', { port: 5986, maxDurationMs: 1.5 * HOUR }],
      ['rdp FROM 203.0.113.0/24 , 198.51.100.7', { port: 3389, sources: ['203.0.113.0/24', '198.51.100.7'] }],
      ['22 max 5m', { maxDurationMs: 5 * MINUTE }],
      ['22 max 1d', { maxDurationMs: 24 * HOUR }],
      ['22  max \t 1h   from   *', { maxDurationMs: HOUR }],
    ];
    for (const [line, given] of cases) assert.deepEqual(parsePortRule(line), aPortRule(given), line);
  });

  it('is rejected for values that a policy cannot have', () => {
    const cases = {
      form: ['22/icmp', '22 from', '22 max 1h max 2h', 'from *', '22 and 23', '/tcp'],
      port: ['0', '65536', '22-23', '22-22', '22,23', 'all', 'telnet', '-1'],
      duration: ['22 max soon', '22 max 45s'],
      durationRange: ['22 max 0', '22 max 4m', '22 max 25h', '22 max 2d'],
      source: [
        '22 from agent',
        '22 from 20.50.1.7/24',
        '22 from fe80::1',
        '22 from Internet',
        '22 from *,20.50.1.7',
      ],
    };
    for (const [problem, lines] of Object.entries(cases)) {
      for (const line of lines) assert.equal(parsePortRule(line), problem, line);
    }
  });

  it('is parsed back from its text to the same rule', () => {
    fc.assert(
      fc.property(rule, (given) => {
        assert.deepEqual(parsePortRule(formatPortRule(given)), given);
      }),
    );
  });
});

describe('the text of a port rule', () => {
  it('has the duration in hours and minutes, and in seconds if necessary', () => {
    const text = (given: Parameters<typeof aPortRule>[0]) => formatPortRule(aPortRule(given));
    assert.equal(text({ protocol: 'TCP' }), '22/tcp max 3h from *');
    assert.equal(text({ maxDurationMs: 90 * MINUTE }), '22 max 1h30m from *');
    assert.equal(text({ maxDurationMs: 45 * MINUTE }), '22 max 45m from *');
    assert.equal(text({ maxDurationMs: 5.5 * MINUTE }), '22 max PT5M30S from *');
    const sources = ['20.1.1.1', '20.2.0.0/16'];
    assert.equal(text({ protocol: 'UDP', sources }), '22/udp max 3h from 20.1.1.1,20.2.0.0/16');
  });
});

describe('the default rule for a port', () => {
  it('is the same as in the portal: every protocol, three hours, any source', () => {
    const rule = { port: 8080, protocol: '*', sources: [ANY], maxDurationMs: 3 * HOUR };
    assert.deepEqual(defaultRule(8080), rule);
  });
});

describe('two equal rules', () => {
  it('have the same port, protocol, duration, and sources, in any order and notation', () => {
    const one = aPortRule({ sources: ['20.1.1.1', '20.2.0.0/16'] });
    assert.ok(sameRule(one, { ...one, sources: parsePrefixes(['20.2.0.0/16', '20.1.1.1/32']) }));
    for (const other of [
      { port: 23 },
      { protocol: 'TCP' as const },
      { maxDurationMs: HOUR },
      { sources: [ANY] },
    ])
      assert.ok(!sameRule(one, { ...one, ...other }), JSON.stringify(other));
  });
});

describe('port rules', () => {
  it('have one line each, and empty lines are ignored', () => {
    const { rules, wrong } = parsePortRules('\n22/tcp\r\n\n  22/udp max 1h\n');
    assert.deepEqual([rules.map(({ protocol }) => protocol), wrong], [['TCP', 'UDP'], []]);
    assert.deepEqual(parsePortRules('  '), { rules: [], removals: [], wrong: [] });
  });

  it('are all checked, and name each port only once', () => {
    const { rules, wrong } = parsePortRules('22\nbad line here\nssh/tcp\n23');
    assert.deepEqual(
      wrong.map(({ text, problem }) => [text, problem]),
      [
        ['bad line here', 'form'],
        ['ssh/tcp', 'twice'],
      ],
    );
    assert.equal(rules.length, 2);
  });

  const RECOMMENDED = [22, 3389, 5985, 5986];

  it('for the ports that Defender recommends are one rule for each port', () => {
    const read = (text: string) => parsePortRules(text).rules;
    for (const [text, given] of [
      ['recommended', {}],
      ['RECOMMENDED/tcp', { protocol: 'TCP' as const }],
      ['recommended max 1h from 20.50.1.7', { maxDurationMs: HOUR, sources: ['20.50.1.7'] }],
    ] as const) {
      const all = RECOMMENDED.map((port) => aPortRule({ port, ...given }));
      assert.deepEqual(read(text), all, text);
    }
  });

  it('are rejected if they name a port that is also one of the recommended ports', () => {
    const { rules, wrong } = parsePortRules('3389 max 1h\nrecommended');
    assert.deepEqual([rules.length, wrong], [1, [{ text: 'recommended', problem: 'twice' }]]);
  });

  it('accept the word "recommended" only on its own', () => {
    const problemOf = (text: string) => parsePortRules(text).wrong.map(({ problem }) => problem);
    assert.deepEqual(problemOf('recommended22'), ['port']);
    assert.deepEqual(problemOf('recommended-22'), ['port']);
    assert.deepEqual(problemOf('22 from recommended'), ['source']);
    for (const all of ['0.0.0.0/0', '0.0.0.0/1,128.0.0.0/1'])
      assert.deepEqual(problemOf(`22 from ${all}`), ['everything']);
    assert.deepEqual(problemOf('22 from 0.0.0.0/0,ssh'), ['source']);
  });

  it('remove a port by a minus sign, without any other setting for it', () => {
    const { rules, removals, wrong } = parsePortRules('-8080\n- 53/udp\n-ssh\n22');
    assert.deepEqual(removals, [
      { port: 8080, protocol: '*' },
      { port: 53, protocol: 'UDP' },
      { port: 22, protocol: '*' },
    ]);
    assert.deepEqual([rules, wrong], [[], [{ text: '22', problem: 'twice' }]]);
    assert.deepEqual(
      parsePortRules('-22 max 1h\n-telnet\n-\n-22/icmp').wrong.map(({ problem }) => problem),
      ['removal', 'port', 'form', 'form'],
    );
  });
});

describe('ports with their protocols', () => {
  const [tcp, udp, both] = (['TCP', 'UDP', '*'] as const).map((protocol) => ({ port: 53, protocol }));

  it('are split into each protocol of each port', () => {
    assert.ok(tcp && udp && both);
    assert.deepEqual(apart([both, { port: 22, protocol: 'UDP' }]), [tcp, udp, { port: 22, protocol: 'UDP' }]);
    assert.deepEqual(Object.keys(apart([aPortRule()])[0] ?? {}), ['port', 'protocol']);
  });

  it('are merged for each port, with both protocols if both occur', () => {
    assert.ok(tcp && udp && both);
    const other = { port: 22, protocol: 'TCP' } as const;
    assert.deepEqual(together([udp, other, tcp]), [both, other]);
    assert.deepEqual(together([udp, udp, other]), [udp, other]);
    assert.deepEqual(together([both]), [both]);
  });
});
