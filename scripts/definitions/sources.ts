/**
 * Microsoft's clients are generated from the published definitions (github.com/Azure/azure-rest-api-specs), with one
 * release for each version of a service. Only facts are read from them: paths, parameters, fields, types, and values.
 */
export interface Source {
  /** The name of the file in test/definitions. */
  readonly name: string;
  /** The folder of the definitions, with their version. */
  readonly definitions: string;
  /** The release that was generated from them. */
  readonly package: string;
  /** The location of each part in the package, relative to its folder. */
  readonly models: string;
  readonly types: string;
  readonly operations: readonly string[];
  /** The required operations as `METHOD path`, in the spelling of the definitions. */
  readonly wanted: readonly string[];
}

const S = '/subscriptions/{subscriptionId}';
const G = `${S}/resourceGroups/{resourceGroupName}`;
const JIT = 'jitNetworkAccessPolicies';
const ONE = `${G}/providers/Microsoft.Security/locations/{ascLocation}/${JIT}/{jitNetworkAccessPolicyName}`;
const NET = `${G}/providers/Microsoft.Network`;

const usual = { models: 'dist-esm/src/models', operations: [] } as const;
const operations = (...names: readonly string[]): readonly string[] =>
  names.map((name) => `dist-esm/src/operations/${name}.js`);

export const SOURCES: readonly Source[] = [
  {
    ...usual,
    name: 'jit',
    definitions: 'Microsoft.Security, jitNetworkAccessPolicies, 2020-01-01',
    package: '@azure/arm-security@5.0.0',
    types: 'types/arm-security.d.ts',
    operations: operations('jitNetworkAccessPolicies'),
    wanted: [
      `GET ${S}/providers/Microsoft.Security/${JIT}`,
      `GET ${S}/providers/Microsoft.Security/locations/{ascLocation}/${JIT}`,
      `GET ${G}/providers/Microsoft.Security/${JIT}`,
      `GET ${G}/providers/Microsoft.Security/locations/{ascLocation}/${JIT}`,
      `GET ${ONE}`,
      `PUT ${ONE}`,
      `DELETE ${ONE}`,
      `POST ${ONE}/{jitNetworkAccessPolicyInitiateType}`,
    ],
  },
  {
    ...usual,
    name: 'network',
    definitions: 'Microsoft.Network, 2022-01-01',
    package: '@azure/arm-network@29.0.0',
    types: 'types/arm-network.d.ts',
    operations: [
      ...operations('networkInterfaces', 'networkSecurityGroups', 'securityRules', 'publicIPAddresses'),
      ...operations('virtualNetworks', 'subnets', 'azureFirewalls', 'networkWatchers'),
      'dist-esm/src/networkManagementClient.js',
    ],
    wanted: [
      `GET ${NET}/networkInterfaces/{networkInterfaceName}`,
      `GET ${S}/providers/Microsoft.Network/networkInterfaces`,
      `GET ${NET}/networkInterfaces`,
      `GET ${NET}/networkSecurityGroups/{networkSecurityGroupName}`,
      `GET ${S}/providers/Microsoft.Network/networkSecurityGroups`,
      `DELETE ${NET}/networkSecurityGroups/{networkSecurityGroupName}/securityRules/{securityRuleName}`,
      `GET ${NET}/publicIPAddresses/{publicIpAddressName}`,
      `GET ${S}/providers/Microsoft.Network/publicIPAddresses`,
      `GET ${NET}/publicIPAddresses`,
      `GET ${NET}/virtualNetworks/{virtualNetworkName}`,
      `GET ${S}/providers/Microsoft.Network/virtualNetworks`,
      `GET ${NET}/virtualNetworks/{virtualNetworkName}/subnets/{subnetName}`,
      `GET ${S}/providers/Microsoft.Network/azureFirewalls`,
      `POST ${NET}/virtualNetworks/{virtualNetworkName}/listNetworkManagerEffectiveSecurityAdminRules`,
      `POST ${NET}/networkWatchers/{networkWatcherName}/ipFlowVerify`,
      `GET ${S}/providers/Microsoft.Network/networkWatchers`,
    ],
  },
  {
    ...usual,
    name: 'compute',
    definitions: 'Microsoft.Compute, 2022-03-01',
    package: '@azure/arm-compute@19.1.0',
    types: 'types/arm-compute.d.ts',
    operations: operations('virtualMachines'),
    wanted: [
      `GET ${G}/providers/Microsoft.Compute/virtualMachines/{vmName}`,
      `GET ${G}/providers/Microsoft.Compute/virtualMachines`,
      `GET ${S}/providers/Microsoft.Compute/virtualMachines`,
    ],
  },
  {
    ...usual,
    name: 'authorization',
    definitions: 'Microsoft.Authorization, permissions, 2022-04-01',
    package: '@azure/arm-authorization@9.0.0',
    types: 'types/arm-authorization.d.ts',
    operations: operations('permissions'),
    wanted: [
      `GET ${S}/resourcegroups/{resourceGroupName}/providers/Microsoft.Authorization/permissions`,
      `GET ${S}/resourcegroups/{resourceGroupName}/providers/{resourceProviderNamespace}/{parentResourcePath}/{resourceType}/{resourceName}/providers/Microsoft.Authorization/permissions`,
    ],
  },
  {
    ...usual,
    name: 'activityLog',
    definitions: 'Microsoft.Insights, activity log, 2015-04-01',
    package: '@azure/arm-monitor@7.0.0',
    types: 'types/arm-monitor.d.ts',
    operations: operations('activityLogs'),
    wanted: [`GET ${S}/providers/Microsoft.Insights/eventtypes/management/values`],
  },
  {
    ...usual,
    name: 'resources',
    definitions: 'Microsoft.Resources, 2021-04-01',
    package: '@azure/arm-resources@5.0.1',
    types: 'types/arm-resources.d.ts',
    operations: operations('resourceGroups'),
    wanted: [`GET ${S}/resourcegroups`],
  },
  {
    name: 'resourceGraph',
    definitions: 'Microsoft.ResourceGraph, 2021-03-01',
    package: '@azure/arm-resourcegraph@4.2.1',
    models: 'esm/models',
    types: 'esm/models/index.d.ts',
    operations: ['esm/resourceGraphClient.js'],
    wanted: ['POST providers/Microsoft.ResourceGraph/resources'],
  },
];
