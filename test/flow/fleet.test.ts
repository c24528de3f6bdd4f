import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { closeAll } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/close/closing';
import { toOutputs } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/outputs';
import { toOpened } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/state';
import { toSummary } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/summary';
import type { Closed } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/closed';
import { addFleet } from './fleet';
import { linesOutside } from './unfolded';
import { anyPort, aWorkflow, HOUR } from './workflow';

describe('a fleet of which some VMs cannot be opened', () => {
  const mixed = () => {
    const workflow = aWorkflow();
    const bare = workflow.azure.addVm({ name: 'bare-01' });
    return { workflow, bare, vmResourceId: `${bare.id}\n${workflow.vm.id}` };
  };

  it('requests nothing by default, and names the violations', async () => {
    const { workflow, vmResourceId } = mixed();
    const { codes, thrown } = await workflow.run({ vmResourceId });
    assert.deepEqual(codes, ['JIT401']);
    assert.ok(thrown?.message.includes('bare-01'));
    assert.equal(workflow.count('initiate'), 0);
  });

  it('has its other VMs opened with onPartial: continue, and names the rest with reasons', async () => {
    const { workflow, bare, vmResourceId } = mixed();
    const { opened, endpoints } = await workflow.run({ vmResourceId, onPartial: 'continue' });
    assert.deepEqual(
      endpoints.map(({ vmName, status }) => [vmName, status]),
      [['web-01', 'open']],
    );
    assert.deepEqual(
      opened?.notOpened.map(({ vm, port, failure }) => [vm.key, port, failure.code]),
      [[bare.id.toLowerCase(), undefined, 'JIT401']],
    );
    assert.ok(!opened.notOpened[0]?.failure.message.includes('Nothing was asked'));
    const summary = toSummary(opened);
    assert.match(summary?.split('\n')[2] ?? '', /bare-01.*JIT401/, 'what is not open comes first');
    assert.match(summary ?? '', /web-01 \| 22 .* open /);
  });

  it('leaves out a VM that no longer exists, and one whose policy lacks the port', async () => {
    const workflow = aWorkflow();
    const { azure } = workflow;
    const gone = azure.addVm({ name: 'gone-01' });
    const other = azure.addVm({ name: 'db-01', resourceGroup: 'rg-db' });
    azure.addPolicy({ name: 'jit-db', vms: [{ vm: other, ports: [anyPort(1433)] }] });
    azure.removeVm(gone);
    const vmResourceId = [gone.id, other.id, workflow.vm.id].join('\n');
    const { opened, endpoints } = await workflow.run({ vmResourceId, onPartial: 'continue' });
    assert.deepEqual(
      opened?.notOpened.map(({ vm, failure }) => [vm.name, failure.code]),
      [
        ['gone-01', 'JIT406'],
        ['db-01', 'JIT402'],
      ],
    );
    assert.deepEqual(
      endpoints.map(({ vmName }) => vmName),
      ['web-01'],
    );
  });

  it('includes the ports of a request that Azure refuses, and opens those of the others', async () => {
    const workflow = aWorkflow();
    const { vmResourceId } = addFleet(workflow, 4, 2);
    workflow.azure.removePolicy('jit-rg-1');
    const ran = await workflow.run({ vmResourceId, onPartial: 'continue' });
    assert.deepEqual(
      ran.opened?.notOpened.map(({ vm }) => vm.name),
      ['vm-00001', 'vm-00003'],
    );
    assert.deepEqual(
      ran.endpoints.map(({ vmName }) => vmName),
      ['vm-00000', 'vm-00002'],
    );
  });

  it('fails if nothing would be open, or because of a problem that affects the whole run', async () => {
    const { workflow, bare } = mixed();
    assert.deepEqual((await workflow.run({ vmResourceId: bare.id, onPartial: 'continue' })).codes, [
      'JIT401',
    ]);
    workflow.context.services.direct = ['20.1.1.1', '20.1.1.2', '20.1.1.3'];
    const ran = await workflow.run({ onPartial: 'continue' });
    assert.deepEqual([ran.codes, workflow.count('initiate')], [['JIT502'], 0]);
  });
});

