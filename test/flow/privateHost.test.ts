import assert from 'node:assert/strict';
import { serverError } from '../../tasks/shared/messages/failures';
import type { NewNic, NewVm } from '../support/azure';
import { inBoth, includes, one, warnings } from './bothRuns';
import { anyPort, aWorkflow, type Workflow } from './workflow';

/** A VM with its only public address elsewhere than on the address for which the rules are evaluated. */
const twoNics = (...second: NewNic['addresses']): Partial<NewVm> => ({
  nics: [
    { name: 'back', primary: true, nsg: true, addresses: [{ privateIp: '10.0.1.8', primary: true }] },
    { name: 'front', primary: false, addresses: second },
  ],
});
const FRONT = { privateIp: '10.0.1.7', primary: true, publicIp: '20.60.1.12' };
const NO_ADDRESS: Partial<NewVm> = { nics: [{ ...nicOf('10.0.1.8'), nsg: true }] };

function nicOf(privateIp: string, more: Partial<NewNic['addresses'][number]> = {}): NewNic {
  return { name: 'only', primary: true, addresses: [{ privateIp, primary: true, ...more }] };
}

describe('a private host with a source on the internet', () => {
  it(
    'causes a warning that there is no public address, with the possible solutions',
    inBoth(NO_ADDRESS, {}, (workflow) => {
      const ways = ['in the virtual network', 'public address on', 'Azure Firewall', 'probeHost'];
      includes(one(workflow), 'web-01', '10.0.1.8', 'It has no public address', ...ways);
    }),
  );

  it(
    'causes a warning that names the network interface with the public address',
    inBoth(twoNics(FRONT), {}, (workflow) => {
      includes(one(workflow), '10.0.1.8', '20.60.1.12', 'network interface front');
    }),
  );

  it(
    'causes a warning that names the IP configuration with it, on the primary network interface or another one',
    inBoth(
      {
        nics: [
          {
            ...nicOf('10.0.1.8'),
            nsg: true,
            addresses: [
              { privateIp: '10.0.1.9', primary: false, publicIp: '20.60.1.13' },
              { privateIp: '10.0.1.8', primary: true },
            ],
          },
          {
            name: 'front',
            primary: false,
            addresses: [
              { ...FRONT, publicIp: null },
              { ...FRONT, primary: false },
            ],
          },
        ],
      },
      {},
      (workflow) => {
        includes(one(workflow), '20.60.1.13 on the IP configuration ipconfig1 of the network interface only');
        includes(one(workflow), 'unknown value on the network interface front');
        includes(
          one(workflow),
          '20.60.1.12 on the IP configuration ipconfig2 of the network interface front',
        );
      },
    ),
  );

  it(
    'causes a warning that a dynamic address has no value because the VM is stopped',
    inBoth(
      { nics: [{ ...nicOf('10.0.1.8', { publicIp: null }), nsg: true }], powerState: 'deallocated' },
      {},
      (workflow) => {
        const [down = '', host = '', ...more] = warnings(workflow);
        includes(down, 'stopped (deallocated)');
        includes(host, 'only-ip1', 'because the VM is stopped');
        assert.deepEqual(more, []);
      },
    ),
  );

  it(
    'causes a warning without a reason if the address of a running VM has no value',
    inBoth({ nics: [{ ...nicOf('10.0.1.8', { publicIp: null }), nsg: true }] }, {}, (workflow) => {
      includes(one(workflow), 'only-ip1', 'has no value now');
    }),
  );

  for (const [what, inputs] of [
    ['a private source', { sourceIp: '10.0.1.0/24' }],
    ['a source among which is a private one', { sourceIp: '20.50.1.7,10.0.1.4' }],
    ['sourceIp: azure', { sourceIp: 'azure', waitFor: 'request' }],
    ['sourceIp: policy', { sourceIp: 'policy', waitFor: 'request' }],
    ['a host of its own', { waitFor: 'connection', probeHost: 'lb.contoso.com' }],
  ] as const) {
    it(`causes no warning with ${what}, and no further reads`, async () => {
      // With sourceIp: policy, the policy must allow specific sources only.
      const sources = ['20.50.1.0/24', '10.0.1.0/24'];
      const ports = [anyPort(22, 'sourceIp' in inputs && inputs.sourceIp === 'policy' ? { sources } : {})];
      const workflow = aWorkflow({ vm: twoNics(FRONT), ports });
      assert.deepEqual((await workflow.run(inputs)).codes, []);
      assert.ok(!warnings(workflow).some((text) => text.includes('private address')));
      assert.equal(workflow.count('nic'), 1);
    });
  }

  it('causes no read of another network interface if the primary one has a public address', async () => {
    const vm = twoNics(FRONT);
    const [back, ...more] = vm.nics ?? [];
    const addresses = [{ privateIp: '10.0.1.8', primary: true, publicIp: '20.60.1.10' }];
    const workflow = aWorkflow({ vm: { nics: back ? [{ ...back, addresses }, ...more] : [] } });
    await workflow.run();
    assert.deepEqual([warnings(workflow), workflow.count('nic'), workflow.count('publicIp')], [[], 1, 1]);
  });

  it('is not assumed behind Azure Firewall, whose address is the host', async () => {
    const workflow = aWorkflow();
    const vm = workflow.azure.addVm({ name: 'fw-01' });
    workflow.azure.addFirewall({ name: 'firewall', besides: vm, publicIp: '20.60.9.9' });
    workflow.azure.addPolicy({
      name: 'fw',
      vms: [{ vm, ports: [anyPort(22)], publicIpAddress: '20.60.9.9' }],
    });
    await workflow.run({ vmResourceId: vm.id });
    assert.deepEqual(warnings(workflow), []);
  });

  it('causes a warning that names what could not be read, and no failure because of that', async () => {
    const [forbidden, broken, hanging] = [0, 1, 2].map(() => aWorkflow({ vm: twoNics(FRONT) })) as [
      Workflow,
      Workflow,
      Workflow,
    ];
    forbidden.azure.principal.forbid('Microsoft.Network/publicIPAddresses/read');
    // The first one is the public address of the primary network interface.
    broken.azure.next(
      'nic',
      () => undefined,
      serverError('The network interface', 500, 'InternalServerError'),
    );
    hanging.azure.next('nic', () => undefined, 'hang');
    for (const workflow of [forbidden, broken, hanging]) {
      assert.deepEqual((await workflow.run()).codes, []);
      includes(one(workflow), '10.0.1.8', 'is not known');
    }
    includes(one(forbidden), 'network interface front', 'publicIPAddresses/read');
    includes(one(broken), 'InternalServerError');
  });

  it('causes one warning if reading the public address of the primary IP configuration is forbidden', async () => {
    const workflow = aWorkflow();
    workflow.azure.principal.forbid('Microsoft.Network/publicIPAddresses/read');
    assert.deepEqual((await workflow.run()).codes, []);
    includes(one(workflow), 'publicIPAddresses/read', 'host is the private address');
    assert.equal(workflow.count('nic'), 1);
    workflow.context.ports.answers = ['silent'];
    const { opened } = await workflow.run({ waitFor: 'connection', waitTimeout: '20s' });
    includes(opened?.failures[0]?.remedy ?? '', 'not allowed to read its public address web-01-nic-ip1');
  });

  it('causes one warning for each VM, except VMs with a public address', async () => {
    const workflow = aWorkflow();
    const inner = workflow.azure.addVm({ name: 'inner-01' });
    workflow.azure.addPolicy({ name: 'inner', vms: [{ vm: inner, ports: [anyPort(22), anyPort(3389)] }] });
    const vmResourceId = `${workflow.vm.id}\n${inner.id}`;
    assert.deepEqual((await workflow.run({ vmResourceId, ports: '22,3389' })).codes, []);
    includes(one(workflow), 'inner-01');
  });

  it('causes one warning for many VMs without a public address, and separate ones for other VMs', async () => {
    const workflow = aWorkflow({ vm: twoNics(FRONT) });
    const names = Array.from({ length: 12 }, (_none, at) => `inner-${String(at)}`);
    const vms = names.map((name) => workflow.azure.addVm({ name }));
    workflow.azure.addPolicy({ name: 'inner', vms: vms.map((vm) => ({ vm, ports: [anyPort(22)] })) });
    const vmResourceId = [workflow.vm, ...vms].map(({ id }) => id).join('\n');
    for (const dryRun of ['true', 'false'])
      assert.deepEqual((await workflow.run({ vmResourceId, dryRun })).codes, []);
    const [many = '', front = ''] = warnings(workflow);
    includes(many, 'inner-0 (10.0.', 'inner-9 (10.0.', ' and 2 more: host is a private address');
    includes(front, 'web-01', '20.60.1.12');
    assert.deepEqual(warnings(workflow), [many, front, many, front]);
  });

  it('causes ten warnings at most, the last one with the number of the others, which are lines of a group', async () => {
    const workflow = aWorkflow({ vm: twoNics(FRONT) });
    const names = Array.from({ length: 11 }, (_none, at) => `front-${String(at)}`);
    const vms = names.map((name) => workflow.azure.addVm({ name, ...twoNics(FRONT) }));
    workflow.azure.addPolicy({ name: 'front', vms: vms.map((vm) => ({ vm, ports: [anyPort(22)] })) });
    const vmResourceId = [workflow.vm, ...vms].map(({ id }) => id).join('\n');
    assert.deepEqual((await workflow.run({ vmResourceId })).codes, []);
    assert.equal(warnings(workflow).length, 10);
    includes(warnings(workflow)[9] ?? '', '3 more VMs');
    const lines = workflow.context.texts('line').filter((text) => text.includes('20.60.1.12'));
    assert.deepEqual(
      lines.map((text) => text.split(':')[0]),
      ['front-8', 'front-9', 'front-10'],
    );
  });

  it('is named by JIT704, with what was found', async () => {
    const { run, context } = aWorkflow({ vm: twoNics(FRONT) });
    context.ports.answers = ['silent'];
    const { codes, opened } = await run({ waitFor: 'connection', waitTimeout: '20s' });
    assert.deepEqual(codes, ['JIT704']);
    includes(opened?.failures[0]?.remedy ?? '', '10.0.1.8', '20.60.1.12', 'front');
    assert.deepEqual(context.ports.tried[0], { host: '10.0.1.8', port: 22 });
  });

  it('does not change the outputs', async () => {
    const { run } = aWorkflow({ vm: twoNics(FRONT) });
    assert.equal((await run()).outputs?.host, '10.0.1.8');
  });
});
