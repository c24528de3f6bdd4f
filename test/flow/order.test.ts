import assert from 'node:assert/strict';
import { AGENT } from '../support/fakes/fakeContext';
import { anyPort, aWorkflow, HOUR } from './workflow';

/** Three VMs in two policies. One policy lists the first and the last VM. */
function threeVms() {
  const workflow = aWorkflow();
  const { azure } = workflow;
  const [one, two, three] = ['one', 'two', 'three'].map((name) =>
    azure.addVm({ name, publicIp: '20.60.1.11' }),
  );
  assert.ok(one && two && three);
  const ports = [anyPort(22), anyPort(80), anyPort(443)];
  const outer = azure.addPolicy({ name: 'outer', vms: [one, three].map((vm) => ({ vm, ports })) });
  azure.addPolicy({ name: 'inner', vms: [{ vm: two, ports }] });
  const open = async (vms: readonly { readonly id: string }[], inputs: Readonly<Record<string, string>>) => {
    const { endpoints, outputs, codes } = await workflow.run({
      vmResourceId: vms.map(({ id }) => id).join('\n'),
      ...inputs,
    });
    assert.deepEqual(codes, []);
    return { order: endpoints.map(({ vmName, port }) => `${vmName}:${String(port)}`), outputs };
  };
  return { open, outer, one, two, three };
}

describe('the order of the outputs', () => {
  it('is the order of the inputs, also over several policies', async () => {
    const { open, one, two, three } = threeVms();
    const { order, outputs } = await open([three, two, one], { ports: '80,22' });
    assert.deepEqual(order, ['three:80', 'three:22', 'two:80', 'two:22', 'one:80', 'one:22']);
    assert.equal(outputs?.port, '80');
  });

  it('is the order of the inputs if some ports are reused', async () => {
    const { open, outer, one, two, three } = threeVms();
    const held = { sources: [AGENT], durationMs: 2 * HOUR };
    outer.requestByOther({ ...held, vm: three, port: 22 });
    outer.requestByOther({ ...held, vm: one, port: 80 });
    const { order } = await open([one, two, three], { ports: '22,80' });
    assert.deepEqual(order, ['one:22', 'one:80', 'two:22', 'two:80', 'three:22', 'three:80']);
  });

  it("is the policy's own order for `all` ports of a VM", async () => {
    const { open, outer, one, two } = threeVms();
    outer.requestByOther({ vm: one, port: 443, sources: [AGENT], durationMs: 2 * HOUR });
    const { order } = await open([two, one], { ports: 'all' });
    assert.deepEqual(order, ['two:22', 'two:80', 'two:443', 'one:22', 'one:80', 'one:443']);
  });
});
