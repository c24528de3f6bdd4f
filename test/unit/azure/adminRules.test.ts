import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Arm } from '../../../tasks/shared/azure/arm';
import { listAdminRules, toAdminRule } from '../../../tasks/shared/azure/read/adminRules';
import { textsOf } from '../../../tasks/shared/core/prefixes';
import { createReader } from '../../../tasks/shared/azure/reader';
import { isReadingPost } from '../../../tasks/shared/azure/readingOperations';
import { adminRuleToJson, type NewAdminRule } from '../../support/azure/network/adminRules';
import { anAnswer } from './answers';

const VNET =
  '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v';
const limit = { signal: new AbortController().signal, remainingMs: () => 60_000 };
const read = (given: Partial<NewAdminRule> = {}) =>
  toAdminRule(adminRuleToJson({ name: 'r', priority: 7, access: 'Deny', ...given }));
const withProperties = (properties: Readonly<Record<string, unknown>>) => read({ properties });

describe('a security admin rule in an Azure response', () => {
  it('has addresses by type: prefix, service tag, or network group', () => {
    const group = { addressPrefix: '/networkGroups/dev', addressPrefixType: 'NetworkGroup' } as const;
    const rule = read({
      sources: ['10.0.0.0/8', '::/0', 'Internet', group],
      destinations: ['10.1.0.0/16', group],
    });
    assert.deepEqual(textsOf(rule.sources), ['10.0.0.0/8', '::/0', 'Internet']);
    assert.deepEqual(rule.sourceGroupIds, ['/networkGroups/dev']);
    // It is unknown whether the VM is in a group, which is neither a prefix nor a tag.
    assert.deepEqual([textsOf(rule.destinations), rule.destinationGroupIds], [['10.1.0.0/16', ''], []]);
    assert.equal(rule.senseless, undefined);
  });

  it('identifies its network manager by the whole ID, because the name can be used elsewhere', () => {
    const groups = ['/subscriptions/a/resourceGroups/rg', '/subscriptions/b/resourceGroups/rg'];
    assert.deepEqual(
      groups.map((managerGroup) => read({ manager: 'avnm', managerGroup }).managerId),
      groups.map((group) => `${group}/providers/Microsoft.Network/networkManagers/avnm`),
    );
    for (const id of [undefined, '', '/rules/r', '/networkManagers'])
      assert.equal(toAdminRule({ id }).managerId, '', id);
  });

  it('is read regardless of case, and without address types', () => {
    const rule = withProperties({
      ...{ access: 'alwaysallow', direction: 'INBOUND', protocol: 'any' },
      sources: [{ addressPrefix: '10.0.0.0/8' }, { addressPrefix: 'Internet' }],
    });
    assert.deepEqual([rule.access, rule.direction, rule.protocol], ['AlwaysAllow', 'Inbound', '*']);
    assert.deepEqual([textsOf(rule.sources), rule.senseless], [['10.0.0.0/8', 'Internet'], undefined]);
  });

  for (const [what, properties, field] of [
    ['access', { access: 'Perhaps' }, 'access'],
    ['priority', { priority: -1 }, 'priority'],
    ['priority', { priority: 'first' }, 'priority'],
    ['direction', { direction: null }, 'direction'],
    ['protocol', { protocol: 6 }, 'protocol'],
    ['sources', { sources: 'nobody' }, 'source'],
    ['a prefix', { sources: [{ addressPrefix: 'x', addressPrefixType: 'IPPrefix' }] }, 'source'],
    ['a tag', { sources: [{ addressPrefix: '10.0.0.1', addressPrefixType: 'ServiceTag' }] }, 'source'],
    ['a tag like IPv6', { sources: [{ addressPrefix: 'x:y', addressPrefixType: 'ServiceTag' }] }, 'source'],
    ['destinations', { destinations: [7] }, 'destination'],
    ['source ports', { sourcePortRanges: ['all'] }, 'source ports'],
    ['ports', { destinationPortRanges: ['22-'] }, 'destination ports'],
  ] as const) {
    it(`is kept with the name of an invalid field: ${what} as ${JSON.stringify(properties)}`, () => {
      const rule = withProperties(properties);
      assert.equal(rule.senseless, field);
      assert.equal(rule.name, 'r');
    });
  }

  it('is read as an inbound rule with an invalid field if it is any other value', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.jsonValue(), fc.record({ properties: fc.jsonValue(), id: fc.jsonValue() })),
        (item) => {
          const rule = toAdminRule(item);
          assert.equal(rule.direction, 'Inbound');
          assert.ok(rule.senseless !== undefined && rule.senseless !== '');
        },
      ),
    );
  });
});

describe('the list of security admin rules', () => {
  const listed = async (...pages: readonly object[]) => {
    const bodies: string[] = [];
    const send: Arm['send'] = ({ body }) => {
      bodies.push(typeof body === 'string' ? body : '');
      return Promise.resolve(anAnswer(200, pages[bodies.length - 1] ?? {}));
    };
    const arm = { ...({} as Arm), url: 'https://management.azure.com', send };
    const found = [];
    for await (const page of listAdminRules(createReader(arm), VNET, limit)) found.push(...page);
    return { found, bodies };
  };
  const rule = adminRuleToJson({ name: 'r', priority: 7, access: 'Deny' });
  const other = adminRuleToJson({ name: 's', priority: 8, access: 'Deny' });

  it('sends the token of each page in the body of the next request', async () => {
    const { found, bodies } = await listed(
      { value: [rule], skipToken: 'a' },
      { value: [other], skipToken: '' },
    );
    assert.deepEqual(
      found.map(({ name }) => name),
      ['r', 's'],
    );
    assert.deepEqual(bodies, ['{}', '{"skipToken":"a"}']);
  });

  it('is empty if Azure omits it', async () => {
    assert.deepEqual((await listed({})).found, []);
    assert.deepEqual((await listed({ value: null })).found, []);
  });

  it('is JIT604 if it is not a list, or its pages form a loop', async () => {
    await assert.rejects(listed({ value: 'none' }), { code: 'JIT604' });
    const circle = { value: [rule], skipToken: 'a' };
    await assert.rejects(listed(circle, { ...circle, value: [other] }, circle), { code: 'JIT604' });
  });

  it('is one of the POST requests that only read, and can be repeated', () => {
    assert.ok(isReadingPost(`${VNET}/listNetworkManagerEffectiveSecurityAdminRules`));
    assert.ok(isReadingPost('/subscriptions/s/resourceGroups/g/providers/x/networkWatchers/w/ipFlowVerify'));
    assert.ok(!isReadingPost(`${VNET}/jitNetworkAccessPolicies/default/initiate`));
  });
});
