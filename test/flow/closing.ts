import { closeAll } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/close/closing';
import { type Closed } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/closed';
import {
  formatState,
  parseState,
  toOpened,
  type NotedPort,
} from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/state';
import { withLimit } from '../../tasks/shared/core/limits';
import type { Workflow } from './workflow';

/** What the step noted, as it comes out of the task variable. */
export function noted({ ledger }: Workflow): readonly NotedPort[] {
  const state = { connectionId: 'connection', close: true, opened: toOpened([], ledger) };
  const read = parseState(formatState(state));
  if (read.kind !== 'state') throw new Error(`The state is ${read.kind}.`);
  return read.state.opened;
}

/** Runs the closing stage on what the step noted, with the forty seconds that it has. */
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
