import assert from 'node:assert/strict';
import { createCaller, type Caller, type Reply } from '../../support/azure/caller';
import { errorIn } from '../../support/azure/bench';
import {
  API_VERSIONS,
  DEFAULT_SUBSCRIPTION,
  startAzure,
  type Principal,
  type SimulatedAzure,
} from '../../support/azure';

interface Item {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly properties: Readonly<Record<string, unknown>>;
}
const OTHER_SUBSCRIPTION = '99999999-2222-4333-8444-555555555555';
const SUBSCRIPTION = `/subscriptions/${DEFAULT_SUBSCRIPTION}`;
const VMS = 'providers/Microsoft.Compute/virtualMachines';
const LISTS = [
  `${SUBSCRIPTION}/${VMS}`,
  `${SUBSCRIPTION}/resourceGroups/rg-a/${VMS}`,
  ...['networkInterfaces', 'networkSecurityGroups', 'virtualNetworks', 'azureFirewalls'].map(
    (type) => `${SUBSCRIPTION}/providers/Microsoft.Network/${type}`,
  ),
];

describe('the lists of the simulated Azure', () => {
  let azure: SimulatedAzure;
  let reader: Principal;
  let caller: Caller;

  beforeEach(async () => {
    azure = await startAzure({ settings: { listPageSize: 2 } });
    reader = azure.addPrincipal({ secret: 'right', permissions: [{ actions: ['*'] }] });
    caller = await createCaller(azure, reader);
    for (const name of ['web-01', 'web-02', 'web-03']) azure.addVm({ name, resourceGroup: 'rg-a' });
    azure.addVm({ name: 'db-01', resourceGroup: 'rg-b', location: 'northeurope', system: 'Windows' });
    azure.addVm({ name: 'far-01', subscriptionId: OTHER_SUBSCRIPTION });
  });
  afterEach(() => azure.close());

  const request = (path: string, query = ''): Promise<Reply> => {
    const version = path.includes('Compute') ? API_VERSIONS.compute : API_VERSIONS.network;
    return caller.ask('GET', `${path}?api-version=${version}${query}`);
  };
  async function pagesOf(path: string): Promise<readonly (readonly Item[])[]> {
    const pages: Item[][] = [];
    let reply = await request(path);
    for (;;) {
      assert.equal(reply.status, 200, reply.text);
      const { value, nextLink } = JSON.parse(reply.text) as { value: Item[]; nextLink?: string };
      pages.push(value);
      if (nextLink === undefined) return pages;
      assert.equal(new URL(nextLink).origin, azure.url);
      reply = await caller.ask('GET', nextLink.slice(azure.url.length));
    }
  }
  const namesIn = async (path: string): Promise<readonly (readonly string[])[]> =>
    (await pagesOf(path)).map((page) => page.map(({ name }) => name));
  const allOf = async (type: string): Promise<readonly Item[]> =>
    (await pagesOf(`${SUBSCRIPTION}/providers/${type}`)).flat();

  it('have linked pages of the VMs in a subscription and in a group', async () => {
    assert.deepEqual(await namesIn(`${SUBSCRIPTION}/${VMS}`), [
      ['web-01', 'web-02'],
      ['web-03', 'db-01'],
    ]);
    assert.deepEqual(await namesIn(`${SUBSCRIPTION}/resourceGroups/RG-A/${VMS}`), [
      ['web-01', 'web-02'],
      ['web-03'],
    ]);
    assert.deepEqual(await namesIn(`/subscriptions/${OTHER_SUBSCRIPTION}/${VMS}`), [['far-01']]);
    assert.equal(azure.callsTo('vms.list').length, 5);
    azure.assertNoViolations();
  });

  it('return the group in another case than it was created in, and everything else like the single read', async () => {
    const [web = { id: '' }] = await allOf('Microsoft.Compute/virtualMachines');
    assert.match(web.id, /\/resourceGroups\/RG-A\/providers\//);
    const single = JSON.parse((await request(web.id)).text) as Item;
    assert.deepEqual({ ...web, id: single.id }, single);
    azure.settings.changesIdCase = false;
    const [same] = await allOf('Microsoft.Compute/virtualMachines');
    assert.equal(same?.id, single.id);
  });

  it('are empty if there are no resources', async () => {
    azure.addGroup('00000000-2222-4333-8444-555555555555', 'rg-empty');
    const empty = '/subscriptions/00000000-2222-4333-8444-555555555555';
    assert.deepEqual(await namesIn(`${empty}/resourceGroups/rg-empty/${VMS}`), [[]]);
    assert.deepEqual(await namesIn(`${empty}/providers/Microsoft.Network/azureFirewalls`), [[]]);
  });

  it('do not contain removed resources, and fail for unknown groups and subscriptions', async () => {
    azure.removeVm(azure.addVm({ name: 'gone-01' }));
    assert.equal((await allOf('Microsoft.Compute/virtualMachines')).length, 4);
    const codeOf = async (path: string) => errorIn(await request(path)).code;
    assert.equal(await codeOf(`${SUBSCRIPTION}/resourceGroups/no-such/${VMS}`), 'ResourceGroupNotFound');
    assert.equal(await codeOf(`/subscriptions/no-such/${VMS}`), 'SubscriptionNotFound');
  });

  it('return networks with their subnets, the subnets’ groups, and their peerings', async () => {
    const guarded = azure.addVm({ name: 'in-01', subnet: 'guarded', subnetNsg: { name: 'guard' } });
    const other = azure.addVm({ name: 'in-02', resourceGroup: 'rg-b' });
    azure.peerNetworks(guarded, other);
    const vnets = await allOf('Microsoft.Network/virtualNetworks');
    assert.equal(vnets.length, 4, 'a group’s network of another region is another one');
    const { properties } = vnets.find(({ name }) => name === 'vnet-rg-app') ?? {};
    const { addressSpace, subnets, virtualNetworkPeerings } = properties ?? {};
    assert.deepEqual(addressSpace, { addressPrefixes: ['10.0.0.0/16'] });
    const [subnet] = subnets as Item[];
    assert.equal(subnet?.name, 'guarded');
    assert.deepEqual(subnet.properties['networkSecurityGroup'], { id: guarded.subnetNsg?.id });
    const [peering] = virtualNetworkPeerings as Item[];
    assert.deepEqual(peering?.properties['remoteVirtualNetwork'], { id: other.vnetId });
  });

  it('return network interfaces and groups of VMs with several network interfaces, without a group, and without a network interface', async () => {
    const nic = (name: string, primary: boolean, nsg: boolean) => ({
      name,
      primary,
      nsg,
      addresses: [{ privateIp: primary ? '10.0.7.4' : '10.0.7.5', primary: true }],
    });
    const vm = azure.addVm({ name: 'two', nics: [nic('eth0', true, false), nic('eth1', false, true)] });
    const bare = azure.addVm({ name: 'bare', nicNsg: false });
    const none = azure.addVm({ name: 'none', nics: [] });
    assert.deepEqual([none.privateIp, none.nicIds, bare.nicNsg], ['', [], undefined]);
    const nics = await allOf('Microsoft.Network/networkInterfaces');
    const groupOf = (name: string): unknown =>
      nics.find((item) => item.name === name)?.properties['networkSecurityGroup'];
    assert.equal(groupOf('eth0'), undefined);
    assert.equal(groupOf('bare-nic'), undefined);
    assert.match(JSON.stringify(groupOf('eth1')), /eth1-nsg/);
    const groups = await allOf('Microsoft.Network/networkSecurityGroups');
    assert.deepEqual(groups.map(({ name }) => name).slice(-2), ['db-01-nic-nsg', 'eth1-nsg']);
    const listed = await allOf('Microsoft.Compute/virtualMachines');
    assert.deepEqual(listed.at(-1)?.properties['networkProfile'], { networkInterfaces: [] });
    assert.equal(listed.find(({ name }) => name === 'two')?.location, vm.location);
  });

  it('return firewalls with their own rules, or with a policy that manages them', async () => {
    const classic = azure.addVm({ name: 'behind-01', resourceGroup: 'rg-c' });
    const managed = azure.addVm({ name: 'behind-02', resourceGroup: 'rg-d' });
    const natRule = {
      name: 'ssh',
      destinationAddresses: ['20.4.0.4'],
      destinationPorts: ['13022'],
      translatedAddress: classic.privateIp,
      translatedPort: '22',
    };
    azure.addFirewall({ besides: classic, natRules: [natRule] });
    azure.addFirewall({ besides: managed, policy: 'central' });
    const [own, led] = (await allOf('Microsoft.Network/azureFirewalls')).map(({ properties }) => properties);
    const [configuration] = own?.['ipConfigurations'] as { properties: { subnet: { id: string } } }[];
    assert.equal(configuration?.properties.subnet.id, `${classic.vnetId}/subnets/AzureFirewallSubnet`);
    const [collection] = own?.['natRuleCollections'] as { properties: { rules: object[] } }[];
    const written = { ...natRule, protocols: ['TCP'], sourceAddresses: ['*'], sourceIpGroups: [] };
    assert.deepEqual(collection?.properties.rules, [written]);
    assert.match(JSON.stringify(led?.['firewallPolicy']), /firewallPolicies\/central/);
    assert.equal(led?.['natRuleCollections'], undefined);
    const firewalled = { besides: managed, name: 'both', policy: 'central', natRules: [natRule] };
    assert.throws(() => azure.addFirewall(firewalled), /no rules of its own/);
  });

  it('are refused to callers with permissions for a group, except for the group’s own list', async () => {
    reader.permissions = [{ scope: `${SUBSCRIPTION}/resourceGroups/rg-a`, actions: ['*/read'] }];
    const { code, message } = errorIn(await request(`${SUBSCRIPTION}/${VMS}`));
    assert.equal(code, 'AuthorizationFailed');
    assert.match(
      message,
      new RegExp(`virtualMachines/read' over scope '${SUBSCRIPTION}/providers/Microsoft.Compute'`),
    );
    assert.equal((await namesIn(`${SUBSCRIPTION}/resourceGroups/rg-a/${VMS}`)).flat().length, 3);
    assert.equal(
      errorIn(await request(`${SUBSCRIPTION}/resourceGroups/rg-b/${VMS}`)).code,
      'AuthorizationFailed',
    );
  });

  for (const path of LISTS) {
    const title = path.replace(SUBSCRIPTION, '');
    it(`name the permission that ${title} requires`, async () => {
      const type = path.split('/providers/')[1] ?? '';
      reader.forbid(`${type}/read`);
      const { status, message } = errorIn(await request(path));
      assert.equal(status, 403);
      assert.ok(message.includes(`'${type}/read'`), message);
    });

    it(`accept only known parameters at ${title}`, async () => {
      assert.equal((await request(path, '&$filter=x')).status, 400);
      assert.equal((await caller.ask('GET', `${path}?api-version=2019-01-01`)).status, 400);
      assert.equal(azure.violations.length, 2);
      assert.equal(errorIn(await request(path, '&$skiptoken=nonsense')).code, 'InvalidSkipToken');
    });
  }
});
