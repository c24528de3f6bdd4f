import { textsOf } from '../../../tasks/shared/core/prefixes';
import assert from 'node:assert/strict';
import type { Json } from '../../../tasks/shared/core/json';
import {
  changePorts,
  rulesOf,
  type WantedVm,
} from '../../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/plan/policyPorts';
import { aPortRule, aVm, HOUR } from './policies';

const entry = (number: unknown, more: Json = {}): Json => ({
  ...{ number, protocol: '*', allowedSourceAddressPrefix: '*', maxRequestAccessDuration: 'PT3H' },
  ...more,
});
const UDP = { protocol: 'UDP' } as const;
const TCP = { protocol: 'TCP' } as const;

/** Changes ports, and returns how they are written, and which numbers were removed and added. */
function change(ports: readonly unknown[], given: Partial<WantedVm>, mode: 'merge' | 'exact' = 'merge') {
  const wanted = { vm: aVm(), rules: [], removals: [], byDefault: false, ...given };
  const changed = changePorts([{ id: aVm().id, ports }], wanted, mode);
  const named = (rule?: { readonly port: number; readonly protocol: string }) =>
    rule && `${String(rule.port)}/${rule.protocol}`;
  return {
    ports: changed.ports,
    kind: changed.difference.change,
    differences: changed.difference.ports.map(({ before, after }) => [named(before), named(after)]),
  };
}

describe('several entries for one port', () => {
  it('are merged if a rule for both protocols replaces them', () => {
    const { ports, differences } = change([entry(53, TCP), entry(53, UDP)], {
      rules: [aPortRule({ port: 53 })],
    });
    assert.deepEqual(ports, [entry(53)]);
    assert.deepEqual(differences, [
      ['53/TCP', '53/*'],
      ['53/UDP', undefined],
    ]);
  });

  it('are merged if they are equal, because the service accepts each port once', () => {
    const { ports, kind } = change([entry(22), entry(22)], { rules: [aPortRule()] });
    assert.deepEqual([ports, kind], [[entry(22)], 'changed']);
  });

  it('have one field for the sources after a rule replaces them, and keep unknown fields', () => {
    const old = entry(22, { allowedSourceAddressPrefixes: ['20.1.1.1', '20.2.2.2'], note: 1 });
    const rules = [aPortRule({ sources: ['20.3.3.3'], maxDurationMs: HOUR, ...TCP })];
    assert.deepEqual(change([old], { rules }).ports, [
      {
        ...{ note: 1, number: 22, protocol: 'TCP', allowedSourceAddressPrefix: '20.3.3.3' },
        maxRequestAccessDuration: 'PT1H',
      },
    ]);
    const two = [aPortRule({ sources: ['20.3.3.3', '20.4.4.4'] })];
    assert.deepEqual(change([entry(22)], { rules: two }).ports, [
      {
        ...{ number: 22, protocol: '*', allowedSourceAddressPrefixes: ['20.3.3.3', '20.4.4.4'] },
        maxRequestAccessDuration: 'PT3H',
      },
    ]);
  });
});

describe('removing a port', () => {
  const remove = (ports: readonly unknown[], ...protocols: readonly ('TCP' | 'UDP' | '*')[]) =>
    change(ports, { removals: protocols.map((protocol) => ({ port: 53, protocol })) });

  it('keeps the other protocol of an entry for both', () => {
    const { ports, differences } = remove([entry(53, { note: 1 })], 'TCP');
    assert.deepEqual(ports, [entry(53, { note: 1, protocol: 'UDP' })]);
    assert.deepEqual(differences, [['53/*', '53/UDP']]);
  });

  it('removes an entry for both protocols if both are removed, separately or together', () => {
    for (const protocols of [['TCP', 'UDP'], ['*'], ['*', 'TCP'], ['TCP', '*']] as const) {
      const { ports, differences } = remove([entry(53)], ...protocols);
      assert.deepEqual([ports, differences], [[], [['53/*', undefined]]], protocols.join());
    }
    assert.deepEqual(remove([entry(53, TCP)], 'TCP').ports, []);
  });

  it('does not affect the other protocol or other ports', () => {
    assert.deepEqual(remove([entry(53, UDP), entry(54)], 'TCP').ports, [entry(53, UDP), entry(54)]);
  });

  it('has no additional effect in exact mode', () => {
    const removals = [{ port: 53, protocol: 'TCP' as const }];
    const { ports, differences } = change([entry(53)], { rules: [aPortRule()], removals }, 'exact');
    assert.deepEqual(ports, [entry(22)]);
    assert.deepEqual(differences, [
      [undefined, '22/*'],
      ['53/*', undefined],
    ]);
  });
});

