import { groupIdOf } from '../../tasks/shared/core/resourceIds';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { permits } from '../../tasks/shared/core/permissions';
import { notReached } from '../../tasks/shared/messages/failures';
import { forbidden } from '../../tasks/shared/messages/refusals';
import { denyAssignments } from '../../tasks/shared/messages/rights';
import type { NeededRight, Purpose } from '../../tasks/shared/core/rights';
import { TOPICS, MARKS, type Check } from '../../tasks/shared/core/checks';
import { checkListMarkdown, cutCheckList, failed } from '../../tasks/shared/task/checkList';
import { checkRights, rightChecks } from '../../tasks/shared/task/rights';
import type { RightsGateway } from '../../tasks/shared/azure/rightsGateway';
import { assertHarmless, hostileText } from './hostileTexts';

const anyCheck: fc.Arbitrary<Check> = fc.record({
  topic: fc.constantFrom(...TOPICS),
  mark: fc.constantFrom(...MARKS),
  text: hostileText,
});

describe('permissions', () => {
  const role = (actions: readonly string[], notActions: readonly string[] = []) => ({ actions, notActions });

  it('can be granted by any role, regardless of case, with wildcards', () => {
    assert.ok(permits([role([]), role(['a.b/c/READ'])], 'A.b/C/read'));
    assert.ok(permits([role(['*'])], 'a/b/read'));
    assert.ok(permits([role(['a/*/read'])], 'a/b/c/read'));
    assert.ok(!permits([role(['a/*/read'])], 'a/read'));
    assert.ok(!permits([role(['axb/read'])], 'a.b/read'));
    assert.ok(!permits([], 'a/read'));
  });

  it('match patterns like the equivalent regular expression', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'B', 'b', '/', '.'), maxLength: 12 });
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.', '*'), maxLength: 6 });
    fc.assert(
      fc.property(pattern, text, (one, action) => {
        const expression = new RegExp(`^${one.replaceAll('.', '\\.').replaceAll('*', '.*')}$`, 'i');
        assert.equal(permits([role([one])], action), expression.test(action));
      }),
      { numRuns: 1000 },
    );
  });

  it('are evaluated quickly, regardless of the number of wildcards in a role', () => {
    assert.ok(!permits([role([`${'*a'.repeat(500)}#`])], 'a'.repeat(5000)));
  });

  it('are only excluded by the role that grants them', () => {
    const most = role(['*'], ['a/*']);
    assert.ok(!permits([most], 'a/read'));
    assert.ok(permits([most, role(['a/read'])], 'a/read'));
  });

  it('are inherited from the resource group', () => {
    const group = '/subscriptions/s/resourceGroups/g';
    assert.equal(groupIdOf(`${group}/providers/a/b/c`), group);
    assert.equal(groupIdOf(group), group);
    assert.equal(groupIdOf('/subscriptions/s'), '/subscriptions/s');
  });
});

describe('a check list', () => {
  it('shows every line of a short topic, sorted by topic', () => {
    fc.assert(
      fc.property(fc.array(anyCheck, { maxLength: 12 }), (list) => {
        const shown = cutCheckList(list);
        assert.deepEqual(
          shown,
          TOPICS.flatMap((topic) => list.filter((check) => check.topic === topic)),
        );
      }),
    );
  });

  it('shortens a long topic with a count, and lists failures first', () => {
    const ok = Array.from({ length: 50 }, (_, index): Check => ({
      ...{ topic: 'VM', mark: 'ok', text: `vm-${String(index)}` },
    }));
    const list = [...ok, failed('VM', notReached('x', 'y'), 'vm-50')];
    const shown = cutCheckList(list);
    assert.equal(shown.length, 12);
    assert.equal(shown[0]?.text, 'vm-50');
    assert.ok(shown.at(-1)?.text.includes('40 more ok'));
    const bad = cutCheckList(list.map((check) => ({ ...check, mark: 'would fail' as const })));
    assert.deepEqual(
      [bad.at(-1)?.mark, bad.at(-1)?.text.includes('40 more would fail')],
      ['would fail', true],
    );
  });

  it('is a table with a row for each line', () => {
    fc.assert(
      fc.property(fc.array(anyCheck, { maxLength: 12 }), (list) => {
        const rows = checkListMarkdown(list).trimEnd().split('\n');
        assert.equal(rows.length, 2 + list.length);
        for (const row of rows) {
          assert.equal(row.split('|').length, 5, row);
          assertHarmless(row);
        }
      }),
    );
  });
});

