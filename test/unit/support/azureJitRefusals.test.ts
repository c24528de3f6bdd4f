import assert from 'node:assert/strict';
import { createBench, HOUR_MS, JIT_VERSION, errorIn, portIn, type Bench } from '../../support/azure/bench';
import { startAzure, type Principal, type SimulatedAzure, type Vm } from '../../support/azure';

describe('the simulated just-in-time access service', () => {
  let azure: SimulatedAzure;
  let deployer: Principal;
  let bench: Bench;
  let vm: Vm;

  before(async () => {
    const clock = (): number => Date.UTC(2026, 2, 3, 10);
    azure = await startAzure({
      clock,
      settings: { ruleDelayMs: 4000, initiatingMs: 2000, tokenLifeSeconds: 86_400 },
    });
    deployer = azure.addPrincipal({ secret: 'right' });
  });
  after(() => azure.close());
  beforeEach(async () => {
    azure.forget();
    deployer.permissions = [{ actions: ['*'] }];
    bench = await createBench(azure, deployer);
    vm = bench.vm;
  });
  afterEach(() => {
    Object.assign(azure.settings, { verbatimSources: true, initiateNeedsVmWrite: false, clockSkewMs: 0 });
  });

  it('requires exactly one kind of end, and checks it before the policy', async () => {
    const both = { number: 22, endTimeUtc: bench.inMs(HOUR_MS), duration: 'PT1H' };
    for (const port of [both, { number: 22 }]) {
      const body = { virtualMachines: [{ id: vm.id, ports: [port] }] };
      const { status, code } = errorIn(await bench.initiateWith(body, `${bench.policy.id}-unknown`));
      assert.deepEqual([status, code], [400, 'InvalidInitiateInput']);
    }
    const reply = await bench.initiate({ endTimeUtc: undefined, duration: 'PT45M' });
    assert.equal(portIn(reply)?.endTimeUtc, bench.inMs(45 * 60_000).replace('.000Z', 'Z'));
  });

  it('refuses everything outside the policy: port, VM, duration, source', async () => {
    const other = azure.addVm({ name: 'web-02', resourceGroup: vm.resourceGroup });
    const foreign = {
      virtualMachines: [{ id: other.id, ports: [{ number: 22, endTimeUtc: bench.inMs(HOUR_MS) }] }],
    };
    const replies = await Promise.all([
      bench.initiate({}, 8080),
      bench.initiateWith(foreign),
      bench.initiate({ endTimeUtc: bench.inMs(3 * HOUR_MS + 1) }),
      bench.initiate({ allowedSourceAddressPrefix: '20.61.0.1' }, 3389),
      bench.initiate({ allowedSourceAddressPrefix: '*' }, 3389),
      bench.initiate({}, 3389),
    ]);
    for (const reply of replies) assert.match(errorIn(reply).message, /not a subset of policy/);
    assert.equal((await bench.initiate({ endTimeUtc: bench.inMs(3 * HOUR_MS) })).status, 202);
  });

  it('accepts an address inside a CIDR only if the sources of the policy are not required verbatim', async () => {
    const inside = { allowedSourceAddressPrefix: '20.50.1.1' };
    assert.equal((await bench.initiate(inside, 3389)).status, 400);
    assert.equal((await bench.initiate({ allowedSourceAddressPrefix: '20.50.0.0/16' }, 3389)).status, 202);
    azure.settings.verbatimSources = false;
    assert.equal((await bench.initiate(inside, 3389)).status, 202);
    assert.equal((await bench.initiate({ allowedSourceAddressPrefix: '20.50.0.0/15' }, 3389)).status, 400);
  });

  it('refuses an end in the past, an unsupported source, and a policy that does not exist', async () => {
    assert.equal(errorIn(await bench.initiate({ endTimeUtc: bench.inMs(0) })).status, 400);
    assert.equal(errorIn(await bench.initiate({ allowedSourceAddressPrefix: 'Internet' })).status, 400);
    const body = {
      virtualMachines: [{ id: vm.id, ports: [{ number: 22, endTimeUtc: bench.inMs(HOUR_MS) }] }],
    };
    const { status, code } = errorIn(await bench.initiateWith(body, `${bench.policy.id}-unknown`));
    assert.deepEqual([status, code], [404, 'PolicyNotFound']);
  });

  it('reports a field that the service does not know as a violation', async () => {
    await bench.initiate({ allowedSourceAddressPrefixs: ['20.1.2.3'] });
    assert.match(azure.violations.join(), /allowedSourceAddressPrefixs/);
  });

  it('lists policies in pages, and omits some from the list for a subscription', async () => {
    const ports = [{ number: 22, protocol: '*', sources: '*', maxRequestAccessDuration: 'PT1H' }];
    for (const name of ['second', 'third']) azure.addPolicy({ name, vms: [{ vm, ports }] });
    const group = `/subscriptions/${vm.subscriptionId}/resourceGroups/${vm.resourceGroup}`;
    const names: string[] = [];
    let next: string | undefined =
      `${group}/providers/Microsoft.Security/jitNetworkAccessPolicies?${JIT_VERSION}`;
    let pages = 0;
    for (; next !== undefined; pages += 1) {
      const { text } = await bench.caller.ask('GET', next);
      const page = JSON.parse(text) as { value: { name: string }[]; nextLink?: string };
      names.push(...page.value.map(({ name }) => name));
      next = page.nextLink?.slice(azure.url.length);
    }
    assert.deepEqual([names, pages], [['default', 'second', 'third'], 2]);

    const everywhere = `/subscriptions/${vm.subscriptionId}/providers/Microsoft.Security/jitNetworkAccessPolicies?${JIT_VERSION}`;
    const count = async (): Promise<number> =>
      (JSON.parse((await bench.caller.ask('GET', everywhere)).text) as { value: unknown[] }).value.length;
    Object.assign(azure.settings, { pageSize: 1000, subscriptionListOmits: false });
    const complete = await count();
    azure.settings.subscriptionListOmits = true;
    const omitting = await count();
    azure.settings.pageSize = 2;
    assert.ok(omitting < complete);
    azure.assertNoViolations();
  });

  it('replaces all VMs of a policy on PUT, with their deny rules, and is Updating for a while', async () => {
    const second = azure.addVm({ name: 'web-02', resourceGroup: vm.resourceGroup });
    const ports = [
      { number: 22, protocol: 'TCP', allowedSourceAddressPrefix: '*', maxRequestAccessDuration: 'PT1H' },
    ];
    const put = (vms: readonly object[]) =>
      bench.caller.ask('PUT', `${bench.policy.id}?${JIT_VERSION}`, {
        kind: 'Basic',
        properties: { virtualMachines: vms },
      });
    assert.equal((await put([{ id: second.id, ports }])).status, 200);
    assert.equal((await bench.readPolicy()).provisioningState, 'Updating');
    azure.advance(1000);
    assert.equal((await bench.readPolicy()).provisioningState, 'Succeeded');
    assert.deepEqual(vm.nicNsg?.rules(), []);
    assert.equal(second.nicNsg?.rules().length, 1);

    const elsewhere = azure.addVm({ name: 'web-03', resourceGroup: 'rg-elsewhere' });
    assert.match(errorIn(await put([{ id: elsewhere.id, ports }])).message, /different cloud, subscription/);
    assert.equal((await put([{ id: vm.id, ports: [{ ...ports[0], protocol: '' }] }])).status, 500);
    assert.equal(
      (await put([{ id: vm.id, ports: [{ ...ports[0], maxRequestAccessDuration: 'P2D' }] }])).status,
      400,
    );
  });

  it('deletes a policy only once', async () => {
    assert.equal((await bench.caller.ask('DELETE', `${bench.policy.id}?${JIT_VERSION}`)).status, 200);
    assert.equal((await bench.caller.ask('DELETE', `${bench.policy.id}?${JIT_VERSION}`)).status, 204);
    assert.deepEqual(vm.nicNsg?.rules(), []);
  });

  it('names a missing action in the words of ARM', async () => {
    deployer.permissions = [
      { actions: ['Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action'] },
    ];
    const missingRead = errorIn(await bench.initiate({}));
    assert.deepEqual([missingRead.status, missingRead.code], [403, 'AuthorizationFailed']);
    assert.ok(
      missingRead.message.includes(
        `perform action 'Microsoft.Compute/virtualMachines/read' over scope '${vm.id}'`,
      ),
    );
    deployer.permissions = [{ actions: ['*'], notActions: ['Microsoft.Compute/virtualMachines/write'] }];
    azure.settings.initiateNeedsVmWrite = true;
    assert.match(errorIn(await bench.initiate({})).message, /virtualMachines\/write/);
    deployer.permissions = [{ actions: ['*'], scope: '/subscriptions/another' }];
    assert.equal((await bench.initiate({})).status, 403);
  });

  it('refuses requests with another code if Plan 2 is off', async () => {
    const vmElsewhere = azure.addVm({ name: 'poor', subscriptionId: '99999999-0000-4000-8000-000000000000' });
    const ports = [{ number: 22, protocol: '*', sources: '*', maxRequestAccessDuration: 'PT1H' }];
    const poor = azure.addPolicy({ vms: [{ vm: vmElsewhere, ports }] });
    azure.planTwoOff(vmElsewhere.subscriptionId);
    const body = {
      virtualMachines: [{ id: vmElsewhere.id, ports: [{ number: 22, endTimeUtc: bench.inMs(HOUR_MS) }] }],
    };
    const { status, code } = errorIn(await bench.initiateWith(body, poor.id));
    assert.equal(status, 403);
    assert.notEqual(code, 'AuthorizationFailed');
    assert.equal((await bench.caller.ask('GET', `${poor.id}?${JIT_VERSION}`)).status, 200);
  });

  it('uses only its own clock', async () => {
    azure.settings.clockSkewMs = -2 * HOUR_MS;
    try {
      const reply = await bench.caller.ask('GET', `${bench.policy.id}?${JIT_VERSION}`);
      assert.equal(Date.parse(reply.headers['date'] ?? ''), Math.floor(azure.now() / 1000) * 1000);
      const late = new Date(azure.now() + 2 * HOUR_MS + 3 * HOUR_MS).toISOString();
      assert.equal((await bench.initiate({ endTimeUtc: late })).status, 400);
    } finally {
      azure.settings.clockSkewMs = 0;
    }
  });
});
