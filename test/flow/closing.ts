import { closeAll } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/close/closing';
import { type Closed } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/closed';
import {
  formatState,
  parseState,
  toOpened,
  type NotedPort,
} from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/state';
import { withLimit } from '../../tasks/shared/core/limits';
import type { AccessRequest, Policy } from '../../tasks/shared/core/policy';
import assert from 'node:assert/strict';
import type { Settings } from '../support/azure';
import { aWorkflow, type RawInputs, type Workflow } from './workflow';

/** Returns what the step noted, as read from the task variable. */
export function noted({ ledger }: Workflow): readonly NotedPort[] {
  const state = { connectionId: 'connection', close: true, opened: toOpened([], ledger) };
  const read = parseState(formatState(state));
  if (read.kind !== 'state') throw new Error(`The state is ${read.kind}.`);
  return read.state.opened;
}

/** Runs the post-job step on what the step noted, with its limit of forty seconds. */
export async function close(workflow: Workflow, opened = noted(workflow)): Promise<readonly Closed[]> {
  const outcomes: Closed[] = [];
  const { context: context } = workflow;
  await withLimit(context.clock, context.signal, 40_000, (limit) =>
    closeAll(context, opened, 'the run', limit, (closed) => {
      outcomes.push(closed);
    }),
  );
  return outcomes;
}

export const DELETE = 'Microsoft.Network/networkSecurityGroups/securityRules/delete';

/** A service that ends a request only when its time is over, so that closing must delete its rules. */
export const STUBBORN: Partial<Settings> = { honoursEarlyEnd: false, supersession: 'none' };

/** Runs a step that opens its ports, and waits for no more. */
export async function opened(
  given: Parameters<typeof aWorkflow>[0] = {},
  inputs: RawInputs = {},
): Promise<Workflow> {
  const workflow = aWorkflow(given);
  assert.deepEqual((await workflow.run(inputs)).codes, []);
  return workflow;
}

/** Changes every response with the policy. */
export function changePolicies({ context: { jit } }: Workflow, change: (policy: Policy) => Policy): void {
  const read = jit.getPolicy.bind(jit);
  Object.assign(jit, {
    getPolicy: async (...given: Parameters<typeof read>) => change(await read(...given)),
  });
}

/** Leaves requests out of the responses with the policy, the given number of times. */
export function hide(
  workflow: Workflow,
  isHidden: (request: AccessRequest) => boolean,
  times = Infinity,
): void {
  let left = times;
  changePolicies(workflow, (policy) =>
    left-- > 0 ? { ...policy, requests: policy.requests.filter((one) => !isHidden(one)) } : policy,
  );
}

/** Runs this when the rules are first read after the policy. By then, the earlier rules are known. */
export function onRules({ azure }: Workflow, happen: () => void): void {
  azure.next('policy.get', () => {
    azure.next('nsg', happen);
  });
}
