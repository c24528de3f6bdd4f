import assert from 'node:assert/strict';
import fc from 'fast-check';
import { groupBy } from '../../../tasks/shared/core/groupBy';
import { inScopes, parseScope, toScope, widest, type Scope } from '../../../tasks/shared/core/scopes';
import { aVm, SUBSCRIPTION } from './policies';

const OTHER = '99999999-2222-4333-8444-555555555555';
const ROOT = `/subscriptions/${SUBSCRIPTION}`;
const read = (text: string, own: string | undefined = SUBSCRIPTION): string | undefined => {
  const scope = parseScope(text, own);
  return scope && `${scope.kind} ${scope.id}`;
};
const scope = (text: string): Scope => {
  const found = parseScope(text, SUBSCRIPTION);
  assert.ok(found, text);
  return found;
};

describe('a scope', () => {
  it('can be a subscription, by its ID or as an ARM ID', () => {
    for (const text of [OTHER, `/subscriptions/${OTHER}`, `subscriptions/${OTHER}/`, ` ${OTHER} `]) {
      assert.equal(read(text), `subscription /subscriptions/${OTHER}`, text);
      assert.equal(parseScope(text)?.subscriptionId, OTHER, text);
    }
    const upper = `/SUBSCRIPTIONS/${OTHER.toUpperCase()}`;
    assert.equal(parseScope(upper)?.kind, 'subscription');
  });

  it('can be a resource group, as an ARM ID or by its name', () => {
    const id = `/subscriptions/${OTHER}/resourceGroups/rg-1`;
    for (const text of [id, `${id}/`, id.slice(1), id.replace('resourceGroups', 'RESOURCEGROUPS')]) {
      assert.equal(read(text), `group ${id}`, text);
    }
    for (const name of ['rg-1', 'rg.1_(x)', 'größe', 'subscriptions']) {
      assert.equal(read(name), `group ${ROOT}/resourceGroups/${name}`, name);
    }
    const found = scope('rg-1');
    assert.equal(found.kind === 'group' && found.resourceGroup, 'rg-1');
  });

  it('can be a VM, as an ARM ID or as `group/name`', () => {
    const { id } = aVm();
    for (const text of [id, `${id}/`, id.slice(1), 'rg-app/web-01', 'rg-app/web-01/']) {
      assert.equal(read(text), `vm ${id}`, text);
    }
    assert.equal(
      read(id.toUpperCase()),
      `vm ${aVm().id.replace(/[^/]+$/, '')}WEB-01`.replace('rg-app', 'RG-APP'),
    );
  });

  it('cannot be anything else', () => {
    const wrong = [
      ...['', ' ', '/', '//', 'a/b/c', 'rg.', 'rg 1', 'rg?x', '..', 'rg-1/..', `${ROOT}/`.repeat(2)],
      ...['/subscriptions', '/subscriptions/', '/subscriptions/none', `${ROOT}/resourceGroups/rg-1/vms/x`],
      ...[`${ROOT}/resourceGroups/`, `${ROOT}/resourceGroups/rg?`, `${ROOT}/providers/Microsoft.Compute`],
      `${ROOT}/resourceGroups/rg-1/providers/Microsoft.Network/networkInterfaces/nic`,
      `${aVm().id}/extensions/x`,
      '/providers/Microsoft.Management/managementGroups/x',
    ];
    for (const text of wrong) assert.equal(read(text), undefined, text);
  });

  it('must include a subscription if no other is known', () => {
    for (const text of ['rg-1', 'rg-app/web-01']) assert.equal(parseScope(text), undefined, text);
    assert.equal(parseScope(aVm().id)?.kind, 'vm');
    assert.equal(toScope('none'), undefined);
    assert.equal(toScope(SUBSCRIPTION, 'a/b'), undefined);
  });
});

describe('several scopes', () => {
  const ids = (...texts: readonly string[]) => widest(texts.map(scope)).map(({ id }) => id);
  const group = (name: string) => `${ROOT}/resourceGroups/${name}`;

  it('are reduced to those that no other scope contains', () => {
    assert.deepEqual(ids('rg-1/vm', 'rg-1'), [group('rg-1')]);
    assert.deepEqual(ids('RG-1', 'rg-1', 'rg-1/vm'), [group('RG-1')]);
    assert.deepEqual(ids('rg-1', SUBSCRIPTION.toUpperCase(), 'rg-2/vm'), [
      `/subscriptions/${SUBSCRIPTION.toUpperCase()}`,
    ]);
  });

  it('stay separate if one name is a prefix of the other', () => {
    assert.deepEqual(ids('rg-1', 'rg-10', 'rg-10/vm'), [group('rg-1'), group('rg-10')]);
    assert.deepEqual(ids('rg-1/vm', 'rg-1/vm-2').length, 2);
  });

  it('contain the resources in them, regardless of case', () => {
    const scopes = ['rg-1', 'rg-2/vm'].map(scope);
    const held = [
      group('rg-1'),
      `${group('RG-1')}/providers/x/y`,
      scope('rg-2/VM').id,
      `${scope('rg-2/vm').id}/x`,
    ];
    for (const id of held) assert.ok(inScopes(scopes, id), id);
    for (const id of [group('rg-10'), group('rg-2'), scope('rg-2/vm-2').id, ROOT, group('rg')]) {
      assert.ok(!inScopes(scopes, id), id);
    }
    assert.ok(inScopes([scope(SUBSCRIPTION)], group('any')));
    assert.ok(!inScopes([scope(SUBSCRIPTION)], `/subscriptions/${OTHER}/resourceGroups/rg-1`));
    assert.ok(!inScopes([], ROOT));
  });

  it('contain the same resources after the reduction, without duplicates, for random scopes', () => {
    const texts = [
      SUBSCRIPTION,
      OTHER,
      'rg-1',
      'RG-1',
      'rg-10',
      'rg-1/vm',
      'rg-1/vm-1',
      'rg-10/VM',
      'rg-2/vm',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...texts)), (list) => {
        const all = list.map(scope);
        const left = widest(all);
        for (const id of texts.map((text) => scope(text).id)) {
          assert.equal(inScopes(left, id), inScopes(all, id), id);
        }
        for (const one of left) assert.equal(left.filter((other) => inScopes([other], one.id)).length, 1);
      }),
    );
  });
});

describe('groupBy', () => {
  it('keeps the order of the items, and of the first item for each key', () => {
    const groups = groupBy([3, 1, 4, 1, 5, 9, 2, 6], (item) => (item % 2 === 0 ? 'even' : 'odd'));
    assert.deepEqual(
      [...groups],
      [
        ['odd', [3, 1, 1, 5, 9]],
        ['even', [4, 2, 6]],
      ],
    );
    assert.equal(groupBy([], String).size, 0);
  });
});
