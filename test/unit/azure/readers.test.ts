import assert from 'node:assert/strict';
import { aVnet } from '../core/networks';
import { parsePrefix, parsePrefixes, textsOf } from '../../../tasks/shared/core/prefixes';
import { FIREWALL } from '../../../tasks/shared/azure/read/firewall';
import { LISTED_NIC, PRIMARY_NIC } from '../../../tasks/shared/azure/read/nic';
import { toPolicy } from '../../../tasks/shared/azure/read/policy';
import { PUBLIC_ADDRESS } from '../../../tasks/shared/azure/read/publicAddress';
import { SECURITY_GROUP } from '../../../tasks/shared/azure/read/securityGroup';
import { VM_RESOURCE } from '../../../tasks/shared/azure/read/vm';
import { VNET_SPACE } from '../../../tasks/shared/azure/read/vnet';
import { isActive } from '../../../tasks/shared/core/requests';
import { aPolicy, aVm } from '../core/policies';

/** Every address of both IP versions. */
const ANYWHERE = parsePrefixes(['0.0.0.0/0', '::/0']);

describe('the address space of a virtual network', () => {
  const own = { addressSpace: { addressPrefixes: ['10.1.0.0/16'] } };
  const remote = { addressPrefixes: ['10.2.0.0/16'] };
  const peering = {
    ...{ peeringState: 'Connected', allowVirtualNetworkAccess: true, remoteAddressSpace: remote },
    ...{ allowGatewayTransit: false, useRemoteGateways: false, peerCompleteVnets: true },
  };
  const withPeering = (given: object) =>
    VNET_SPACE.read({ ...own, virtualNetworkPeerings: [{ ...peering, ...given }] });

  it('includes its own prefixes, and those of peerings that allow everything', () => {
    assert.deepEqual(VNET_SPACE.read(own), aVnet('10.1.0.0/16'));
    assert.deepEqual(withPeering({}), aVnet('10.1.0.0/16', '10.2.0.0/16'));
    const later = { addressPrefixes: ['10.2.0.0/16', '10.3.0.0/16'] };
    const { certain, possible } = withPeering({ remoteVirtualNetworkAddressSpace: later });
    assert.deepEqual([certain.length, textsOf(possible).includes('10.3.0.0/16')], [2, true]);
  });

  it('includes nothing from a peering that does not allow access', () => {
    assert.deepEqual(withPeering({ allowVirtualNetworkAccess: false }), aVnet('10.1.0.0/16'));
  });

  it('might include any address through a gateway, or through a peering that is not described sufficiently', () => {
    const wide: readonly object[] = [
      { useRemoteGateways: true },
      { allowGatewayTransit: true },
      { allowVirtualNetworkAccess: false, useRemoteGateways: true },
      { remoteAddressSpace: undefined },
      { remoteAddressSpace: { addressPrefixes: [] } },
    ];
    for (const given of wide) {
      for (const all of ANYWHERE)
        assert.ok(textsOf(withPeering(given).possible).includes(all.text), JSON.stringify(given));
    }
    for (const name of ['GatewaySubnet', 'gatewaysubnet', 'RouteServerSubnet']) {
      assert.deepEqual(VNET_SPACE.read({ ...own, subnets: [{ name }] }).possible, ANYWHERE, name);
    }
    assert.deepEqual(VNET_SPACE.read({ ...own, subnets: [{ name: 'default' }] }).possible, []);
    for (const addressSpace of [undefined, null, {}, { addressPrefixes: null }, { addressPrefixes: [] }])
      assert.deepEqual(VNET_SPACE.read({ addressSpace }), { certain: [], possible: ANYWHERE });
  });

  it('might include the prefixes of an incomplete peering', () => {
    for (const given of [
      { peeringState: 'Initiated' },
      { peeringState: 'Disconnected' },
      { peerCompleteVnets: false },
      { allowVirtualNetworkAccess: undefined },
    ]) {
      assert.deepEqual(withPeering(given), {
        ...aVnet('10.1.0.0/16'),
        possible: parsePrefixes(['10.2.0.0/16']),
      });
    }
  });
});

