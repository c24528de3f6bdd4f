import assert from 'node:assert/strict';
import type { VariableValue } from '../support/agent/variables';
import {
  assertFailed,
  assertSucceeded,
  assertWarns,
  requestedPorts,
  usePackagedTask,
} from '../support/packagedTask';
import { CONNECTION_ID } from '../support/scenario';

const kept = (value: string): VariableValue => ({ value, preserveCase: true });
const CLOSE = { closeAtJobEnd: 'true', sourceIp: '20.61.99.7' };
const SYSTEM = 'ENDPOINT_AUTH_SYSTEMVSSCONNECTION';
const older = { variablesLast: true };

/** On Windows, environment names that differ only in case are the same name. */
function itWithCase(title: string, body: () => Promise<void>): void {
  if (process.platform !== 'win32') it(title, body);
}

describe('on an agent from before July 2026, a variable', () => {
  const task = usePackagedTask();

  for (const value of ['x', '5', 'null', '{"scheme":5,"parameters":{"AccessToken":5}}']) {
    it(`that replaces the agent's own connection is named, whatever it contains: ${value}`, async () => {
      const step = await task.prepare();
      const given = { ...older, variables: { [SYSTEM]: value } };
      const run = await step.run(CLOSE, given);
      assertFailed(run, 'JIT101', SYSTEM);
      assert.deepEqual(step.azure.calls, []);

      const { taskVariables } = await step.run(CLOSE);
      step.azure.forget();
      const after = await step.after(step.step(CLOSE, { ...given, taskVariables }));
      assertWarns(after, SYSTEM, 'cannot be closed', 'stays open');
      assert.deepEqual(step.azure.calls, []);
    });
  }

  const SPELLED = {
    JitOpenPorts: [
      'INPUT_ipEchoUrls',
      'INPUT_policyName',
      'input_justification',
      'Input.sourceIp',
      `endpoint_url_${CONNECTION_ID}`,
      `ENDPOINT_DATA_${CONNECTION_ID}_activeDirectoryAuthority`,
    ],
    JitConfigurePolicy: ['INPUT_portRules'],
    JitReport: ['INPUT_outputFolder'],
  } as const;
  for (const [name, variables] of Object.entries(SPELLED)) {
    const spelled = usePackagedTask('Node20_1', `tasks/${name}/${name}V1`);
    itWithCase(
      `that differs from the agent's own variable only in case is only named, in ${name}`,
      async () => {
        const step = await spelled.prepare();
        const given = Object.fromEntries(variables.map((one) => [one, kept('https://attacker.example/')]));
        const run = await step.run({}, { ...older, variables: given });
        assertSucceeded(run);
        assertWarns(run, ...variables);
        if (name !== 'JitOpenPorts') return;
        assert.equal(requestedPorts(step)[0]?.allowedSourceAddressPrefix, step.azure.settings.seenAddress);
      },
    );
  }

  itWithCase('that might have replaced an input stops the step, regardless of other variables', async () => {
    for (const variables of [
      { INPUT_sourceIp: '*' },
      { INPUT_sourceIp: '*', 'INPUT.sourceIp': kept('x') },
      { 'INPUT sourceip': '*', INPUT_sourceIp: kept('x') },
    ] as const) {
      const step = await task.prepare();
      const run = await step.run({}, { ...older, variables });
      assertFailed(run, 'JIT101', Object.keys(variables)[0] ?? '');
      assert.deepEqual(step.azure.calls, []);
    }
  });
});
