import assert from 'node:assert/strict';
import { failure } from '../../tasks/shared/core/errors';
import { serverError } from '../../tasks/shared/messages/failures';
import { close, DELETE, noted } from './closing';
import { anyPort, aWorkflow, HOUR, type Workflow } from './workflow';

const OTHER = '20.70.1.1';
const isOpen = ({ policy }: Workflow, port: number) => policy.liveGrants().some((one) => one.port === port);
/** Changes what the policy lists, as someone might during the job. */
function changeVms(
  { azure }: Workflow,
  policy: string,
  change: (vms: ReturnType<typeof azure.stored>['vms']) => ReturnType<typeof azure.stored>['vms'],
): void {
  const stored = azure.stored(policy);
  Object.assign(stored, { vms: change(stored.vms) });
}
const outcomes = async (workflow: Workflow) =>
  Object.fromEntries(
    (await close(workflow)).map(({ opened: { vm, port }, kind }) => [`${vm.name} ${String(port)}`, kind]),
  );

describe('a port whose request cannot be ended', () => {
  it('keeps no other port open if the policy no longer has it', async () => {
    const workflow = aWorkflow({ settings: { supersession: 'vm+port' } });
    assert.deepEqual((await workflow.run({ ports: '22,3389', duration: '3h' })).codes, []);
    workflow.azure.principal.forbid(DELETE);
    changeVms(workflow, 'jit-web', (vms) =>
      vms.map((one) => ({ ...one, ports: one.ports.filter(({ number }) => number !== 3389) })),
    );
    assert.deepEqual(await outcomes(workflow), { 'web-01 22': 'closed', 'web-01 3389': 'open' });
    assert.deepEqual([isOpen(workflow, 22), isOpen(workflow, 3389)], [false, true]);
    assert.equal(workflow.count('initiate'), 3, 'it is requested by itself');
  });

  it('keeps no other port open if Azure refuses it for a reason that the policy does not show', async () => {
    const workflow = aWorkflow({ settings: { supersession: 'vm+port' } });
    assert.deepEqual((await workflow.run({ ports: '22,3389', duration: '3h' })).codes, []);
    workflow.azure.principal.forbid(DELETE);
    const refused = failure('JIT405', 'Azure refused the request.', 'Check the policy.');
    // The request for both ports, and then the request for one of them.
    workflow.azure.next('initiate', refused, refused);
    const found = await outcomes(workflow);
    assert.deepEqual(Object.values(found).toSorted(), ['closed', 'open']);
    assert.equal(workflow.count('initiate'), 4);
  });

  it('is requested only once if nothing suggests that Azure would respond differently', async () => {
    const workflow = aWorkflow({ settings: { supersession: 'vm+port' } });
    assert.deepEqual((await workflow.run({ ports: '22,3389', duration: '3h' })).codes, []);
    workflow.azure.next('initiate', serverError('x', 503, 'y'));
    await close(workflow);
    assert.equal(workflow.count('initiate'), 2);
  });

  it('keeps no other VM open if the policy no longer lists its VM', async () => {
    const workflow = aWorkflow({ settings: { supersession: 'vm+port' } });
    const { azure, vm } = workflow;
    const other = azure.addVm({ name: 'web-02', publicIp: '20.60.1.11', subnetNsg: true });
    const vms = [vm, other].map((one) => ({ vm: one, ports: [anyPort(22)] }));
    const policy = azure.addPolicy({ name: 'jit-two', vms });
    const inputs = { vmResourceId: `${vm.id}\n${other.id}`, policyName: 'jit-two', duration: '3h' };
    assert.deepEqual((await workflow.run(inputs)).codes, []);
    azure.principal.forbid(DELETE);
    changeVms(workflow, 'jit-two', (listed) => listed.filter((one) => one.vm.name !== 'web-02'));
    assert.deepEqual(await outcomes(workflow), { 'web-01 22': 'closed', 'web-02 22': 'open' });
    assert.deepEqual(
      policy.liveGrants().map(({ vmId }) => vmId.split('/').at(-1)),
      ['web-02'],
    );
  });

  it('keeps no other port open if other runs depend on it and nothing can replace its request', async () => {
    const workflow = aWorkflow({ settings: { supersession: 'vm+port' } });
    const { policy, vm, azure } = workflow;
    policy.requestByOther({ vm, port: 22, sources: [OTHER], durationMs: 2 * HOUR });
    const inputs = { ports: '22,3389', duration: '3h', shareActiveRequests: 'true' };
    assert.deepEqual((await workflow.run(inputs)).codes, []);
    azure.principal.forbid(DELETE);
    azure.next('initiate', serverError('x', 503, 'y'));
    assert.deepEqual(await outcomes(workflow), { 'web-01 22': 'open', 'web-01 3389': 'closed' });
    assert.deepEqual([isOpen(workflow, 22), isOpen(workflow, 3389)], [true, false]);
  });
});

describe("another run's source that the policy no longer allows", () => {
  it('is named with the run that loses its access when the shared request ends', async () => {
    const workflow = aWorkflow({ settings: { supersession: 'vm+port' } });
    const { policy, vm, context } = workflow;
    policy.requestByOther({
      vm,
      port: 22,
      sources: [OTHER],
      durationMs: 2 * HOUR,
      justification: 'buildId=7',
    });
    assert.deepEqual((await workflow.run({ duration: '3h', shareActiveRequests: 'true' })).codes, []);
    changeVms(workflow, 'jit-web', (vms) =>
      vms.map((one) => ({
        ...one,
        ports: one.ports.map((port) => ({ ...port, sources: ['20.50.0.0/16'] })),
      })),
    );
    workflow.azure.settings.verbatimSources = false;
    assert.equal((await close(workflow))[0]?.kind, 'closed');
    assert.equal(noted(workflow).length, 1);
    assert.deepEqual(policy.liveGrants(), []);
    const warnings = context.texts('warning').filter((text) => text.includes(OTHER));
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? '', /lose access to web-01, port 22, from 20\.70\.1\.1, .*buildId=7/);
  });
});
