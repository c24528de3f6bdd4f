import type { SimulatedAzure } from '../support/azure';

const HOUR = 3_600_000;

/** Builds a subscription with resources of every kind. */
export function buildEverything(azure: SimulatedAzure): void {
  const web = azure.addVm({
    name: 'web-01',
    publicIp: '20.60.1.10',
    subnetNsg: true,
    applicationSecurityGroups: ['asg-web'],
  });
  const old = azure.addVm({
    name: 'old-01',
    vnet: 'vnet-old',
    vnetPrefixes: ['10.9.0.0/16', '10.10.0.0/16'],
    publicIp: '20.60.1.11',
    publicSku: 'Basic',
    nicNsg: false,
    routeTable: 'routes',
  });
  azure.addVm({ name: 'bare-01', publicIp: null, nicNsg: false, subnet: 'bare' });
  azure.addVm({
    name: 'many-01',
    nics: [
      { name: 'second', primary: false, addresses: [{ privateIp: '10.0.1.7', primary: true }] },
      {
        name: 'first',
        primary: true,
        addresses: [
          { privateIp: '10.0.1.8', primary: false, publicIp: '20.60.1.12' },
          { privateIp: '10.0.1.9', primary: true },
        ],
      },
    ],
  });
  for (const name of ['a', 'b', 'c']) azure.addVm({ name, subnet: name });
  azure.peerNetworks(web, old);
  const rule = { priority: 300, access: 'Allow', sources: ['20.1.0.0/16', 'Internet'] } as const;
  web.nicNsg?.addRule({ ...rule, name: 'many', destinationPorts: ['22', '80-90'], protocol: 'Udp' });
  web.nicNsg?.addRule({ ...rule, name: 'one', priority: 301, access: 'Deny', sources: ['10.0.0.0/8'] });
  web.subnetNsg?.addRule({ name: 'groups', priority: 302, access: 'Allow', sourceGroupIds: ['/a', '/b'] });
  const group = { addressPrefix: '/networkGroups/dev', addressPrefixType: 'NetworkGroup' } as const;
  for (const [at, access] of (['Allow', 'AlwaysAllow', 'Deny', 'Deny'] as const).entries()) {
    azure.addAdminRule(web, {
      ...{ name: `admin-${String(at)}`, priority: at + 1, access, protocol: 'Tcp' },
      ...{ sources: ['20.1.0.0/16', '2001:db8::/32', 'Internet'], destinationPorts: ['22', '80-90'] },
      ...(at === 2 && { sources: [group], protocol: 'Any', direction: 'Outbound' }),
      ...(at === 3 && { kind: 'Default', manager: 'other', sourcePorts: ['1024-65535'] }),
    });
  }
  azure.addFirewall({
    name: 'firewall-1',
    besides: web,
    publicIp: '20.4.0.4',
    natRules: [
      {
        name: 'ssh',
        translatedAddress: '10.0.0.4',
        translatedPort: '22',
        destinationAddresses: ['20.4.0.4'],
        destinationPorts: ['2022'],
      },
    ],
    networkRules: [
      { name: 'office', sourceAddresses: ['10.50.0.0/16'], destinationPorts: ['22', '80-90'] },
      { name: 'others', priority: 400, action: 'Deny', protocols: ['Any'], destinationPorts: ['*'] },
    ],
  });
  azure.addFirewall({ name: 'firewall-2', besides: old, policy: 'managed' });
  const ssh = { number: 22, protocol: 'TCP', sources: '*', maxRequestAccessDuration: 'PT3H' } as const;
  const rdp = { ...ssh, number: 3389, protocol: '*', sources: ['20.50.0.0/16', '20.60.1.2'] } as const;
  const policy = azure.addPolicy({ name: 'jit-web', vms: [{ vm: web, ports: [ssh, rdp] }] });
  azure.addPolicy({ name: 'jit-fw', vms: [{ vm: old, ports: [ssh], publicIpAddress: '20.4.0.4' }] });
  for (const sources of [['20.50.1.7'], ['20.50.1.8', '20.50.2.0/24'], ['20.50.1.9']]) {
    policy.requestByOther({ vm: web, port: 22, sources, durationMs: HOUR });
  }
}
