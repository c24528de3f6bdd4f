import type { WantedPolicy } from '../../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/plan/policyChange';
import type { Json } from '../../../tasks/shared/core/json';
import { aPortRule, aVm } from './policies';

/** Returns a port as Azure writes it, for any source and three hours, except for the given properties. */
export const port = (number: number, more: Json = {}): Json => ({
  ...{ number, protocol: '*', allowedSourceAddressPrefix: '*', maxRequestAccessDuration: 'PT3H' },
  ...more,
});
export const entry = (name: string, ports: readonly Json[], more: Json = {}): Json => ({
  id: aVm(name).id,
  ports,
  ...more,
});
export const policy = (...virtualMachines: readonly Json[]): Json => ({
  ...{ id: 'x', name: 'default', type: 't', location: 'westeurope', kind: 'Basic', newField: { kept: true } },
  properties: { virtualMachines, requests: [{}], provisioningState: 'Succeeded', appendMode: false },
});

/** The desired state of web-01. */
export const ensure = (
  rules = [aPortRule()],
  mode: 'merge' | 'exact' = 'merge',
  byDefault = false,
): WantedPolicy => ({
  ...{ action: 'ensure', mode },
  vms: [{ vm: aVm(), rules, removals: [], byDefault }],
});
export const remove: WantedPolicy = { action: 'remove', vms: [{ vm: aVm() }] };
