import { permits, type Permission } from '../../tasks/shared/core/permissions';
import type { VmId } from '../../tasks/shared/core/resourceIds';
import type { Experiment } from './experiment';
import { LONGEST_NAMES, POLICY_NAME } from './policy';

const JIT = 'Microsoft.Security/locations/jitNetworkAccessPolicies';

/** The actions of the kit, as actions of a role. */
export const ACTIONS: readonly string[] = [
  `${JIT}/read`,
  `${JIT}/write`,
  `${JIT}/delete`,
  `${JIT}/initiate/action`,
  'Microsoft.Compute/virtualMachines/read',
  'Microsoft.Compute/virtualMachines/write',
  'Microsoft.Network/networkInterfaces/read',
  'Microsoft.Network/networkSecurityGroups/read',
  'Microsoft.Network/networkSecurityGroups/securityRules/delete',
  'Microsoft.Network/virtualNetworks/subnets/read',
  'Microsoft.Insights/eventtypes/values/read',
];

/** What is known before the kit does anything. */
export interface Plan {
  readonly vm: VmId;
  readonly port: number;
  readonly experiments: readonly Experiment[];
  /** The permissions of the caller for the VM's group, or `undefined` if they could not be read. */
  readonly permissions: readonly Permission[] | undefined;
}

/** Returns what prevents the kit from starting, in sentences. */
export const obstacles = ({ vm }: Plan): readonly string[] =>
  vm.name.length + POLICY_NAME.length > LONGEST_NAMES
    ? [
        `The name ${vm.name} is too long: with ${POLICY_NAME} it may have ${String(LONGEST_NAMES)} characters.`,
      ]
    : [];

/** Describes what will be done and its costs. */
export function formatPlan({ vm, port, experiments, permissions }: Plan): readonly string[] {
  const missing = permissions && ACTIONS.filter((action) => !permits(permissions, action));
  const minutes = experiments.reduce((sum, one) => sum + one.minutes, 0);
  return [
    `VM: ${vm.id}`,
    '',
    'What the kit does:',
    `- It creates a temporary policy, ${POLICY_NAME}, in the VM's resource group, with port ${String(port)} and ports from 61001.`,
    '  It reads existing policies, and never writes them.',
    '- It requests access for addresses that no one has (documentation ranges such as 192.0.2.0/24), for 25 minutes at most.',
    '- At the end, and when you press Ctrl-C, it deletes the policy and the rules of its requests, and names what it could not delete.',
    '',
    `The experiments, ${String(minutes)} minutes at most:`,
    ...experiments.map(({ fact, does, minutes: own }) => `- ${fact} (${String(own)} min): ${does}`),
    '',
    'Costs: the kit creates nothing that is billed. Defender for Servers Plan 2 must be on for the VM, and is billed as usual.',
    ...(missing === undefined ? ['', 'The permissions of the identity could not be read.'] : []),
    ...(missing && missing.length > 0
      ? [
          '',
          'The identity lacks these actions. Facts that need them stay unsettled:',
          ...missing.map((one) => `- ${one}`),
        ]
      : []),
  ];
}
