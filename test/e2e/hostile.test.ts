import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Run } from '../support/agent/step';
import { anyPort } from '../support/scenario';
import {
  assertFailed,
  assertSucceeded,
  assertWarns,
  onFirst,
  requestsOf,
  usePackagedTask,
} from '../support/packagedTask';

/** Text that an attacker would write to make the agent run a command or to mislead the reader. */
const COMMAND = '##vso[task.setvariable variable=x]y';
const HOSTILE = `${COMMAND}\r\n${COMMAND}\n##[error]evil\u202e\u0007 ##[group]z`;

/**
 * Asserts that every command is the task's own, and that none of the hostile text takes effect or is shown unchanged.
 */
function assertHarmless(run: Run): void {
  // The task library repeats every input in a debug line, with its line breaks escaped.
  const output = (run.rawStdout + run.rawStderr).replace(/^##vso\[task\.debug\].*$/gm, '');
  assert.deepEqual(run.variables, {});
  for (const line of output.split(/\r\n|\n|\r/)) {
    const [first = '', ...more] = line.split('##vso[').slice(1);
    assert.deepEqual(more, [], line);
    assert.ok(!first.startsWith('task.setvariable variable=x'), line);
    assert.ok(!/##\[(?:error|group)\](?:evil|z)/.test(line), line);
  }
  for (const unseen of ['\u202e', '\u0007']) assert.ok(!output.includes(unseen));
  for (const shown of [...run.summaries, ...run.log, ...run.issues.map(({ message }) => message)]) {
    assert.ok(!shown.includes('##vso['), shown);
  }
}

describe('foreign text', () => {
  const task = usePackagedTask();
  const configuring = usePackagedTask('Node20_1', 'tasks/JitConfigurePolicy/JitConfigurePolicyV1');

  it('does no harm in a policy, in a blocking rule, or in a newer request', async () => {
    const name = 'jit ##vso[task.setvariable variable=x]y';
    const deny = { access: 'Deny', priority: 90, name: 'no' } as const;
    const [named, blocked, superseded] = await Promise.all([
      task.prepare(),
      task.prepare({
        vm: { nicNsg: { name: 'nsg-web', rules: [{ ...deny, name: `${COMMAND} ##[error]evil` }] } },
      }),
      task.prepare({ settings: { ruleDelayMs: Infinity, supersession: 'vm+port' } }),
    ]);
    const other = named.azure.addVm({ name: 'other-01' });
    named.azure.addPolicy({ name, vms: [{ vm: other, ports: [anyPort(22)] }] });
    onFirst(superseded, 'policy.get', () => {
      const { vm } = superseded;
      const request = { vm, port: 22, sources: ['20.77.0.9'], durationMs: 14_400_000 };
      superseded.policy.requestByOther({ ...request, requestor: HOSTILE, justification: HOSTILE });
    });
    const runs = await Promise.all([
      named.run({ vmResourceId: other.id }),
      blocked.run({ waitTimeout: '2s' }),
      superseded.run({ waitTimeout: '20s' }),
    ]);
    runs.forEach(assertHarmless);
    assertFailed(runs[1], 'JIT702', 'nsg-web');
    assertFailed(runs[2], 'JIT703', '20.77.0.9');
  });

  it('does no harm in errors of Azure and Entra', async () => {
    const steps = await Promise.all([task.prepare(), task.prepare(), task.prepare(), task.prepare()]);
    const [list, sent, entra, vm] = steps;
    list.azure.faults.always('policies.list', { status: 403, code: COMMAND, message: HOSTILE });
    sent.azure.faults.always('initiate', { status: 400, code: 'Bad', message: HOSTILE });
    entra.azure.faults.always('token', { status: 400, code: 'invalid_client', message: HOSTILE });
    vm.azure.faults.always('vm', { status: 403, code: 'AuthorizationFailed', message: HOSTILE });
    const runs = await Promise.all(steps.map((step) => step.run()));
    runs.forEach(assertHarmless);
    assertFailed(runs[0]!, 'JIT302');
    assertFailed(runs[1]!, 'JIT405');
    assertFailed(runs[2]!, 'JIT202');
    assertSucceeded(runs[3]!);
  });

  it('does no harm in responses of address services or in inputs', async () => {
    const [echo, outvoted, inputs, reason] = await Promise.all([
      task.prepare(),
      task.prepare(),
      task.prepare(),
      task.prepare(),
    ]);
    echo.azure.setEcho({ text: HOSTILE });
    const [first] = outvoted.azure.echo;
    assert.ok(first);
    first.answer = { text: '20.61.99.8' };
    const wrong = `${COMMAND} ##[error]evil`;
    const runs = await Promise.all([
      echo.run(),
      outvoted.run(),
      inputs.run({ ports: wrong, vmResourceId: wrong, sourceIp: wrong, policyName: wrong, probeHost: wrong }),
      reason.run({ justification: HOSTILE }),
    ]);
    assertFailed(runs[0], 'JIT501');
    assertWarns(runs[1], '20.61.99.8');
    assertFailed(runs[2], 'JIT101', 'ports', 'vmResourceId', 'sourceIp', 'probeHost');
    assertSucceeded(runs[3]);
    runs.forEach(assertHarmless);
    assert.equal(requestsOf(reason).length, 1);
  });

  it('does no harm in the name of a policy, even if a later step prints the outputs', async () => {
    const step = await configuring.prepare();
    const vm = step.azure.addVm({ name: 'web-02' });
    step.azure.addPolicy({ name: COMMAND, vms: [{ vm, ports: [anyPort(3389)] }] });
    const run = await step.run({ vmResourceId: vm.id, portRules: '22' });
    assertSucceeded(run);
    assertHarmless(run);
    const { diff = '', policyIds = '', diffPath = '' } = run.outputs;
    for (const text of [diff, policyIds, readFileSync(diffPath, 'utf8')]) {
      assert.ok(text.includes('variable=x]y') && !text.includes('##'), text);
    }
    const [entry] = JSON.parse(diff) as { policyId: string }[];
    assert.ok(entry?.policyId.endsWith(`/${COMMAND}`));
  });
});
