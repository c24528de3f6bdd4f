import { randomBytes, randomInt } from 'node:crypto';
import type { SecurityGroup } from '../network/securityGroups';
import type { Vm } from '../network/vms';
import type { Settings } from '../settings';

/** Returns a name such as `…JITRule_<signed int>_<32 HEX>` for a policy's rule, with dashes for a request's rule. */
const ruleName = (separator: '_' | '-'): string =>
  ['MicrosoftDefenderForCloud', `JITRule${separator}${randomInt(-(2 ** 31), 2 ** 31 - 1)}${separator}`]
    .join('-')
    .concat(randomBytes(16).toString('hex').toUpperCase());

/** Returns the NSGs in which the just-in-time rules of this VM are written. */
export function targetsOf(vm: Vm, { ruleTargets }: Pick<Settings, 'ruleTargets'>): readonly SecurityGroup[] {
  const nic = ruleTargets === 'subnet' ? undefined : vm.nicNsg;
  const subnet = ruleTargets === 'nic' ? undefined : vm.subnetNsg;
  return [nic, subnet].filter((group) => group !== undefined);
}

/** Writes the deny rule of a policy, and returns the function that removes it. */
export function writeDenyRule(
  vm: Vm,
  ports: readonly number[],
  targets: readonly SecurityGroup[],
  now: number,
  priority: number,
): () => void {
  const written = targets.map((group) => {
    const rule = {
      name: ruleName('_'),
      access: 'Deny' as const,
      sources: ['*'],
      destinations: [vm.privateIp],
      destinationPorts: ports.map(String),
      description: `MDC JIT Network Access rule for policy 'default' of VM '${vm.name}'.`,
    };
    return group.writeJitRule({ ...rule, madeBy: 'jit-deny', from: now, until: Infinity }, priority, -1);
  });
  return () => {
    for (const rule of written) rule.until = -Infinity;
  };
}

/** The fields of a request's rule. */
export interface Opening {
  readonly vm: Vm;
  readonly policyName: string;
  readonly port: number;
  readonly protocol: string;
  readonly sources: readonly string[];
  readonly from: number;
  readonly until: number;
}

/** Writes the allow rules of a request, and returns the function that ends them at a given time. */
export function writeAllowRules(opening: Opening, targets: readonly SecurityGroup[]): (at: number) => void {
  const { vm, policyName, port, protocol, sources, from, until } = opening;
  const written = targets.map((group) => {
    const rule = {
      name: ruleName('-'),
      access: 'Allow' as const,
      protocol: protocol === '*' ? '*' : protocol === 'UDP' ? 'Udp' : 'Tcp',
      sources,
      destinations: [vm.privateIp],
      destinationPorts: [String(port)],
      description: `MDC JIT Network Access rule created by an initiation request for policy '${policyName}' of VM '${vm.name}'.`,
    };
    return group.writeJitRule({ ...rule, madeBy: 'jit-allow', from, until }, 100, 1);
  });
  return (at) => {
    for (const rule of written) rule.until = Math.min(rule.until, at);
  };
}