describe('a security group rule', () => {
  const rule = {
    ...{ name: 'a', priority: 200, direction: 'Inbound', access: 'Allow', protocol: 'Tcp' },
    ...{ sourceAddressPrefix: '*', sourcePortRange: '*', destinationAddressPrefix: '*' },
    destinationPortRange: '22',
  };
  const read = (...rules: readonly unknown[]) => SECURITY_GROUP.read({ securityRules: rules }, '/nsg').rules;

  it('is in a group with the name of its ID, if that has no other name', () => {
    assert.equal(SECURITY_GROUP.read({ securityRules: [] }, '/groups/web-nsg').name, 'web-nsg');
    assert.equal(SECURITY_GROUP.read({ name: 'Web', securityRules: [] }, '/groups/web-nsg').name, 'Web');
  });

  it('is read in any case', () => {
    const [lower, upper] = read(
      { ...rule, access: 'allow', direction: 'outbound' },
      { ...rule, access: 'DENY', direction: 'INBOUND' },
    );
    assert.deepEqual([lower?.access, lower?.direction, lower?.senseless], ['Allow', 'Outbound', undefined]);
    assert.deepEqual([upper?.access, upper?.direction, upper?.senseless], ['Deny', 'Inbound', undefined]);
  });

  it('with an invalid field is kept with the name of the field, and does not affect other rules', () => {
    const wrong: readonly (readonly [string, object])[] = [
      ['access', { access: 'Perhaps' }],
      ['access', { access: undefined }],
      ['direction', { direction: null }],
      ['priority', { priority: 'high' }],
      ...[undefined, -1, 65_536, 1e21].map((priority) => ['priority', { priority }] as const),
      ['protocol', { protocol: 6 }],
      ['name', { name: 5 }],
      ['source', { sourceAddressPrefixes: 'x' }],
      ['source', { sourceApplicationSecurityGroups: [null] }],
      ['source', { sourceApplicationSecurityGroups: [{ id: '/asg' }, {}] }],
      ['source ports', { sourcePortRange: 22 }],
      ['destination', { destinationAddressPrefix: {} }],
      ['destination ports', { destinationPortRanges: [22] }],
      ['destination ports', { destinationPortRange: '20 - 25' }],
      ['source ports', { sourcePortRanges: ['1024-65535', 'high'] }],
    ];
    for (const [what, given] of wrong) {
      const rules = read(rule, { ...rule, ...given }, rule);
      assert.deepEqual(
        rules.map(({ senseless }) => senseless),
        [undefined, what, undefined],
        JSON.stringify(given),
      );
    }
    for (const item of [null, 'rule', 5, []]) {
      const [odd, whole] = read(item, rule);
      assert.equal(odd?.access, 'unknown');
      assert.notEqual(odd.senseless, undefined);
      assert.equal(whole?.senseless, undefined);
    }
  });
});

describe('the primary address of a network interface', () => {
  const v6 = { privateIPAddress: 'fd00::4', privateIPAddressVersion: 'IPv6', subnet: { id: '/v6' } };
  const v4 = { privateIPAddress: '10.0.0.4', subnet: { id: '/v4' }, publicIPAddress: { id: '/ip' } };

  it('is an IPv4 address, regardless of the order and of what is marked as primary', () => {
    for (const ipConfigurations of [
      [v6, v4],
      [{ ...v6, primary: true }, v4],
      [{ ...v6, privateIPAddressVersion: undefined }, v4],
      [v4, v6],
      [
        { ...v4, privateIPAddress: '10.0.0.9' },
        { ...v4, primary: true },
      ],
    ]) {
      const nic = PRIMARY_NIC.read({ ipConfigurations });
      assert.deepEqual(
        [nic.privateIpAddress?.text, nic.subnetId, nic.publicIpId],
        ['10.0.0.4', '/v4', '/ip'],
      );
    }
    assert.equal(PRIMARY_NIC.read({ ipConfigurations: [v6] }).privateIpAddress, undefined);
  });

  it('includes only the IPv6 addresses that the same security groups filter', () => {
    const beside = (...more: readonly object[]) => PRIMARY_NIC.read({ ipConfigurations: [v4, ...more] }).ipv6;
    const groups = { applicationSecurityGroups: [{ id: '/asg' }] };
    const own = { ...v6, subnet: { id: '/V4' } };
    assert.deepEqual(beside({ ...own, ...groups }), [
      { privateIpAddress: parsePrefix('fd00::4'), applicationGroupIds: ['/asg'] },
    ]);
    assert.equal(beside({ ...own, privateIPAddressVersion: undefined })?.length, 1);
    for (const other of [
      v6,
      { ...v6, subnet: null },
      { ...v6, subnet: 'text' },
      { ...own, privateIPAddress: null },
      { ...own, privateIPAddress: 'fd00::x' },
      { ...v4, privateIPAddress: '10.0.0.5' },
    ]) {
      assert.equal(beside(other), undefined, JSON.stringify(other));
    }
  });

  it('belongs to the network interface that the VM marks, or to the only one', () => {
    const vm = (...marks: readonly (boolean | undefined)[]) =>
      VM_RESOURCE.read({
        properties: {
          networkProfile: {
            networkInterfaces: marks.map((primary, at) => ({ id: `/${at}`, properties: { primary } })),
          },
        },
      }).primaryNicId;
    assert.deepEqual([vm(undefined), vm(false, true), vm(false, undefined)], ['/0', '/1', undefined]);
  });
});

