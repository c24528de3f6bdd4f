import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  doubtOfClosed,
  doubtOfOpen,
  hasDoubtfulRule,
  isAllowed,
  isVerifiable,
  isDenied,
  joinVerdicts,
  MOST_ADDRESSES,
  watcherIn,
  type AddressVerdict,
  type FlowDoubt,
} from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/flowVerdict';
import { verdictText } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/messages/verdicts';
import { formatIpv4, parseCidr } from '../../../tasks/shared/core/addresses';
import type { VmNetwork } from '../../../tasks/shared/core/network';
import { evaluate } from '../../../tasks/shared/core/nsg/evaluate';
import { parsePrefix, parsePrefixes } from '../../../tasks/shared/core/prefixes';
import { anAdminRule, networkWithAdminRules } from './adminRules';
import { admitsPastAdminRules } from './naiveAdminRules';
import { AGENT, aGroup, aNetwork, aRule, jitAllow, jitDeny } from './networks';

const ssh = (...sources: readonly string[]) => ({
  sources: parsePrefixes(sources.length > 0 ? sources : [AGENT]),
  port: 22,
  protocol: 'TCP' as const,
});
const ofOpen = (network: VmNetwork, flow = ssh()): FlowDoubt =>
  doubtOfOpen(network, flow, evaluate(network, flow));
/** Returns the addresses to query, with a question mark after those in doubt. */
const asked = (doubt: FlowDoubt): readonly string[] | FlowDoubt['kind'] =>
  doubt.kind === 'query'
    ? doubt.addresses.map(({ address, byRules }) => address.text + (byRules === 'unknown' ? '?' : ''))
    : doubt.kind;

const TAG = aRule({ priority: 90, access: 'Deny', sources: ['AzureCloud'] });
const GRANTED = aNetwork([aGroup('nic', jitDeny(4096), jitAllow(), TAG)]);