describe('the requests of a fleet', () => {
  it('are one for each policy, and more only if the body would be too long, with every port once', async () => {
    const workflow = aWorkflow();
    const { vmResourceId } = addFleet(workflow, 3, 1);
    const sources = Array.from(
      { length: 50_000 },
      (_none, at) => `20.${String(at >> 8)}.${String(at & 255)}.1`,
    );
    const ran = await workflow.run({ vmResourceId, sourceIp: sources.join(), waitFor: 'nothing' });
    assert.deepEqual(ran.codes, []);
    // Each port alone takes more than half of the maximum length of a body.
    assert.equal(workflow.count('initiate'), 3);
    assert.equal(ran.opened?.accesses.length, 3);
  });
});

describe('a fleet', () => {
  it('has outputs that say so if it has no VM', () => {
    const outputs = toOutputs({ accesses: [], places: new Map(), notOpened: [], failures: [] });
    assert.deepEqual(outputs?.table, { name: 'endpoints', entries: [] });
    assert.equal(outputs.texts['host'], '');
    assert.match(outputs.files?.['inventoryPath']?.text ?? '', /hosts: \{\}/);
  });

  it('has a host for each VM in its inventory, even if two have the same name and group in two subscriptions', async () => {
    const workflow = aWorkflow();
    const subscriptionId = '22222222-2222-4333-8444-555555555555';
    const twin = workflow.azure.addVm({ name: 'web-01', subscriptionId });
    workflow.azure.addPolicy({ name: 'jit-twin', vms: [{ vm: twin, ports: [anyPort(22)] }] });
    const { opened } = await workflow.run({ vmResourceId: `${workflow.vm.id}\n${twin.id}`, ports: '22' });
    const read = parse((opened && toOutputs(opened)?.files?.['inventoryPath']?.text) ?? '') as {
      readonly all: { readonly hosts: Readonly<Record<string, { readonly jit_vm_resource_id: string }>> };
    };
    assert.deepEqual(
      Object.values(read.all.hosts).map(({ jit_vm_resource_id: id }) => id),
      [workflow.vm.id, twin.id],
    );
    assert.ok(`${subscriptionId}.rg-app.web-01` in read.all.hosts, Object.keys(read.all.hosts).join());
  });

  it('reads each policy, NSG, and network once per round, and requests access once for each policy', async () => {
    const workflow = aWorkflow({ settings: { initiatingMs: 0, ruleDelayMs: 0 } });
    const { vmResourceId } = addFleet(workflow, 40, 4);
    const { endpoints } = await workflow.run({ vmResourceId });
    assert.equal(endpoints.filter(({ status }) => status === 'open').length, 40);
    for (const kind of ['policies.list', 'initiate', 'nsg', 'adminRules'] as const)
      assert.equal(workflow.count(kind), 4, kind);
  });

  it('is logged by counts, with each port in a collapsed group', async () => {
    const workflow = aWorkflow();
    const { vmResourceId } = addFleet(workflow, 12, 3);
    await workflow.run({ vmResourceId });
    const { entries } = workflow.context;
    const outside = linesOutside(entries);
    assert.ok(!outside.some((text) => /vm-0000[0-9]\b.*vm-0000[0-9]\b/.test(text)), outside.join('\n'));
    assert.ok(
      outside.some((text) => text.includes('12 of 12 ports on 12 VMs')),
      outside.join('\n'),
    );
    const table = outside.filter((text) => / jit-rg-\d /.test(text));
    assert.equal(table.length, 3);
    const inside = entries.map(({ text }) => text);
    for (const index of [0, 5, 11]) {
      const name = `vm-${String(index).padStart(5, '0')}, port 22, from`;
      assert.ok(
        inside.some((text) => text.startsWith(`Open: ${name}`)),
        name,
      );
    }
  });

  it('is closed, and each port is reported', async () => {
    const workflow = aWorkflow({ settings: { initiatingMs: 0, ruleDelayMs: 0 } });
    const { context, ledger } = workflow;
    const { vmResourceId } = addFleet(workflow, 40, 4);
    await workflow.run({ vmResourceId });
    const before = workflow.count('initiate');
    const told: Closed[] = [];
    const limit = { signal: context.signal, remainingMs: () => HOUR };
    await closeAll(context, toOpened([], ledger), 'the end', limit, (closed) => told.push(closed));
    assert.deepEqual([told.length, new Set(told.map(({ kind }) => kind))], [40, new Set(['closed'])]);
    assert.equal(workflow.count('initiate') - before, 4, 'one request for each policy');
  });
});
