import assert from 'node:assert/strict';
import { CROWD } from '../../tasks/shared/core/crowd';
import { moreForeignHosts } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/messages/opening';
import type { NewNic, NewVm } from '../support/azure';
import { warnings } from './bothRuns';
import { anyPort, aWorkflow, type Workflow } from './workflow';

const SECOND = '20.50.9.2';
const eth0: NewNic = {
  ...{ name: 'eth0', primary: true, nsg: true },
  addresses: [{ privateIp: '10.0.1.8', primary: true, publicIp: '20.50.9.1' }],
};

/** Creates a VM whose policy names its second public address, or another one, as the host. */
function behind(workflow: Workflow, given: Partial<NewVm>, host = SECOND) {
  const vm = workflow.azure.addVm({ name: 'two-01', ...given });
  workflow.azure.addPolicy({ name: 'two', vms: [{ vm, ports: [anyPort(22)], publicIpAddress: host }] });
  return { vmResourceId: vm.id };
}

describe('a host that a policy names in front of a VM', () => {
  const OWN: Readonly<Record<string, Partial<NewVm>>> = {
    'of another network interface': {
      nics: [
        eth0,
        {
          ...{ name: 'eth1', primary: false, nsg: true },
          addresses: [{ privateIp: '10.0.1.9', primary: true, publicIp: SECOND }],
        },
      ],
    },
    'of another IP configuration': {
      nics: [
        {
          ...eth0,
          addresses: [...eth0.addresses, { privateIp: '10.0.1.9', primary: false, publicIp: SECOND }],
        },
      ],
    },
  };
  for (const [where, vm] of Object.entries(OWN)) {
    it(`causes no warning if it is the public address ${where}`, async () => {
      const workflow = aWorkflow();
      const { codes, outputs } = await workflow.run(behind(workflow, vm));
      assert.deepEqual([codes, outputs?.host], [[], SECOND]);
      assert.deepEqual(warnings(workflow), []);
    });
  }

  it('causes a warning if it is none of the addresses of the VM', async () => {
    const workflow = aWorkflow();
    await workflow.run(behind(workflow, OWN['of another network interface'] ?? {}, '20.60.9.9'));
    assert.deepEqual(
      warnings(workflow).map((text) => text.includes('20.60.9.9')),
      [true],
    );
  });

  it('is reported for many VMs in few warnings', async () => {
    const workflow = aWorkflow();
    const count = CROWD + 5;
    const vms = Array.from({ length: count }, (_, at) =>
      workflow.azure.addVm({ name: `fw-${String(at)}`, resourceGroup: 'rg-fw' }),
    );
    workflow.azure.addPolicy({
      name: 'fw',
      vms: vms.map((vm) => ({ vm, ports: [anyPort(22)], publicIpAddress: '20.60.9.9' })),
    });
    await workflow.run({ vmResourceId: vms.map(({ id }) => id).join('\n') });
    const told = warnings(workflow).filter((text) => text.includes('Firewall'));
    assert.equal(told.length, CROWD);
    assert.equal(told.at(-1), moreForeignHosts(count - CROWD + 1));
  });

  it('does not hide a bug in the search for firewalls', async () => {
    const workflow = aWorkflow();
    Object.assign(workflow.context.network, {
      listFirewallAddresses: () => Promise.reject(new RangeError('a bug')),
    });
    await assert.rejects(workflow.run(behind(workflow, {}, '20.60.9.9')), RangeError);
  });
});
