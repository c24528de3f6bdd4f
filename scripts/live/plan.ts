import { permits, type Permission } from '../../tasks/shared/core/permissions';
import type { VmId } from '../../tasks/shared/core/resourceIds';
import type { Experiment } from './experiment';
import { LONGEST_NAMES, POLICY_NAME } from './policy';

const JIT = 'Microsoft.Security/locations/jitNetworkAccessPolicies';

/** What the kit does, as actions of a role. */
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

/** What is known before anything is done. */
export interface Plan {
  readonly vm: VmId;
  readonly port: number;
  readonly experiments: readonly Experiment[];
  /** What the caller may do at the VM's group; nothing when that could not be read. */
  readonly permissions: readonly Permission[] | undefined;
}

/** What keeps the kit from beginning, in sentences. */
export const obstacles = ({ vm }: Plan): readonly string[] =>
  vm.name.length + POLICY_NAME.length > LONGEST_NAMES
    ? [
        `The name ${vm.name} is too long: with ${POLICY_NAME} it may have ${String(LONGEST_NAMES)} characters.`,
      ]
    : [];

/** Says what will be done and what it costs. */
export function formatPlan({ vm, port, experiments, permissions }: Plan): readonly string[] {
  const missing = permissions && ACTIONS.filter((action) => !permits(permissions, action));
  const minutes = experiments.reduce((sum, one) => sum + one.minutes, 0);
  return [
    `VM: ${vm.id}`,
    '',
    'What is done:',
    `- A policy of its own, ${POLICY_NAME}, is made in the VM's resource group, with port ${String(port)} and others from 61001 on.`,
    '  The policies that are there are read, never written.',
    '- Access is requested for addresses that nobody has (192.0.2.0/24 and others of documentation), for 25 minutes at most.',
    '- At the end, and when you press Ctrl-C, the policy and the rules of its requests are deleted. What is left is named.',
    '',
    `The experiments, ${String(minutes)} minutes at most:`,
    ...experiments.map(({ fact, does, minutes: own }) => `- ${fact} (${String(own)} min): ${does}`),
    '',
    'What it costs: nothing is made that costs. Defender for Servers Plan 2 must be on for the VM, and is billed as it is.',
    ...(missing === undefined ? ['', 'What the identity may do could not be read.'] : []),
    ...(missing && missing.length > 0
      ? [
          '',
          'The identity lacks these actions; facts that need them stay unsettled:',
          ...missing.map((one) => `- ${one}`),
        ]
      : []),
  ];
}
