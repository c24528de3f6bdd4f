import assert from 'node:assert/strict';
import type { NewVm } from '../support/azure';
import { includes, one, warnings } from './bothRuns';
import { anyPort, aWorkflow, type Workflow } from './workflow';

/** A VM with a private host. Its other network interface might have a public address. */
const TWO_NICS: Partial<NewVm> = {
  nics: [
    { name: 'back', primary: true, nsg: true, addresses: [{ privateIp: '10.0.1.8', primary: true }] },
    { name: 'front', primary: false, addresses: [{ privateIp: '10.0.1.7', primary: true }] },
  ],
};

/** Returns the times of the calls of this kind. */
function timesOf({ azure, context }: Workflow, kind: Parameters<typeof azure.next>[0]): readonly number[] {
  const times: number[] = [];
  azure.always(kind, () => {
    times.push(context.clock.now());
  });
  return times;
}

describe('waitTimeout', () => {
  it('starts when the request is answered, even if information for advice is still being read', async () => {
    const workflow = aWorkflow({ vm: TWO_NICS, settings: { ruleDelayMs: 0 } });
    workflow.azure.next('nic', () => undefined, 'hang');
    const [requests, looks] = [timesOf(workflow, 'initiate'), timesOf(workflow, 'nsg')];
    assert.deepEqual((await workflow.run({ waitTimeout: '30s' })).codes, []);
    assert.equal(looks[0], requests[0]);
    includes(one(workflow), '10.0.1.8', 'public address is not known', 'the time was over');
    assert.ok(!one(workflow).includes('..'), one(workflow));
  });

  it('limits the search for other public addresses, which is reported when a port does not answer', async () => {
    const workflow = aWorkflow({ vm: TWO_NICS });
    workflow.azure.next('nic', () => undefined, 'hang');
    workflow.context.ports.answers = ['silent'];
    const requests = timesOf(workflow, 'initiate');
    const { codes, opened } = await workflow.run({ waitFor: 'connection', waitTimeout: '4s' });
    assert.deepEqual(codes, ['JIT704']);
    includes(opened?.failures[0]?.remedy ?? '', '10.0.1.8', 'public address is not known');
    assert.equal(workflow.context.clock.now() - (requests[0] ?? 0), 4000);
  });

  it('limits the search for firewalls after the wait, which then results in a warning', async () => {
    const workflow = aWorkflow({ settings: { ruleDelayMs: 0 } });
    const vm = workflow.azure.addVm({ name: 'fw-01', publicIp: '20.60.1.20' });
    const vms = [{ vm, ports: [anyPort(22)], publicIpAddress: '20.60.9.9' }];
    workflow.azure.addPolicy({ name: 'jit-fw', vms });
    workflow.azure.always('firewalls.list', 'hang');
    const requests = timesOf(workflow, 'initiate');
    assert.deepEqual((await workflow.run({ vmResourceId: vm.id, waitTimeout: '4s' })).codes, []);
    assert.equal(workflow.context.clock.now() - (requests[0] ?? 0), 4000);
    assert.ok(warnings(workflow).some((text) => text.includes('20.60.9.9')));
  });
});
