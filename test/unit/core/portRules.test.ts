import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parsePrefixes } from '../../../tasks/shared/core/prefixes';
import type { PortRule } from '../../../tasks/shared/core/policy';
import {
  formatPortRule,
  parsePortRule,
  parsePortRules,
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
  it('is read with every part, and with those that are left out', () => {
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
    ];
    for (const [line, given] of cases) assert.deepEqual(parsePortRule(line), aPortRule(given), line);
  });

  it('is refused for what a policy cannot have', () => {
    const cases = {
      form: ['22/icmp', '22 from', '22 max 1h max 2h', 'from *', '22 and 23', '/tcp'],
      port: ['0', '65536', '22-23', '22,23', 'all', 'telnet', '-1'],
      duration: ['22 max soon', '22 max 45s', '22 max 0'],
      durationRange: ['22 max 4m', '22 max 25h', '22 max 2d'],
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

  it('comes back from its text as it was', () => {
    fc.assert(
      fc.property(rule, (given) => {
        assert.deepEqual(parsePortRule(formatPortRule(given)), given);
      }),
    );
  });
});

describe('port rules', () => {
  it('stand one on a line, and empty lines do not count', () => {
    const { rules, wrong } = parsePortRules('\n22/tcp\r\n\n  22/udp max 1h\n');
    assert.deepEqual([rules.map(({ protocol }) => protocol), wrong], [['TCP', 'UDP'], []]);
    assert.deepEqual(parsePortRules('  '), { rules: [], removals: [], wrong: [] });
  });

  it('are all looked at, and name a port once', () => {
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
});