describe('an invalid entry', () => {
  const WITHOUT_TIME = { maxRequestAccessDuration: 'forever' };
  const odd = (number: unknown, more: Json = {}) => entry(number, { ...WITHOUT_TIME, ...more });
  const replaces = (one: unknown, rule = aPortRule()) => change([one], { rules: [rule] }).ports.length === 1;

  it('is replaced by a rule for its port, and reported without a rule', () => {
    const { ports, differences } = change([odd(22, { note: 1 })], { rules: [aPortRule()] });
    assert.deepEqual(ports, [entry(22, { note: 1 })]);
    assert.deepEqual(differences, [
      [undefined, '22/*'],
      [undefined, undefined],
    ]);
  });

  it('belongs to the port in its number, written as a number or as digits', () => {
    for (const number of [22, '22']) assert.ok(replaces(odd(number)), JSON.stringify(number));
    for (const number of [23, '23', '22x', 'x22', '0022x', '220', '', null, undefined, [22]])
      assert.ok(!replaces(odd(number)), JSON.stringify(number));
    assert.ok(replaces(odd('65000'), aPortRule({ port: 65_000 })));
    assert.ok(!replaces(odd('65000'), aPortRule({ port: 5000 })));
    assert.ok(!replaces(odd('000022')), 'no port has six digits');
  });

  it('belongs to its protocol if that is valid, and otherwise to both', () => {
    const [tcp, udp] = [aPortRule(TCP), aPortRule(UDP)];
    assert.ok(replaces(odd(22, { protocol: 'tcp' }), tcp));
    assert.ok(!replaces(odd(22, { protocol: 'tcp' }), udp));
    assert.ok(replaces(odd(22, { protocol: 'UDP' }), udp));
    assert.ok(!replaces(odd(22, { protocol: 'UDP' }), tcp));
    for (const protocol of ['TCP', 'UDP']) assert.ok(replaces(odd(22, { protocol })), protocol);
    for (const protocol of ['*', 'icmp', 'tcpx', 'xtcp', '', 6, undefined])
      for (const rule of [tcp, udp, aPortRule()])
        assert.ok(replaces(odd(22, { protocol }), rule), JSON.stringify(protocol));
  });

  it('is kept in merge mode if nothing replaces it, and removed in exact mode', () => {
    const all = [null, 'text', 5, [22], {}, odd(80), odd('ssh')];
    const merged = change(all, { rules: [aPortRule()], removals: [{ port: 81, protocol: '*' }] });
    assert.deepEqual(merged.ports, [...all, entry(22)]);
    const exact = change(all, { rules: [aPortRule()] }, 'exact');
    assert.deepEqual(exact.ports, [entry(22)]);
    assert.equal(exact.differences.length, all.length + 1);
  });

  it('is removed together with its port', () => {
    const { ports, differences } = change([odd(80), odd(81)], { removals: [{ port: 80, protocol: '*' }] });
    assert.deepEqual([ports, differences], [[odd(81)], [[undefined, undefined]]]);
  });
});

describe('a rule as Azure writes it', () => {
  const read = (port: unknown) => rulesOf({ ports: [port] });

  it('has its sources in a list or a single field, and otherwise allows any source', () => {
    const sourcesOf = (more: Json) => textsOf(read(entry(22, more))[0]?.sources ?? []);
    assert.deepEqual(sourcesOf({ allowedSourceAddressPrefix: '20.1.1.1' }), ['20.1.1.1']);
    const list = { allowedSourceAddressPrefixes: ['20.1.1.1', 5, null, '20.2.2.2'] };
    assert.deepEqual(sourcesOf(list), ['20.1.1.1', '20.2.2.2']);
    for (const one of ['', null, undefined, 5])
      assert.deepEqual(sourcesOf({ allowedSourceAddressPrefix: one }), ['*'], JSON.stringify(one));
    assert.deepEqual(sourcesOf({ allowedSourceAddressPrefixes: [] }), ['*']);
    assert.deepEqual(sourcesOf({ allowedSourceAddressPrefixes: 'x' }), ['*']);
  });

  it('is for TCP, for UDP, or for both', () => {
    const protocols = ['TCP', 'tcp', 'Udp', '*', 'icmp', 6, undefined];
    assert.deepEqual(
      protocols.map((protocol) => read(entry(22, { protocol }))[0]?.protocol),
      ['TCP', 'TCP', 'UDP', '*', '*', '*', '*'],
    );
  });

  it('is invalid without a number or a duration', () => {
    for (const one of [
      null,
      'text',
      entry('22'),
      entry(undefined),
      entry(22, { maxRequestAccessDuration: 3 }),
    ])
      assert.deepEqual(read(one), [], JSON.stringify(one));
    assert.deepEqual(read(entry(22, { maxRequestAccessDuration: 'PT1H' })), [
      aPortRule({ maxDurationMs: HOUR }),
    ]);
  });
});
