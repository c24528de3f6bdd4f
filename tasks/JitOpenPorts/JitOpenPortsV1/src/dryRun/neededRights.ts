import type { VmPlace } from '../plan/place';
import { groupIdOf, toGroupId, vnetIdOf, type VmId } from '../../../../shared/core/resourceIds';
import type { ForbiddenError } from '../../../../shared/core/errors';
import type { NeededRight } from '../../../../shared/core/rights';

/** What each right is called in a role. */
export const ACTIONS = {
  findPolicy: 'Microsoft.Security/locations/jitNetworkAccessPolicies/read',
  request: 'Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action',
  requestForVm: 'Microsoft.Compute/virtualMachines/write',
  readVmToAsk: 'Microsoft.Compute/virtualMachines/read',
  readVm: 'Microsoft.Compute/virtualMachines/read',
  readNic: 'Microsoft.Network/networkInterfaces/read',
  readPublicAddress: 'Microsoft.Network/publicIPAddresses/read',
  readSubnet: 'Microsoft.Network/virtualNetworks/subnets/read',
  readRules: 'Microsoft.Network/networkSecurityGroups/read',
  readVnet: 'Microsoft.Network/virtualNetworks/read',
  readAdminRules: 'Microsoft.Network/virtualNetworks/listNetworkManagerEffectiveSecurityAdminRules/action',
  listWatchers: 'Microsoft.Network/networkWatchers/read',
  verifyFlow: 'Microsoft.Network/networkWatchers/ipFlowVerify/action',
  readVerdict: 'Microsoft.Network/locations/operationResults/read',
  deleteRule: 'Microsoft.Network/networkSecurityGroups/securityRules/delete',
} as const;

type RunPurpose = keyof typeof ACTIONS;

/** What Azure's own verdict needs, all of it on the subscription. */
const VERDICT = ['listWatchers', 'verifyFlow', 'readVerdict'] as const;

/** What is known of one VM when its rights are put together. */
export interface VmScopes {
  readonly vm: VmId;
  /** Absent when looking for it failed. */
  readonly place: VmPlace | undefined;
  /** Whether the policies of its group were read. */
  readonly listed: boolean;
  /** The policy that access would be asked under; absent when it is not known. */
  readonly policyId: string | undefined;
  /** Whether anything would be asked for it, as far as is known. */
  readonly needsRequest: boolean;
}

export interface Needs {
  /** Whether the way to the rules is read: for the wait, or for closing. */
  readonly rules: boolean;
  readonly closes: boolean;
  /** How this action was refused at this scope; nothing when it was not. */
  readonly refused: (action: string, scope: string) => ForbiddenError | undefined;
  /** Whether this was read: a security group, or a virtual network. */
  readonly read: (id: string) => boolean;
  /** Whether the security admin rules of a virtual network were read. */
  readonly readAdminRules: (vnetId: string) => boolean;
  /** Whether the rules alone may not decide for a VM, so that Azure's own verdict would help. */
  readonly inDoubt: (vm: VmId) => boolean;
}

/** The rights that the inputs need, each at the narrowest scope that is known. */
export function neededRights(vms: readonly VmScopes[], needs: Needs): readonly NeededRight[] {
  const found = new Map<string, NeededRight>();
  for (const right of vms.flatMap((vm) => rightsFor(vm, needs))) {
    found.set(`${right.purpose} ${right.scope}`.toLowerCase(), right);
  }
  return [...found.values()];
}

function rightsFor(
  { vm, place, listed, policyId, needsRequest }: VmScopes,
  needs: Needs,
): readonly NeededRight[] {
  const group = groupIdOf(vm.id);
  const right = (purpose: RunPurpose, id: string | undefined, wasRead: boolean): NeededRight => {
    const [action, scope] = [ACTIONS[purpose], id ?? group];
    const shown = needs.refused(action, scope) ?? (wasRead ? 'used' : undefined);
    return { action, scope, purpose, shown };
  };
  const { nicId, publicIpId, subnetId, filter } = place ?? {};
  const nicRead = subnetId !== undefined;
  // As long as the groups are not known, the resource group of the VM is the best guess.
  const groups = filter ? filter.groups.map(({ id }) => id) : [undefined];
  const vnetId = subnetId === undefined ? undefined : vnetIdOf(subnetId);
  const vnet = vnetId === undefined ? undefined : right('readVnet', vnetId, needs.read(vnetId));
  return [
    right('findPolicy', group, listed),
    ...(needsRequest ? [right('request', policyId, false), right('requestForVm', vm.id, false)] : []),
    // Microsoft names it among the actions that a request needs.
    right(needsRequest ? 'readVmToAsk' : 'readVm', vm.id, place !== undefined),
    right('readNic', nicId, nicId !== undefined),
    ...(nicRead && publicIpId === undefined ? [] : [right('readPublicAddress', publicIpId, nicRead)]),
    ...(needs.rules ? [right('readSubnet', subnetId, nicRead)] : []),
    ...(needs.rules ? groups.map((id) => right('readRules', id, id !== undefined && needs.read(id))) : []),
    ...(needs.rules
      ? [right('readAdminRules', vnetId, vnetId !== undefined && needs.readAdminRules(vnetId))]
      : []),
    // In another group than the VM as a rule, and asked only where rules leave something open.
    ...(needs.inDoubt(vm) ? VERDICT.map((one) => right(one, toGroupId(vm.subscriptionId), false)) : []),
    // Read only where a rule depends on it.
    ...(vnet?.shown ? [vnet] : []),
    ...(needs.closes ? groups.map((id) => right('deleteRule', id, false)) : []),
  ];
}
