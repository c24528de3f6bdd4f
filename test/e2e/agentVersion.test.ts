import assert from 'node:assert/strict';
import { assertSucceeded, closeAfter, usePackagedTask, warningsOf } from '../support/packagedTask';

const CLOSE = { closeAtJobEnd: 'true', sourceIp: '20.61.99.7' };

/** The agent's library compares the version with the oldest one that it supports. */
const VARIABLES = [
  { 'Agent.Version': 'x' },
  { 'Agent.Version': '1.0.0' },
  { 'Agent.Version': { value: 'x', secret: true } },
  { agent_version: 'x' },
  { 'agent version': '1.0.0' },
] as const;

describe("a variable with the agent's version", () => {
  for (const name of ['JitConfigurePolicy', 'JitReport']) {
    const task = usePackagedTask('Node20_1', `tasks/${name}/${name}V1`);
    it(`has no effect on ${name}`, async () => {
      for (const variables of VARIABLES) {
        const step = await task.prepare();
        assertSucceeded(await step.run({}, { variables }));
      }
    });
  }

  const task = usePackagedTask();
  for (const variables of VARIABLES) {
    it(`has no effect on JitOpenPorts and its post-job step: ${JSON.stringify(variables)}`, async () => {
      const step = await task.prepare();
      const run = await step.run(CLOSE, { variables });
      assertSucceeded(run);
      assert.equal(step.policy.liveGrants().length, 1);
      const later = step.step(CLOSE, { variables, taskVariables: run.taskVariables });
      assert.deepEqual(warningsOf(await closeAfter(step, later)), []);
      assert.deepEqual(step.policy.liveGrants(), []);
    });
  }
});