describe('the doubt after evaluating the rules', () => {
  it('is empty if the rules decide: open, closed, or closed for a part of the source', () => {
    const open = aNetwork([aGroup('nic', jitDeny(4096), jitAllow())]);
    const shut = aNetwork([aGroup('nic', jitDeny(4096), TAG)]);
    assert.equal(asked(ofOpen(open)), 'none');
    assert.equal(asked(ofOpen(shut)), 'none', 'the allow rule is not there yet');
    assert.equal(
      asked(ofOpen(GRANTED, ssh(AGENT, '20.60.1.1'))),
      'none',
      'the second one is surely kept out',
    );
    assert.equal(asked(doubtOfClosed(shut, ssh())), 'none');
    assert.equal(asked(doubtOfClosed(open, ssh())), 'none', 'a part that surely gets in decides');
  });

  it('remains for a tag, a group, or a virtual network that cannot be resolved', () => {
    const allow = (sources: object) =>
      aNetwork([aGroup('nic', jitDeny(4096), aRule({ priority: 200, ...sources }))]);
    const inside = ssh('10.0.0.77');
    for (const [network, flow] of [
      [GRANTED, ssh()],
      [allow({ sources: ['Storage.WestEurope'] }), ssh()],
      [allow({ sourceGroupIds: ['/asg'] }), inside],
      [{ ...allow({ sources: ['VirtualNetwork'] }), vnet: undefined }, ssh()],
      [
        { ...GRANTED, adminRules: [anAdminRule({ priority: 1, access: 'Deny', sources: ['AzureCloud'] })] },
        ssh(),
      ],
    ] as const) {
      const { vnet, ...rest } = network;
      const vm: VmNetwork = vnet ? { ...rest, vnet } : rest;
      assert.deepEqual(asked(ofOpen(vm, flow)), [`${flow.sources[0]?.text ?? ''}?`]);
      assert.deepEqual(asked(doubtOfClosed(vm, flow)), [`${flow.sources[0]?.text ?? ''}?`]);
    }
  });

  it('is queried for each address, including those that are certainly open, up to the limit', () => {
    const ours = aRule({ priority: 80, sources: ['20.61.1.0/24'] });
    const mixed = aNetwork([aGroup('nic', jitDeny(4096), ours, TAG, aRule({ priority: 100 }))]);
    assert.deepEqual(asked(ofOpen(mixed, ssh(AGENT, '20.61.1.1'))), [`${AGENT}?`, '20.61.1.1']);
    assert.deepEqual(asked(ofOpen(mixed, ssh(AGENT, '20.61.1.0/24'))), [`${AGENT}?`]);
    assert.deepEqual(asked(ofOpen(mixed, ssh('20.50.1.6/31'))), ['20.50.1.6?', '20.50.1.7?']);
    assert.equal(asked(ofOpen(mixed, ssh('20.50.1.0/24'))), 'tooMany');
    assert.equal(asked(ofOpen(mixed, ssh('*'))), 'tooMany');
    assert.equal(asked(doubtOfClosed(mixed, ssh('20.50.1.0/29'))), 'tooMany');
  });

  it('is not queried if IP flow verify cannot decide: no security group, IPv6, or a rule for some source ports', () => {
    const bare: VmNetwork = { ...aNetwork([]), publicSku: 'unknown' };
    assert.equal(asked(ofOpen(bare)), 'none');
    assert.equal(asked(doubtOfClosed(bare, ssh())), 'none');
    assert.equal(asked(ofOpen(GRANTED, ssh(AGENT, '2001:db8::1'))), 'none');
    assert.equal(asked(ofOpen(GRANTED, { ...ssh(), sources: [] })), 'none');
    const some = (given: object) =>
      aNetwork([aGroup('nic', jitDeny(4096), jitAllow(), TAG, aRule({ priority: 95, ...given }))]);
    assert.equal(asked(ofOpen(some({ access: 'Deny', sourcePorts: ['1024-65535'] }))), 'none');
    assert.equal(asked(doubtOfClosed(some({ access: 'Deny', sourcePorts: ['53'] }), ssh())), 'none');
    for (const other of [
      { sourcePorts: ['53'], destinationPorts: ['443'] },
      { sourcePorts: ['53'], direction: 'Outbound' },
      { access: 'Allow', sourcePorts: ['53', '*'] },
      { access: 'Allow', sources: ['20.9.9.9'], sourcePorts: ['0-65535'] },
    ])
      assert.deepEqual(asked(ofOpen(some(other))), [`${AGENT}?`], JSON.stringify(other));
  });

  it('is the same that a naive evaluator finds for every address of small sources', () => {
    const address = fc.constantFrom(
      '20.50.1.6/31',
      '20.50.1.7',
      '20.50.1.8',
      '10.0.0.5',
      '10.9.0.7',
      '203.0.113.4/30',
    );
    const sources = fc.uniqueArray(address, { minLength: 1, maxLength: 3 }).map(parsePrefixes);
    const port = fc.constantFrom(22, 3389);
    const met = { none: 0, query: 0, tooMany: 0 };
    fc.assert(
      fc.property(networkWithAdminRules, sources, port, (vm, from, to) => {
        const flow = { sources: from, port: to, protocol: 'TCP' as const };
        const points = [
          ...new Set(
            from.flatMap(({ text }) => {
              const { first = 0, last = -1 } = parseCidr(text) ?? {};
              return Array.from({ length: last - first + 1 }, (_none, at) => first + at);
            }),
          ),
        ].sort((a, b) => a - b);
        const inStrict = (point: number) => admitsPastAdminRules(vm, point, to, 'TCP', 'Deny');
        const may = (point: number) => admitsPastAdminRules(vm, point, to, 'TCP', 'Allow');
        const rules = [...vm.groups.flatMap(({ group }) => group.rules), ...(vm.adminRules ?? [])];
        const plain = rules.every(({ sourcePorts }) =>
          ['*', '0-65535', '1-65535'].includes(sourcePorts.join()),
        );
        const expect = (doubtful: readonly number[], sure: readonly number[]) => {
          if (doubtful.length === 0 || vm.groups.length === 0) return 'none';
          if (doubtful.length > MOST_ADDRESSES) return 'tooMany';
          const others = doubtful.length + sure.length > MOST_ADDRESSES ? [] : sure;
          return [...doubtful.map((point) => `${formatIpv4(point)}?`), ...others.map(formatIpv4)];
        };
        const sure = points.filter(inStrict);
        const open = points.every(may)
          ? expect(
              points.filter((point) => !inStrict(point)),
              sure,
            )
          : 'none';
        const closed = sure.length > 0 ? 'none' : expect(points.filter(may), []);
        for (const [found, expected] of [
          [asked(ofOpen(vm, flow)), open],
          [asked(doubtOfClosed(vm, flow)), closed],
        ] as const) {
          if (plain || found !== 'none') assert.deepEqual(found, expected);
          met[typeof found === 'string' ? found : 'query']++;
        }
      }),
      { numRuns: 1500 },
    );
    for (const [kind, times] of Object.entries(met)) assert.ok(times >= 10, `${kind}: ${String(times)}`);
  });
});

