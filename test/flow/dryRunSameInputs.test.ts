import assert from 'node:assert/strict';
import { wouldClose, wouldStayOpen } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/messages/dryRun';
import { notWaiting, wouldWait } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/messages/opening';
import type { CheckList, Mark, Topic } from '../../tasks/shared/core/checks';
import { aWorkflow, type RawInputs } from './workflow';

const JIT = 'Microsoft.Security/locations/jitNetworkAccessPolicies';

/** Returns the marks of one topic, in order. */
const marks = (checks: CheckList, topic: Topic): readonly Mark[] =>
  checks.filter((check) => check.topic === topic).map(({ mark }) => mark);

const linesOn = (checks: CheckList, action: string): CheckList =>
  checks.filter(({ topic, text }) => topic === 'Rights' && text.startsWith(`${action} `));

describe('a dry run without a role', () => {
  it('reports once that the identity has no role here, and fails as the real run does', async () => {
    for (const listed of [false, true]) {
      const [dry, real] = [aWorkflow(), aWorkflow()];
      for (const { azure } of [dry, real])
        azure.principal.permissions = listed
          ? [{ actions: ['Microsoft.Authorization/permissions/read'] }]
          : [];
      const inputs = { closeAtJobEnd: 'true', waitFor: 'connection' };
      const { codes, checks, thrown } = await dry.run({ ...inputs, dryRun: 'true' });
      assert.deepEqual([codes, (await real.run(inputs)).codes], [['JIT301'], ['JIT301']]);
      assert.deepEqual(
        checks.map(({ topic, mark }) => [topic, mark]),
        [
          ['Connection', 'ok'],
          ['Source', 'ok'],
          ['Rights', 'would fail'],
        ],
      );
      assert.equal(checks[2]?.text, `JIT301: ${thrown?.seen ?? ''}`);
      assert.ok(thrown?.seen.includes(`${JIT}/read`));
      assert.deepEqual(dry.context.texts('warning'), []);
    }
  });

  it('lists the rights individually if the identity has some of them', async () => {
    const some = [`${JIT}/read`, 'Microsoft.Compute/virtualMachines/read', `${JIT}/initiate/action`];
    for (const action of some) {
      const { run, azure } = aWorkflow();
      azure.principal.permissions = [{ actions: [action, 'Microsoft.Authorization/permissions/read'] }];
      const { codes, checks } = await run({ dryRun: 'true' });
      assert.deepEqual(codes, ['JIT301'], action);
      assert.ok(marks(checks, 'Rights').length > 5, action);
      assert.equal(linesOn(checks, action).filter(({ mark }) => mark === 'ok').length, 1, action);
    }
  });

  it('reports which source could not be determined even if the identity has no role here', async () => {
    const { run, azure, context } = aWorkflow();
    azure.principal.permissions = [];
    context.services.direct = [undefined, undefined, undefined];
    const { checks } = await run({ dryRun: 'true' });
    assert.deepEqual([marks(checks, 'Source'), marks(checks, 'Rights')], [['would fail'], ['would fail']]);
  });
});

describe('a dry run with the inputs of a real run', () => {
  it('covers what the real run requests', async () => {
    const { run } = aWorkflow();
    const listed = async (inputs: RawInputs): Promise<CheckList> =>
      (await run({ ...inputs, dryRun: 'true' })).checks;
    const textOf = async (topic: Topic, inputs: RawInputs) =>
      (await listed(inputs)).find((check) => check.topic === topic)?.text;
    assert.equal(await textOf('Wait', { waitFor: 'nothing' }), notWaiting);
    for (const waitFor of ['request', 'rule', 'connection'] as const)
      assert.equal(await textOf('Wait', { waitFor, waitTimeout: '2m' }), wouldWait(waitFor, 120_000));
    assert.equal(await textOf('Closing', {}), wouldStayOpen);
    assert.equal(await textOf('Closing', { closeAtJobEnd: 'true' }), wouldClose(1));
    assert.ok((await textOf('Source', { sourceIp: '20.61.1.0/24' }))?.includes('20.61.1.0/24'));
    const requests = (await listed({ sourceIp: '20.61.1.0/24' })).filter(({ topic }) => topic === 'Request');
    assert.ok(requests.some(({ text }) => text.includes('20.61.1.0/24')));
  });

  it('plans to request for another run what the real run would share', async () => {
    for (const shareActiveRequests of ['true', 'false']) {
      const { run, policy, vm } = aWorkflow();
      policy.requestByOther({ vm, port: 22, sources: ['20.9.9.9'], durationMs: 3_600_000 });
      const { checks } = await run({ dryRun: 'true', shareActiveRequests });
      const requests = checks.filter(({ topic, text }) => topic === 'Request' && text.includes('20.9.9.9'));
      assert.equal(requests.length, shareActiveRequests === 'true' ? 1 : 0);
    }
  });
});