describe('the kind of a public address', () => {
  it('is determined from its SKU', () => {
    const kind = (name?: string) => PUBLIC_ADDRESS.read({ ipAddress: '20.1.1.1', sku: { name } }, '/ip').sku;
    assert.deepEqual(
      [kind('Basic'), kind('basic'), kind('Standard'), kind('StandardV2'), kind('Other'), kind()],
      ['Basic', 'Basic', 'Standard', 'Standard', 'unknown', 'unknown'],
    );
  });
});

describe('the status of a request', () => {
  it('is read regardless of case, and unknown values are kept', () => {
    const until = '2026-11-21T10:00:00Z';
    const statusOf = (status: string, statusReason: string) => {
      const port = { number: 22, allowedSourceAddressPrefix: '*', endTimeUtc: until, status, statusReason };
      const requests = [{ startTimeUtc: until, virtualMachines: [{ id: aVm().id, ports: [port] }] }];
      return toPolicy({ id: aPolicy().id, virtualMachines: [], requests }).requests[0]?.ports[0];
    };
    for (const status of ['initiated', 'INITIATING']) {
      const port = statusOf(status, 'userrequested');
      assert.ok(port && isActive(port, Date.parse(until) - 1), status);
    }
    const revoked = statusOf('revoked', 'newerrequestinitiated');
    assert.deepEqual([revoked?.status, revoked?.statusReason], ['Revoked', 'NewerRequestInitiated']);
    assert.equal(statusOf('Paused', 'x')?.status, 'Paused');
  });
});

describe('a classic firewall', () => {
  const rule = { name: 'office', protocols: ['TCP'], destinationAddresses: ['*'], destinationPorts: ['22'] };
  const read = (given: object, action = 'Allow') =>
    FIREWALL.read({
      ...{ id: '/fw', name: 'fw' },
      networkRuleCollections: [{ priority: 300, action: { type: action }, rules: [{ ...rule, ...given }] }],
    }).networkRules[0];

  it('has network rules with address ranges in the notation of firewalls', () => {
    const sources = (...sourceAddresses: readonly string[]) =>
      textsOf(read({ sourceAddresses })?.sources ?? []);
    assert.deepEqual(sources('10.0.0.4-10.0.0.7', '10.1.0.0/16', '*'), ['10.0.0.4/30', '10.1.0.0/16', '*']);
    assert.deepEqual(sources('10.0.0.7-10.0.0.4'), ['10.0.0.7-10.0.0.4'], 'no range');
    assert.deepEqual(
      [read({})?.priority, read({})?.access, read({}, 'deny')?.access],
      [300, 'Allow', 'Deny'],
    );
  });

  it('has an empty text for values that only the firewall can resolve', () => {
    assert.deepEqual(read({ sourceIpGroups: ['/g'] })?.sources, parsePrefixes(['']));
    assert.deepEqual(
      read({ destinationAddresses: [], destinationFqdns: ['db.contoso.com'] })?.destinations,
      parsePrefixes(['']),
    );
    assert.deepEqual(read({ destinationIpGroups: ['/g'] })?.destinations, parsePrefixes(['*', '']));
  });
});

describe('all addresses of a network interface', () => {
  it('include both IP versions, and no invalid addresses', () => {
    const ipConfigurations = ['10.0.0.4', 'fd00:10::4', 'x', undefined].map((privateIPAddress) => ({
      privateIPAddress,
    }));
    assert.deepEqual(
      LISTED_NIC.read({ id: '/nic', ipConfigurations }).addresses.map((one) => one.privateIpAddress.text),
      ['10.0.0.4', 'fd00:10::4'],
    );
  });
});

describe('a field outside the properties', () => {
  it('takes precedence over the one inside, unless it is null', () => {
    const properties = { networkSecurityGroup: { id: '/inside' }, ipConfigurations: [] };
    const groupOf = (own: object) => LISTED_NIC.read({ id: '/nic', ...own, properties }).securityGroupId;
    assert.equal(groupOf({}), '/inside');
    assert.equal(groupOf({ networkSecurityGroup: null }), '/inside');
    assert.equal(groupOf({ networkSecurityGroup: { id: '/outside' } }), '/outside');
  });
});
