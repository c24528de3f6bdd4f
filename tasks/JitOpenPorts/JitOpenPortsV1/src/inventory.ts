import { groupBy } from '../../../shared/core/groupBy';
import { partSigns } from '../../../shared/core/text';
import { toEndpoint } from './open/endpoint';
import type { Outcome } from './open/openPorts';
import type { WaitedAccess } from './plan/access';
import { toHostNames } from './plan/hostNames';

/**
 * The ports that Ansible uses for WinRM, with the scheme that it requires for each. Any other port counts as a port of
 * SSH.
 */
const WINRM: Readonly<Record<number, string>> = { 5985: 'http', 5986: 'https' };
const isUsual = (port: number): boolean => port === 22 || port in WINRM;

/**
 * Returns the open VMs as an Ansible inventory in YAML. Each VM has a unique name and the port to connect to: the first
 * one for SSH or WinRM, or else the first one.
 * https://docs.ansible.com/ansible/latest/inventory_guide/intro_inventory.html
 */
export function toInventory({ accesses, places }: Outcome): string {
  const open = accesses.filter(({ waited }) => waited.status !== 'failed');
  const vms = [...groupBy(open, ({ access }) => access.vm.key).values()];
  const names = toHostNames(vms.flatMap(([first]) => first?.access.vm ?? []));
  const hosts = vms.flatMap((ports): readonly string[] => {
    const first = ports.find(({ access }) => isUsual(access.port)) ?? ports[0];
    if (!first) return [];
    const { vm } = first.access;
    const { host, port } = toEndpoint(first.access, places);
    const name = names.get(vm.key) ?? vm.id;
    return host === ''
      ? [`    # ${quoted(name)}: its address could not be read.`]
      : [`    ${quoted(name)}:`, ...varsOf(first, ports, host, port).map((line) => `      ${line}`)];
  });
  const isEmpty = !hosts.some((line) => !line.trimStart().startsWith('#'));
  const lines = ['all:', isEmpty ? '  hosts: {}' : '  hosts:', ...hosts];
  return `${lines.join('\n')}\n`;
}

function varsOf(
  { access }: WaitedAccess,
  ports: readonly WaitedAccess[],
  host: string,
  port: number,
): readonly string[] {
  const scheme = WINRM[access.port];
  const end = Math.min(...ports.map((one) => one.access.endsAt));
  return [
    `ansible_host: ${quoted(host)}`,
    `ansible_port: ${String(port)}`,
    `ansible_connection: ${scheme === undefined ? 'ssh' : 'winrm'}`,
    ...(scheme === undefined ? [] : [`ansible_winrm_scheme: ${scheme}`]),
    `jit_vm_resource_id: ${quoted(access.vm.id)}`,
    `jit_ports: [${ports.map((one) => String(one.access.port)).join(', ')}]`,
    `jit_expires_at_utc: ${quoted(new Date(end).toISOString())}`,
  ];
}

/** Returns text that YAML reads as it is, and that cannot send commands to the agent if a step prints it. */
const quoted = (text: string): string => partSigns(JSON.stringify(text), '\\u0023');