describe('the permission checks', () => {
  const GROUP = '/subscriptions/s/resourceGroups/g';
  const limit = { signal: new AbortController().signal, remainingMs: () => 1000 };
  const right = (action: string, name: string, purpose: Purpose = 'request'): NeededRight => ({
    ...{ action, scope: `${GROUP}/providers/x/${name}`, purpose },
  });

  /** Creates a gateway with roles by scope. Permissions for any other scope cannot be read. */
  function gatewayOf(roles: Readonly<Record<string, readonly string[]>>) {
    const requested: string[] = [];
    const gateway: RightsGateway = {
      list(scope) {
        requested.push(scope);
        const actions = roles[scope];
        return actions
          ? Promise.resolve([{ actions, notActions: [] }])
          : Promise.reject(forbidden('Microsoft.Authorization/permissions/read', scope));
      },
    };
    return { gateway, asked: requested };
  }

  it('query the group once, and resources below it only for what is missing there', async () => {
    const below = `${GROUP}/providers/x/b`;
    const { gateway, asked: requested } = gatewayOf({ [GROUP]: ['a/read'], [below]: ['a/read', 'b/read'] });
    const needed = [right('a/read', 'a'), right('a/read', 'b'), right('b/read', 'b'), right('c/read', 'b')];
    const states = (await checkRights(gateway, needed, limit)).map(({ state }) => state);
    assert.deepEqual(states, ['granted', 'granted', 'granted', 'missing']);
    assert.deepEqual(requested, [GROUP, below]);
  });

  it('are skipped if a call already showed the result', async () => {
    const { gateway, asked: requested } = gatewayOf({});
    const needed = [
      { ...right('a/read', 'a'), shown: 'used' as const },
      { ...right('b/read', 'a'), shown: forbidden('b/read', 'a') },
    ];
    const states = (await checkRights(gateway, needed, limit)).map(({ state }) => state);
    assert.deepEqual([states, requested], [['used', 'missing'], []]);
  });

  it('are unknown without permission to read permissions, and known if a role on the resource allows it', async () => {
    const below = `${GROUP}/providers/x/b`;
    const { gateway } = gatewayOf({ [below]: ['b/read'] });
    const checked = await checkRights(gateway, [right('b/read', 'a'), right('b/read', 'b')], limit);
    assert.deepEqual(
      checked.map(({ state }) => state),
      ['unknown', 'granted'],
    );
  });

  it('do not hide a bug', async () => {
    const gateway = { list: () => Promise.reject(new TypeError('a bug')) };
    await assert.rejects(checkRights(gateway, [right('a/read', 'a')], limit), TypeError);
  });

  it('fail, warn, or give information, depending on what the run needs the permission for', async () => {
    const { gateway } = gatewayOf({ [GROUP]: [], [`${GROUP}/providers/x/a`]: [] });
    const needed = (['request', 'readNic', 'requestForVm'] as const).map((purpose) =>
      right(`${purpose}/read`, 'a', purpose),
    );
    const checks = rightChecks(await checkRights(gateway, needed, limit));
    assert.deepEqual(
      checks.map(({ mark, loud, failure }) => [mark, loud === true, failure?.code]),
      [
        ['would fail', false, 'JIT301'],
        ['missing', true, undefined],
        ['info', false, undefined],
      ],
    );
  });

  it('have one line for each action, and one that says that a role is no proof', async () => {
    const { gateway } = gatewayOf({ [GROUP]: ['a/read'] });
    const needed = ['a', 'b', 'c'].map((name) => right('a/read', name));
    const checks = rightChecks(await checkRights(gateway, needed, limit));
    assert.equal(checks.length, 2);
    assert.ok(checks[0]?.text.includes(`${GROUP}/providers/x/a and 2 more`));
    assert.equal(checks[1]?.text, denyAssignments);
  });
});