describe('the check for undecided rules in a dry run', () => {
  const doubtful = (network: VmNetwork, flow = ssh()) =>
    hasDoubtfulRule(network, flow, evaluate(network, flow));

  it('finds one next to rules that certainly deny, or behind an allow rule', () => {
    const cloud = aRule({ priority: 90, access: 'Deny', sources: ['AzureCloud'] });
    const ours = aRule({ priority: 80, access: 'Deny', sources: ['20.60.1.1'] });
    const shut = aNetwork([aGroup('nic', jitDeny(4096), ours, cloud)]);
    assert.ok(doubtful(shut, ssh(AGENT, '20.60.1.1')));
    assert.ok(doubtful(aNetwork([aGroup('nic', jitDeny(4096), aRule({ priority: 300, sources: ['Sql'] }))])));
    assert.ok(!doubtful(shut, ssh('20.60.1.1')));
    assert.ok(!doubtful(aNetwork([aGroup('nic', jitDeny(4096))])));
    assert.ok(!doubtful(aNetwork([aGroup('nic', jitDeny(4096), jitAllow())])));
  });

  it('reports whether Azure can verify all of the sources', () => {
    assert.ok(isVerifiable(GRANTED, ssh('20.50.1.4/30')));
    assert.ok(!isVerifiable(GRANTED, ssh('20.50.1.4/30', '20.60.1.1')));
    assert.ok(!isVerifiable(aNetwork([]), ssh()));
  });
});

describe('results of IP flow verify', () => {
  const verdict = (access: 'Allow' | 'Deny'): AddressVerdict => ({
    ...{ address: parsePrefix(AGENT), byRules: 'unknown', access },
  });
  const [allow, deny] = [verdict('Allow'), verdict('Deny')];

  it('mean open only if all of them allow, and closed only if all of them deny', () => {
    assert.deepEqual(
      [[], [allow], [deny], [allow, deny], [allow, allow], [deny, deny]].map((all) => [
        isAllowed(all),
        isDenied(all),
      ]),
      [
        [false, false],
        [true, false],
        [false, true],
        [false, false],
        [true, false],
        [false, true],
      ],
    );
  });

  it('for TCP and UDP are merged if they agree, undefined if one is missing, and otherwise named by protocol', () => {
    const join = (tcp?: AddressVerdict, udp?: AddressVerdict) =>
      joinVerdicts([
        { protocol: 'TCP', verdicts: tcp && [tcp] },
        { protocol: 'UDP', verdicts: udp && [udp] },
      ]);
    assert.deepEqual(join(deny, verdict('Deny')), [deny]);
    assert.equal(join(deny), undefined);
    assert.equal(join(undefined, allow), undefined);
    const apart = join(deny, allow) ?? [];
    assert.deepEqual(
      apart.map(({ access, protocol }) => [access, protocol]),
      [
        ['Deny', 'TCP'],
        ['Allow', 'UDP'],
      ],
    );
    assert.match(verdictText(apart), /is denied over TCP \(no rule named\) and \S+ is allowed over UDP/);
    assert.doesNotMatch(verdictText([deny]), /over/);
  });
});

describe('the network watcher of a region', () => {
  const watchers = [
    { id: '/a', location: 'westeurope' },
    { id: '/b', location: 'northeurope' },
    { id: '/c', location: 'NorthEurope' },
  ];

  it('is found if the region has exactly one, regardless of how the region is spelled', () => {
    assert.deepEqual(watcherIn(watchers, 'West Europe'), { kind: 'one', id: '/a' });
    assert.deepEqual(watcherIn(watchers, 'northeurope'), { kind: 'several' });
    assert.deepEqual(watcherIn(watchers, 'eastus'), { kind: 'none' });
    assert.deepEqual(watcherIn([], 'westeurope'), { kind: 'none' });
  });
});
