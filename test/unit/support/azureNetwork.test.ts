import assert from 'node:assert/strict';
import type { NetworkManagementClient } from '@azure/arm-network';
import { createBench, errorIn, type Bench } from '../../support/azure/bench';
import { createMicrosoftClients } from '../../support/azure/microsoftClients';
import { API_VERSIONS, startAzure, type Principal, type SimulatedAzure, type Vm } from '../../support/azure';

type Json = Readonly<Record<string, unknown>>;
const NETWORK = `api-version=${API_VERSIONS.network}`;

describe('the network of the simulated Azure', () => {
  let azure: SimulatedAzure;
  let deployer: Principal;
  let bench: Bench;
  let sdk: NetworkManagementClient;

  before(async () => {
    azure = await startAzure({ settings: { ruleDelayMs: 0, operationRetryAfterSeconds: 0 } });
    deployer = azure.addPrincipal({ secret: 'right' });
  });
  after(() => azure.close());
  beforeEach(async () => {
    azure.forget();
    azure.settings.ruleBlockedByLock = false;
    azure.settings.ruleFields = 'alternating';
    deployer.permissions = [{ actions: ['*'] }];
    bench = await createBench(azure, deployer);
    sdk = createMicrosoftClients(azure, bench.caller.token, bench.vm.subscriptionId).network;
  });

  const read = async (id: string, version = NETWORK): Promise<Json> => {
    const reply = await bench.caller.ask('GET', `${id}?${version}`);
    assert.equal(reply.status, 200);
    return (JSON.parse(reply.text) as { properties: Json }).properties;
  };
  const nicIdsOf = async (vm: Vm): Promise<readonly { id: string; properties: Json }[]> => {
    const { networkProfile } = await read(vm.id, `api-version=${API_VERSIONS.compute}`);
    return (networkProfile as { networkInterfaces: { id: string; properties: Json }[] }).networkInterfaces;
  };

  it('links a VM to its addresses, its subnet, its VNet, and both security groups', async () => {
    const vm = azure.addVm({
      name: 'db-01',
      publicIp: '20.3.3.3',
      nicNsg: { name: 'nic-nsg' },
      subnetNsg: { name: 'subnet-nsg' },
      vnetPrefixes: ['10.0.0.0/16', '10.9.0.0/24'],
      applicationSecurityGroups: ['databases'],
    });
    const [nic] = await nicIdsOf(vm);
    const { ipConfigurations, networkSecurityGroup } = await read(nic?.id ?? '');
    assert.match(JSON.stringify(networkSecurityGroup), /nic-nsg/);
    const [address] = ipConfigurations as { properties: Json }[];
    const { privateIPAddress, publicIPAddress, subnet, applicationSecurityGroups } =
      address?.properties ?? {};
    assert.equal(privateIPAddress, vm.privateIp);
    assert.match(JSON.stringify(applicationSecurityGroups), /applicationSecurityGroups\/databases/);
    assert.equal((await read((publicIPAddress as { id: string }).id))['ipAddress'], '20.3.3.3');
    const subnetId = (subnet as { id: string }).id;
    assert.match(JSON.stringify(await read(subnetId)), /networkSecurityGroups\/subnet-nsg/);
    const vnet = await read(subnetId.replace(/\/subnets\/.*/, ''));
    assert.deepEqual(vnet['addressSpace'], { addressPrefixes: ['10.0.0.0/16', '10.9.0.0/24'] });
    azure.assertNoViolations();
  });

  it('marks the primary network interface only if there are several, and the primary address on each', async () => {
    const addresses = [
      { privateIp: '10.0.1.4', primary: false },
      { privateIp: '10.0.1.5', publicIp: null, primary: true },
    ];
    const nics = [
      { name: 'eth0', primary: false, addresses: [{ privateIp: '10.0.1.9', primary: true }] },
      { name: 'eth1', primary: true, addresses, nsg: true },
    ];
    const several = azure.addVm({ name: 'gateway', nics });
    assert.equal(several.privateIp, '10.0.1.5');
    assert.equal(several.publicIp, undefined);
    const flags = (await nicIdsOf(several)).map(({ properties }) => properties['primary']);
    assert.deepEqual(flags, [false, true]);
    const [single] = await nicIdsOf(bench.vm);
    assert.equal(single?.properties['primary'], undefined);
  });

  it('returns the instance view of a VM on request, and only for known values', async () => {
    const vm = azure.addVm({ name: 'asleep', powerState: 'deallocated' });
    const compute = `api-version=${API_VERSIONS.compute}`;
    assert.ok(!('instanceView' in (await read(vm.id, compute))));
    assert.ok(!('instanceView' in (await read(vm.id, `${compute}&$expand=userData`))));
    const { instanceView } = await read(vm.id, `${compute}&$expand=instanceView`);
    const codes = (instanceView as { statuses: { code: string }[] }).statuses.map(({ code }) => code);
    assert.deepEqual(codes, ['ProvisioningState/succeeded', 'PowerState/deallocated']);
    const reply = await bench.caller.ask('GET', `${vm.id}?${compute}&$expand=everything`);
    assert.deepEqual([reply.status, errorIn(reply).code], [400, 'InvalidParameter']);
  });

  it('returns rules with singular and with plural fields, and the default rules separately', async () => {
    const { group, name } = { group: bench.vm.resourceGroup, name: bench.vm.nicNsg?.name ?? '' };
    bench.vm.nicNsg?.addRule({
      name: 'by-hand',
      priority: 300,
      access: 'Allow',
      sources: ['20.1.1.1', '20.1.1.2'],
      destinationPorts: ['443'],
    });
    await bench.initiate({ allowedSourceAddressPrefix: '20.1.2.3' });
    const fieldsFor = async (ruleFields: 'singular' | 'plural') => {
      azure.settings.ruleFields = ruleFields;
      const { securityRules = [], defaultSecurityRules = [] } = await sdk.networkSecurityGroups.get(
        group,
        name,
      );
      assert.deepEqual(
        defaultSecurityRules.filter(({ direction }) => direction === 'Inbound').map((r) => r.priority),
        [65000, 65001, 65500],
      );
      const active = securityRules.find(({ priority }) => priority === 100);
      return [
        active?.destinationPortRange,
        active?.destinationPortRanges,
        securityRules.map((rule) => rule.name).length,
      ];
    };
    assert.deepEqual(await fieldsFor('singular'), ['22', [], 3]);
    assert.deepEqual(await fieldsFor('plural'), [undefined, ['22'], 3]);
    azure.assertNoViolations();
  });

  it('allows terraform to remove the rules while the request still has the status Initiated', async () => {
    await bench.initiate({ allowedSourceAddressPrefix: '20.1.2.3' });
    bench.vm.nicNsg?.addRule({ name: 'by-hand', priority: 300, access: 'Allow' });
    azure.advance(1000);
    azure.nsg(bench.vm.nicNsg?.id ?? '').wipeJitRules();
    assert.deepEqual(
      bench.vm.nicNsg?.rules().map(({ name }) => name),
      ['by-hand'],
    );
    assert.equal(bench.policy.liveGrants().length, 1);
    assert.match(JSON.stringify(bench.policy.requests()), /"status":"Initiated"/);
  });

  it('rejects a second rule with the same priority', () => {
    const rule = { name: 'a', priority: 300, access: 'Allow' } as const;
    bench.vm.nicNsg?.addRule(rule);
    assert.throws(() => bench.vm.nicNsg?.addRule({ ...rule, name: 'b' }), /Priority 300/);
  });

  it('deletes a rule with an operation that Microsoft’s own client can follow', async () => {
    await bench.initiate({ allowedSourceAddressPrefix: '20.1.2.3' });
    const [rule] = bench.vm.nicNsg?.jitAllowRules() ?? [];
    const { resourceGroup, nicNsg } = bench.vm;
    assert.ok(rule && nicNsg);
    const options = { updateIntervalInMs: 1 };
    await sdk.securityRules.beginDeleteAndWait(resourceGroup, nicNsg.name, rule.name, options);
    assert.deepEqual(nicNsg.jitAllowRules(), []);
    assert.equal(azure.callsTo('rule.delete')[0]?.status, 202);
    assert.ok(azure.callsTo('operation').length > 0);
    const path = `${nicNsg.id}/securityRules/${rule.name}?${NETWORK}`;
    assert.equal((await bench.caller.ask('DELETE', path)).status, 204);
    azure.assertNoViolations();
  });

  it('keeps a rule that is locked, or that the caller is not allowed to delete', async () => {
    await bench.initiate({ allowedSourceAddressPrefix: '20.1.2.3' });
    const [rule] = bench.vm.nicNsg?.jitAllowRules() ?? [];
    const path = `${bench.vm.nicNsg?.id}/securityRules/${rule?.name}?${NETWORK}`;
    azure.settings.ruleBlockedByLock = true;
    assert.equal(errorIn(await bench.caller.ask('DELETE', path)).code, 'ScopeLocked');
    deployer.forbid('Microsoft.Network/networkSecurityGroups/securityRules/delete');
    assert.equal(errorIn(await bench.caller.ask('DELETE', path)).code, 'AuthorizationFailed');
    assert.equal(bench.vm.nicNsg?.jitAllowRules().length, 1);
  });

  it('distinguishes a missing subscription, a missing group, and a missing resource', async () => {
    const { vm, caller } = bench;
    const codeOf = async (id: string): Promise<string> => {
      const { status, code } = errorIn(await caller.ask('GET', `${id}?api-version=${API_VERSIONS.compute}`));
      assert.equal(status, 404);
      return code;
    };
    assert.equal(await codeOf(vm.id.replace(vm.subscriptionId, 'no-such')), 'SubscriptionNotFound');
    assert.equal(await codeOf(vm.id.replace(vm.resourceGroup, 'no-such')), 'ResourceGroupNotFound');
    assert.equal(await codeOf(`${vm.id}-no-such`), 'ResourceNotFound');
    azure.removeVm(vm);
    assert.equal(await codeOf(vm.id), 'ResourceNotFound');
  });

  it('finds resources regardless of the case of their IDs', async () => {
    const reply = await bench.caller.ask(
      'GET',
      `${bench.vm.id.toUpperCase()}?api-version=${API_VERSIONS.compute}`,
    );
    assert.equal(reply.status, 200);
  });

  it('returns the permissions of a caller for a scope', async () => {
    const scope = `/subscriptions/${bench.vm.subscriptionId}/resourceGroups/${bench.vm.resourceGroup}`;
    const elsewhere = { scope: '/subscriptions/another', actions: ['Elsewhere/read'] };
    deployer.permissions = [{ scope, actions: ['*'], notActions: ['Microsoft.Network/*'] }, elsewhere];
    const path = `/providers/Microsoft.Authorization/permissions?api-version=${API_VERSIONS.permissions}`;
    const { text } = await bench.caller.ask('GET', bench.vm.id + path);
    assert.deepEqual(JSON.parse(text), {
      value: [{ actions: ['*'], notActions: ['Microsoft.Network/*'], dataActions: [], notDataActions: [] }],
    });
  });
});
