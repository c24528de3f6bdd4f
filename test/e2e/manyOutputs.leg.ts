import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { closingStarts } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/messages/closing';
import { anyPort } from '../support/scenario';
import {
  assertNames,
  assertSucceeded,
  assertWarns,
  endpointsOf,
  usePackagedTask,
  type Endpoint,
  type PackagedStep,
} from '../support/packagedTask';
import { describeMany } from '../support/azure/many';

/** The maximum length of an output, in characters. */
const LONGEST = 30_000;

/** A script that writes the length of an output in its environment, and the number of VMs in its file. */
const lengthAndNames = (variable: string): string => `
  const file = require('node:fs').readFileSync(process.env.${variable}PATH, 'utf8');
  console.log(JSON.stringify([process.env.${variable}.length, file.split('"vmName"').length - 1]));`;

/** Adds a fleet in one policy with three ports for each VM. */
function addFleet({ azure }: PackagedStep, count: number) {
  const vms = describeMany({ count, groups: 1 }).map((vm) => azure.addVm(vm));
  const ports = [22, 3389, 5986].map(anyPort);
  const policy = azure.addPolicy({ name: 'fleet', vms: vms.map((vm) => ({ vm, ports })) });
  return { ids: vms.map(({ id }) => id), policy };
}

describe('the outputs for a hundred VMs with three ports each', () => {
  const task = usePackagedTask();

  it('allow the post-job step and the next script to start, and are complete in a file', async function () {
    this.timeout(120_000);
    const step = await task.prepare();
    const { ids, policy } = addFleet(step, 100);
    const run = await step.run({ vmResourceId: ids.join('\n'), ports: 'all', closeAtJobEnd: 'true' });
    assertSucceeded(run);
    for (const [name, value] of Object.entries(run.outputs)) assert.ok(value.length <= LONGEST, name);
    const file = run.outputs['endpointsPath'] ?? '';
    const whole = JSON.parse(readFileSync(file, 'utf8')) as readonly Endpoint[];
    assert.equal(whole.length, 300);
    const shown = endpointsOf(run);
    assert.ok(shown.length > 0 && shown.length < 300);
    assert.deepEqual(shown, whole.slice(0, shown.length));
    assertWarns(run, 'endpoints', String(shown.length), '300', file);
    const seen = await step.script(run, lengthAndNames('JIT_ENDPOINTS'));
    assert.deepEqual(JSON.parse(seen), [run.outputs['endpoints']?.length, 300]);
    const after = await step.after(run);
    assert.ok(after.log.includes(closingStarts(300)), after.log.join('\n'));
    // A busy machine might not finish all of them within 45 seconds. In this case, each of the others is named.
    const log = after.log.join('\n');
    for (const { vmId, port } of policy.liveGrants())
      assertNames(log, `${path.basename(vmId)}, port ${port}, `);
  });
});

describe('the outputs for 150 VMs that get a policy', () => {
  const task = usePackagedTask('Node20_1', 'tasks/JitConfigurePolicy/JitConfigurePolicyV1');

  it('allow the next script to start, and are complete in a file, in the order of the inputs', async function () {
    this.timeout(120_000);
    const step = await task.prepare();
    const vms = describeMany({ count: 150, groups: 2 }).map((vm) => step.azure.addVm(vm));
    const portRules = ['22', '3389', '5986'].join('\n');
    const run = await step.run({ vmResourceId: vms.map(({ id }) => id).join('\n'), portRules });
    assertSucceeded(run);
    for (const [name, value] of Object.entries(run.outputs)) assert.ok(value.length <= LONGEST, name);
    const file = run.outputs['diffPath'] ?? '';
    const whole = JSON.parse(readFileSync(file, 'utf8')) as readonly { readonly vmName: string }[];
    assert.deepEqual(
      whole.map(({ vmName }) => vmName),
      vms.map(({ name }) => name),
    );
    const shown = JSON.parse(run.outputs['diff'] ?? '') as readonly unknown[];
    assert.ok(shown.length > 0 && shown.length < 150);
    assert.deepEqual(shown, whole.slice(0, shown.length));
    assertWarns(run, 'diff', String(shown.length), '150', file);
    const seen = await step.script(run, lengthAndNames('JIT_DIFF'));
    assert.deepEqual(JSON.parse(seen), [run.outputs['diff']?.length, 150]);
    assert.equal(run.outputs['changed'], 'true');
  });
});
