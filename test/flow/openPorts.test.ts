import assert from 'node:assert/strict';
import { AGENT, START } from '../support/fakes/fakeContext';
import { anyPort, aWorkflow, HOUR } from './workflow';

describe('opening ports', () => {
  it('opens a port for the agent, and sets where to connect', async () => {
    const { run, policy, vm } = aWorkflow();
    const { codes, outputs, endpoints } = await run({ duration: '45m' });
    assert.deepEqual(codes, []);
    assert.equal(outputs?.host, '20.60.1.10');
    assert.equal(outputs.port, '22');
    assert.equal(outputs.sourceAddresses, AGENT);
    assert.equal(outputs.expiresAtUtc, new Date(START + 45 * 60_000).toISOString());
    assert.deepEqual(
      endpoints.map(({ status, connectPort, vmName }) => ({ status, connectPort, vmName })),
      [{ status: 'open', connectPort: 22, vmName: 'web-01' }],
    );
    assert.deepEqual(policy.liveGrants(), [
      { vmId: vm.id, port: 22, sources: [AGENT], endsAt: START + 45 * 60_000 },
    ]);
  });

  it('sets the private address as host if there is no public one', async () => {
    const { azure, run } = aWorkflow();
    const vm = azure.addVm({ name: 'db-01', privateIp: '10.0.0.9' });
    azure.addPolicy({ name: 'jit-db', vms: [{ vm, ports: [anyPort(22)] }] });
    assert.equal((await run({ vmResourceId: vm.id })).outputs?.host, '10.0.0.9');
  });

  it('sets the firewall and its port as host and port behind Azure Firewall', async () => {
    const { azure, run } = aWorkflow();
    const vm = azure.addVm({ name: 'fw-01' });
    const ports = [anyPort(22)];
    azure.addPolicy({ name: 'jit-fw', vms: [{ vm, ports, publicIpAddress: '20.60.9.9' }] });
    const { outputs, endpoints } = await run({ vmResourceId: vm.id });
    assert.equal(outputs?.host, '20.60.9.9');
    assert.notEqual(outputs.port, '22');
    assert.equal(String(endpoints[0]?.connectPort), outputs.port);
    assert.equal(endpoints[0]?.port, 22);
  });

  it('uses the primary address of the primary network interface', async () => {
    const { azure, run } = aWorkflow();
    const nic = (name: string, primary: boolean, privateIp: string) => ({
      name,
      primary,
      nsg: true,
      addresses: [
        { privateIp: `${privateIp}9`, primary: false },
        { privateIp, primary: true },
      ],
    });
    const vm = azure.addVm({
      name: 'two-nics',
      nics: [nic('second', false, '10.0.1.4'), nic('first', true, '10.0.2.4')],
    });
    azure.addPolicy({ name: 'jit-two', vms: [{ vm, ports: [anyPort(22)] }] });
    const { codes, outputs } = await run({ vmResourceId: vm.id });
    assert.deepEqual(codes, []);
    assert.equal(outputs?.host, '10.0.2.4');
  });

  it('sends one request for all VMs of a policy, and one for each policy', async () => {
    const { azure, run, count, vm } = aWorkflow();
    const [b, c] = ['web-02', 'db-01'].map((name) => azure.addVm({ name }));
    azure.addPolicy({
      name: 'web',
      vms: [vm, b!].map((of) => ({ vm: of, ports: [anyPort(22), anyPort(80)] })),
    });
    azure.addPolicy({ name: 'db', vms: [{ vm: c!, ports: [anyPort(22), anyPort(80)] }] });
    const { codes, endpoints } = await run({
      vmResourceId: [vm.id, b!.id.toUpperCase(), `rg-app/db-01`].join('\n'),
      ports: '22,80',
    });
    assert.deepEqual(codes, []);
    assert.equal(count('initiate'), 2);
    assert.equal(endpoints.length, 6);
    assert.equal(count('policies.list'), 1);
  });

  it('requests every port of the policy with `all`, each for its maximum with `max`', async () => {
    const ports = [anyPort(22), anyPort(5986, { maxRequestAccessDuration: 'PT1H30M' })];
    const { run, outputsEnd } = withEnds(ports);
    const { codes, endpoints } = await run({ ports: 'all', duration: 'max' });
    assert.deepEqual(codes, []);
    assert.deepEqual(
      endpoints.map(({ port }) => port),
      [22, 5986],
    );
    // The end can be a few seconds before the maximum, but never after it.
    assert.ok(outputsEnd(endpoints[0]) <= 3 * HOUR && outputsEnd(endpoints[0]) > 2.99 * HOUR);
    assert.ok(outputsEnd(endpoints[1]) <= 1.5 * HOUR && outputsEnd(endpoints[1]) > 1.49 * HOUR);
  });

  it('sets the earliest end of all ports', async () => {
    const { run, outputsEnd } = withEnds([anyPort(22), anyPort(80, { maxRequestAccessDuration: 'PT1H' })]);
    const { outputs, endpoints } = await run({ ports: '22,80', duration: 'max' });
    assert.equal(outputs?.expiresAtUtc, endpoints[1]?.expiresAtUtc);
    assert.ok(outputsEnd(endpoints[1]) < outputsEnd(endpoints[0]));
  });

  it('requests `*` and lists if they are given explicitly', async () => {
    const any = aWorkflow();
    assert.equal((await any.run({ sourceIp: '*' })).outputs?.sourceAddresses, '*');
    const list = aWorkflow();
    const { codes, outputs } = await list.run({ sourceIp: '20.70.1.0/24, 20.70.2.2' });
    assert.deepEqual(codes, []);
    assert.equal(outputs?.sourceAddresses, '20.70.1.0/24,20.70.2.2');
    assert.equal(list.context.services.asked.length, 0);
  });

  it('requests the sources of the policy verbatim', async () => {
    const { run } = aWorkflow({ ports: [anyPort(22, { sources: ['20.70.0.0/16', '20.80.1.1'] })] });
    const { codes, outputs } = await run({ sourceIp: 'policy' });
    assert.deepEqual(codes, []);
    assert.equal(outputs?.sourceAddresses, '20.70.0.0/16,20.80.1.1');
  });

  it('waits for the address that Azure sees, and sets it, with `azure`', async () => {
    const { run, context: context } = aWorkflow({ settings: { seenAddress: '20.61.99.7' } });
    const { codes, outputs } = await run({ sourceIp: 'azure' });
    assert.deepEqual(codes, []);
    assert.equal(outputs?.sourceAddresses, '20.61.99.7');
    assert.equal(context.services.asked.length, 0);
  });

  it("ends before the maximum by Azure's clock, however wrong the agent's clock is", async () => {
    const { run, azure } = aWorkflow({ ports: [anyPort(22, { maxRequestAccessDuration: 'PT1H' })] });
    const { codes, endpoints } = await run({ duration: '1h' });
    assert.deepEqual(codes, []);
    assert.ok(Date.parse(endpoints[0]?.expiresAtUtc ?? '') <= azure.now() + HOUR);
  });
});

function withEnds(ports: readonly ReturnType<typeof anyPort>[]) {
  const workflow = aWorkflow({ ports });
  return {
    ...workflow,
    outputsEnd: (endpoint: { readonly expiresAtUtc: string } | undefined) =>
      Date.parse(endpoint?.expiresAtUtc ?? '') - START,
  };
}
