import type { Json } from '../../../../shared/core/json';
import type { VmId } from '../../../../shared/core/resourceIds';
import type { VmSystem } from '../../../../shared/core/resources';
import type { ConfigureInputs } from './inputs';
import { entriesFor } from './policyChange';
import { changePorts, type WantedVm } from './policyPorts';
import { defaultRule } from './portRules';

const SYSTEM_PORTS = { linux: 22, windows: 3389 } as const;

/** Returns what the inputs want for a VM. If they name no port, this is the default port of its operating system. */
export function toWanted(
  vm: VmId,
  system: VmSystem | undefined,
  { rules, removals }: ConfigureInputs,
): WantedVm {
  const own = system?.system;
  if (rules.length + removals.length > 0 || !own) return { vm, rules, removals, byDefault: false };
  return { vm, rules: [defaultRule(SYSTEM_PORTS[own])], removals, byDefault: true };
}

/**
 * Returns what is wanted for a VM in each policy that is changed. Rules go into the first one. With `exact`, they also
 * replace the same ports in the others. Removals apply to all policies. A policy that is left without a port drops the
 * VM if another one keeps some.
 *
 * @param policies as Azure returned them
 */
export function wantedInEach(
  policies: readonly (Json | undefined)[],
  wanted: WantedVm,
  mode: ConfigureInputs['mode'],
): readonly WantedVm[] {
  if (policies.length < 2) return [wanted];
  const all = policies.map((_policy, at) => (at > 0 && mode === 'merge' ? { ...wanted, rules: [] } : wanted));
  const keeps = policies.map((policy, at) => {
    const own = entriesFor(policy, wanted.vm);
    return changePorts(own, all[at] ?? wanted, mode).ports.length > 0;
  });
  // If all policies lose their last port, the run fails.
  if (!keeps.includes(true)) return all;
  return all.map((one, at) => (at === 0 && one.rules.length > 0 ? one : { ...one, keptElsewhere: true }));
}
