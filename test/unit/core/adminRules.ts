import fc from 'fast-check';
import type { AdminRule, VmNetwork } from '../../../tasks/shared/core/network';
import { read, type Written } from '../../support/written';
import { CIDRS, network } from './randomNetworks';

/** The ID of the network manager `avnm` of a group. Every group can have one of this name. */
export const managerOf = (resourceGroup: string): string =>
  `/subscriptions/s/resourceGroups/${resourceGroup}/providers/Microsoft.Network/networkManagers/avnm`;

const CORP = managerOf('corp');

/** Properties of a rule that differ from `anAdminRule`, with addresses as text. */
export type NewAdminRule = Partial<Written<AdminRule>>;

/** Returns an inbound security admin rule for all traffic, except for the given properties. */
export function anAdminRule(given: NewAdminRule & Pick<AdminRule, 'priority' | 'access'>): AdminRule {
  return read<AdminRule>({
    name: `${given.access}-${String(given.priority)}`,
    ...{ managerId: CORP, configuration: 'corp', collection: 'baseline' },
    ...{
      direction: 'Inbound',
      protocol: '*',
      sources: given.sourceGroupIds ? [] : ['*'],
      sourceGroupIds: [],
    },
    ...{ sourcePorts: ['0-65535'], destinations: ['*'], destinationGroupIds: [], destinationPorts: ['*'] },
    ...given,
  });
}

const sources = fc.array(
  fc.constantFrom(
    ...CIDRS,
    '*',
    '*',
    'Internet',
    'Internet',
    'VirtualNetwork',
    'AzureCloud',
    '2001:db8::/32',
  ),
  { minLength: 1, maxLength: 3 },
);

const rule = fc
  .record({
    access: fc.constantFrom('Allow', 'AlwaysAllow', 'Deny'),
    senseless: fc.constantFrom(...Array.from({ length: 7 }, () => undefined), 'priority', 'access', 'source'),
    priority: fc.integer({ min: 1, max: 5 }),
    managerId: fc.constantFrom(CORP, CORP, CORP, CORP.toUpperCase(), managerOf('team'), ''),
    direction: fc.constantFrom('Inbound', 'Inbound', 'Inbound', 'Outbound'),
    protocol: fc.constantFrom('*', 'Tcp', 'TCP', 'Udp', 'Ah'),
    side: fc.oneof(
      { weight: 5, arbitrary: sources.map((list) => ({ sources: list, sourceGroupIds: [] as string[] })) },
      {
        weight: 1,
        arbitrary: fc.constant({ sources: [] as string[], sourceGroupIds: ['/networkGroups/dev'] }),
      },
    ),
    sourcePorts: fc.constantFrom(['0-65535'], ['*'], ['1024-65535']),
    destinations: fc.constantFrom(['*'], ['*'], ['10.0.0.0/24'], ['10.9.0.0/16'], ['']),
    destinationPorts: fc.constantFrom(['22'], ['*'], ['20-30', '3389'], ['23-65535']),
  })
  .map(({ side, senseless, ...given }): AdminRule => {
    const { access, priority, direction } = given as Pick<AdminRule, 'access' | 'priority' | 'direction'>;
    return anAdminRule({
      ...{ ...given, ...side, direction },
      ...(senseless !== undefined && { senseless }),
      access: senseless === 'access' ? 'unknown' : access,
      priority: senseless === 'priority' ? 0 : priority,
    });
  });

/** A VM with or without security groups, in a VNet with some security admin rules. */
export const networkWithAdminRules: fc.Arbitrary<VmNetwork> = fc
  .tuple(network, fc.array(rule, { maxLength: 4 }))
  .map(([vm, adminRules]) => ({ ...vm, adminRules }));
