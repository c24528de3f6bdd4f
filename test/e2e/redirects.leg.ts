import assert from 'node:assert/strict';
import type { Kind } from '../support/azure';
import type { ConnectionKind } from '../support/scenario';
import { assertFailed, usePackagedTask } from '../support/packagedTask';

/** Each call that sends a token or a credential, or requests one, and the code of a step for which it is redirected. */
const CALLS: readonly (readonly [Kind, ConnectionKind, string])[] = [
  ['openid', 'key', 'JIT604'],
  ['token', 'key', 'JIT604'],
  ['token', 'federation', 'JIT604'],
  ['oidc', 'federation', 'JIT203'],
  ['imds', 'system-assigned identity', 'JIT604'],
  ['policies.list', 'key', 'JIT604'],
  ['vm', 'key', 'JIT604'],
  ['initiate', 'key', 'JIT604'],
];

describe('a redirect', () => {
  const task = usePackagedTask();

  for (const [call, kind, code] of CALLS) {
    it(`is not followed from ${call}, signed in with ${kind}`, async () => {
      await Promise.all(
        ([301, 302, 303, 307, 308] as const).map(async (status) => {
          const step = await task.prepare({ kind });
          // Its target is an unknown path or a foreign server, so following it would fail the test.
          const origin = call === 'openid' || call === 'token' ? step.azure.authorityUrl : step.azure.url;
          const location = status === 302 ? `${origin}/elsewhere` : '/elsewhere';
          step.azure.faults.always(call, { status, headers: { location }, body: '' });
          const run = await step.run({ sourceIp: '20.61.99.7', waitFor: 'nothing' });
          assertFailed(run, code);
          assert.deepEqual(
            step.azure.calls.filter(({ path }) => path.includes('elsewhere')),
            [],
          );
        }),
      );
    });
  }

  it('does not count as the answer of an address service', async () => {
    const step = await task.prepare();
    step.azure.faults.always('echo', { status: 302, headers: { location: '/other' }, body: '' });
    assertFailed(await step.run(), 'JIT501', '302');
    assert.ok(step.azure.callsTo('echo').every(({ path }) => path === '/ip'));
  });
});
