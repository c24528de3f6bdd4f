import type { VmPlace } from '../plan/place';
import { groupIdOf, toGroupId, vnetIdOf, type VmId } from '../../../../shared/core/resourceIds';
import type { ForbiddenError } from '../../../../shared/core/errors';
import type { NeededRight } from '../../../../shared/core/rights';

/** The action that each right has in a role. */
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

/** The rights that IP flow verify requires, all of them on the subscription. */
const VERDICT = ['listWatchers', 'verifyFlow', 'readVerdict'] as const;

/** What is known about one VM when its rights are collected. */
export interface VmScopes {
  readonly vm: VmId;
  /** Absent if reading it failed. */
  readonly place: VmPlace | undefined;
  /** Whether the policies of its resource group were read. */
  readonly listed: boolean;
  /** The policy under which access would be requested. Absent if unknown. */
  readonly policyId: string | undefined;
  /** Whether anything would be requested for it, as far as is known. */
  readonly needsRequest: boolean;
}

export interface Needs {
  /** Whether the rules, and what leads to them, are read: for the wait, or for closing. */
  readonly rules: boolean;
  readonly closes: boolean;
  /** Returns the refusal of this action at this scope, or `undefined` if it was not refused. */
  readonly refused: (action: string, scope: string) => ForbiddenError | undefined;
  /** Whether this NSG or VNet was read. */
  readonly read: (id: string) => boolean;
  /** Whether the security admin rules of a VNet were read. */
  readonly readAdminRules: (vnetId: string) => boolean;
  /** Whether the rules alone might not decide for a VM, so that IP flow verify would help. */
  readonly inDoubt: (vm: VmId) => boolean;
}

/** Returns the rights that the inputs need, each at the narrowest known scope. */
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
  // While the NSGs are not known, the resource group of the VM is the best guess.
  const groups = filter ? filter.groups.map(({ id }) => id) : [undefined];
  const vnetId = subnetId === undefined ? undefined : vnetIdOf(subnetId);
  const vnet = vnetId === undefined ? undefined : right('readVnet', vnetId, needs.read(vnetId));
  return [
    right('findPolicy', group, listed),
    ...(needsRequest ? [right('request', policyId, false), right('requestForVm', vm.id, false)] : []),
    // Microsoft lists it among the actions that a request needs.
    right(needsRequest ? 'readVmToAsk' : 'readVm', vm.id, place !== undefined),
    right('readNic', nicId, nicId !== undefined),
    ...(nicRead && publicIpId === undefined ? [] : [right('readPublicAddress', publicIpId, nicRead)]),
    ...(needs.rules ? [right('readSubnet', subnetId, nicRead)] : []),
    ...(needs.rules ? groups.map((id) => right('readRules', id, id !== undefined && needs.read(id))) : []),
    ...(needs.rules
      ? [right('readAdminRules', vnetId, vnetId !== undefined && needs.readAdminRules(vnetId))]
      : []),
    // Usually in another resource group than the VM, and queried only if the rules leave something undecided.
    ...(needs.inDoubt(vm) ? VERDICT.map((one) => right(one, toGroupId(vm.subscriptionId), false)) : []),
    // Read only if a rule depends on it.
    ...(vnet?.shown ? [vnet] : []),
    ...(needs.closes ? groups.map((id) => right('deleteRule', id, false)) : []),
  ];
}
