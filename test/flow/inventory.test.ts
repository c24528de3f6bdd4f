import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { toInventory } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/inventory';
import { aWorkflow, anyPort } from './workflow';

interface Inventory {
  readonly all: { readonly hosts: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
}

/** Opens these ports, and returns the inventory's host for the VM. */
async function hostFor(ports: string) {
  const policy = [8080, 22, 5985, 5986].map((port) => anyPort(port));
  const { opened } = await aWorkflow({ ports: policy }).run({ ports });
  assert.ok(opened);
  const { all } = parse(toInventory(opened)) as Inventory;
  return all.hosts['web-01'];
}

describe('the inventory for Ansible', () => {
  for (const [ports, port, connection, scheme] of [
    ['22', 22, 'ssh', undefined],
    ['8080', 8080, 'ssh', undefined],
    ['8080,22', 22, 'ssh', undefined],
    ['5985', 5985, 'winrm', 'http'],
    ['8080,5986', 5986, 'winrm', 'https'],
    ['5986,22', 5986, 'winrm', 'https'],
  ] as const)
    it(`connects to port ${String(port)} by ${connection} if the ports are ${ports}`, async () => {
      const host = await hostFor(ports);
      assert.equal(host?.['ansible_host'], '20.60.1.10');
      assert.equal(host['ansible_port'], port);
      assert.equal(host['ansible_connection'], connection);
      assert.equal(host['ansible_winrm_scheme'], scheme);
      assert.deepEqual(host['jit_ports'], ports.split(',').map(Number));
      assert.equal(host['jit_expires_at_utc'], '2026-11-21T10:00:00.000Z');
    });
});
