import type { Json } from '../../../../shared/core/json';
import type { VmId } from '../../../../shared/core/resourceIds';
import type { VmSystem } from '../../../../shared/core/resources';
import type { ConfigureInputs } from './inputs';
import { entriesOf, keyOf } from './policyChange';
import { changePorts, type WantedVm } from './policyPorts';
import { defaultRule } from './portRules';

const SYSTEM_PORTS = { linux: 22, windows: 3389 } as const;

/** What the inputs want of a VM; without any port the one of its system. */
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
 * What is wanted of a VM in each of the policies that are changed. Rules go into the first one, and with `exact` also
 * replace the same ports in the others. Removals count everywhere. A policy that is left without a port lets the VM go
 * when another one keeps some.
 *
 * @param policies as Azure wrote them
 */
export function wantedInEach(
  policies: readonly (Json | undefined)[],
  wanted: WantedVm,
  mode: ConfigureInputs['mode'],
): readonly WantedVm[] {
  if (policies.length < 2) return [wanted];
  const all = policies.map((_policy, at) => (at > 0 && mode === 'merge' ? { ...wanted, rules: [] } : wanted));
  const keeps = policies.map((policy, at) => {
    const own = entriesOf(policy).filter((entry) => keyOf(entry) === wanted.vm.key);
    return changePorts(own, all[at] ?? wanted, mode).ports.length > 0;
  });
  // Where all of them lose their last port, the run fails.
  if (!keeps.includes(true)) return all;
  return all.map((one, at) => (at === 0 && one.rules.length > 0 ? one : { ...one, keptElsewhere: true }));
}
