import assert from 'node:assert/strict';
import type { NetworkGateway } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/azure/networkGateway';
import { withoutPlace } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/messages/waiting';
import { parseVmId } from '../../tasks/shared/core/resourceIds';
import { aWorkflow, type Workflow } from './workflow';

/** A workflow in which Azure reports no address of any network interface. */
function withoutAddresses(): Workflow {
  const workflow = aWorkflow();
  const { network } = workflow.context;
  const without: NetworkGateway = {
    ...network,
    among: () => without,
    getNic: async (id, limit) => ({ ...(await network.getNic(id, limit)), privateIpAddress: undefined }),
  };
  Object.assign(workflow.context, { network: without });
  return workflow;
}

describe('a VM whose network interface has no IPv4 address', () => {
  for (const waitFor of ['rule', 'connection', 'request', 'nothing'] as const) {
    const warns = waitFor === 'rule' || waitFor === 'connection';
    it(`${warns ? 'is a warning' : 'is no warning'} with waitFor: ${waitFor}`, async () => {
      const { run, vm, context } = withoutAddresses();
      const { endpoints } = await run({ waitFor, waitTimeout: '20s' });
      const id = parseVmId(vm.id);
      assert.ok(id);
      assert.deepEqual(context.texts('warning'), warns ? [withoutPlace(id)] : []);
      if (waitFor === 'rule') assert.equal(endpoints[0]?.status, 'initiated');
    });
  }
});
