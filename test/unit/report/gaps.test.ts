import assert from 'node:assert/strict';
import { createGaps } from '../../../tasks/JitReport/JitReportV1/src/gather/gaps';
import { CODES, type Code } from '../../../tasks/shared/core/codes';
import { CodedError } from '../../../tasks/shared/core/errors';
import { bug, notFound, notReached, senselessAnswer } from '../../../tasks/shared/messages/failures';
import { forbidden } from '../../../tasks/shared/messages/refusals';

const GROUP = '/subscriptions/s/resourceGroups/rg-1';
const READ = 'Microsoft.Network/networkInterfaces/read';
const never = new AbortController().signal;
const coded = (code: Code): CodedError => new CodedError({ code, seen: 'Seen.', remedy: 'Do.' });
const failing = (error: Error) => () => Promise.reject(error);

describe('the gaps of a report', () => {
  it('have the permission, the scope, and the sentence of the failure', async () => {
    const gaps = createGaps(never);
    const missing = forbidden(READ, `${GROUP}/providers/Microsoft.Network/networkInterfaces/a`);
    assert.equal(await gaps.attempt('network', GROUP, failing(missing)), missing);
    const lost = notReached('Azure', 'it is away');
    await gaps.attempt('policies', GROUP, failing(lost));
    assert.equal(await gaps.attempt('vms', GROUP, () => Promise.resolve()), undefined);
    assert.deepEqual(
      gaps.all().map(({ gap, failure }) => [gap.part, gap.code, gap.action, gap.scope, failure]),
      [
        ['network', 'JIT301', READ, missing.scope, missing],
        ['policies', 'JIT603', null, GROUP, lost],
      ],
    );
    assert.equal(gaps.all()[1]?.gap.text, `${lost.seen} ${lost.remedy}`);
  });

  it('are reported once for each part, permission, and resource group', () => {
    const gaps = createGaps(never);
    const forbid = (group: string, name: string, action = READ) => {
      gaps.note('network', '/x', forbidden(action, `${group}/providers/Microsoft.Network/n/${name}`));
    };
    forbid(GROUP, 'a');
    forbid(GROUP.toUpperCase(), 'b');
    forbid(`${GROUP}0`, 'c');
    forbid(GROUP, 'd', 'Microsoft.Network/virtualNetworks/read');
    gaps.note('policies', '/x', forbidden(READ, GROUP));
    gaps.note('network', GROUP, notReached('a', 'b'));
    gaps.note('network', `${GROUP}/providers/x`, notReached('c', 'd'));
    assert.deepEqual(
      gaps.all().map(({ gap }) => `${gap.part} ${gap.code} ${gap.scope.split('/').slice(4).join('/')}`),
      [
        'network JIT301 rg-1/providers/Microsoft.Network/n/a',
        'network JIT301 rg-10/providers/Microsoft.Network/n/c',
        'network JIT301 rg-1/providers/Microsoft.Network/n/d',
        'policies JIT301 rg-1',
        'network JIT603 rg-1',
      ],
    );
  });

  it('are separate for each subscription', () => {
    const gaps = createGaps(never);
    for (const id of ['/subscriptions/a', '/subscriptions/b', '/subscriptions/A']) {
      gaps.note('activityLog', id, senselessAnswer('a', 'b'));
    }
    assert.equal(gaps.all().length, 2);
  });

  it('are separate for each policy with entries that cannot be interpreted', () => {
    const gaps = createGaps(never);
    const ids = ['a', 'b', 'A'].map((name) => `${GROUP}/providers/Microsoft.Security/p/${name}`);
    for (const id of ids) gaps.noteEntries('policies', id, senselessAnswer(id, 'b'));
    assert.deepEqual(
      gaps.all().map(({ gap, entriesOnly }) => [gap.scope, entriesOnly]),
      ids.slice(0, 2).map((id) => [id, true]),
    );
  });

  it('do not include failures that end every report', async () => {
    const fatal: readonly Code[] = ['JIT101', 'JIT102', 'JIT201', 'JIT202', 'JIT203', 'JIT801', 'JIT901'];
    for (const code of CODES) {
      const gaps = createGaps(never);
      const work = gaps.attempt('network', GROUP, failing(coded(code)));
      if (fatal.includes(code)) await assert.rejects(work, { code });
      else assert.equal((await work)?.code, code);
      assert.equal(gaps.all().length, fatal.includes(code) ? 0 : 1, code);
    }
    await assert.rejects(createGaps(never).attempt('network', GROUP, failing(bug(new Error('x')))));
    await assert.rejects(createGaps(never).attempt('network', GROUP, failing(new TypeError('x'))), TypeError);
  });

  it('do not include a scope that does not exist, but any other missing resource', async () => {
    const gaps = createGaps(never);
    const missing = notFound('resource group', GROUP);
    await assert.rejects(gaps.attempt('vms', GROUP, failing(missing)), missing);
    assert.deepEqual(gaps.all(), []);
    assert.equal(await gaps.attempt('network', GROUP, failing(missing)), missing);
    assert.equal((await gaps.attempt('vms', GROUP, failing(notReached('a', 'b'))))?.code, 'JIT603');
  });

  it('do not include failures of a canceled run', async () => {
    const cancelled = new AbortController();
    const gaps = createGaps(cancelled.signal);
    const lost = notReached('Azure', 'the time was over');
    assert.equal(await gaps.attempt('network', GROUP, failing(lost)), lost);
    cancelled.abort();
    await assert.rejects(gaps.attempt('network', GROUP, failing(lost)), lost);
  });
});
