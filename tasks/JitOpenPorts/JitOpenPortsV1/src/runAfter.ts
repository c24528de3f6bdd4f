import { closeAll } from './close/closing';
import { isIdle, readState, STATE_VARIABLE, type Opened } from './plan/state';
import * as agent from '../../../shared/host/agent';
import { readNote } from './host/notes';
import { runAfterJob } from '../../../shared/task/step';
import * as say from './messages/closing';
import { describeRun } from './justification';

/**
 * The stage of JitOpenPorts@1 after the job: closes what the main stage noted, and nothing else. When nothing
 * was noted, or nothing is to be closed, it does nothing and says nothing.
 */
export async function runAfter(): Promise<void> {
  const { text, isGenuine } = readNote(STATE_VARIABLE);
  const noted = readState(text, isGenuine);
  if (noted.kind === 'none') return;
  if (noted.kind === 'unreadable') {
    agent.agentLog.warning(say.stateUnreadable(noted.reason));
    return;
  }
  if (isIdle(noted.state)) return;
  const { connectionId, opened } = noted.state;
  const open = opened.filter(({ over }) => over === undefined);
  const pending = new Set<Opened>(open);
  let why = say.notBegun;
  await runAfterJob({
    async work(limit) {
      agent.nameIgnoredVariables();
      agent.checkVariables();
      agent.agentLog.line(say.closingStarts(open.length));
      const { createWorld } = await import('./dependencies');
      const world = createWorld(agent.readConnection(connectionId), limit.signal);
      why = say.noTimeLeft;
      await closeAll(world, opened, describeRun(agent.readVariable, agent.readHome()), limit, (closed) => {
        for (const entry of pending) if (isSame(entry, closed.opened)) pending.delete(entry);
        const { kind, text } = say.fate(closed);
        agent.agentLog[kind](text);
      });
    },
    unfinished: () =>
      [...pending].map((entry) => say.fate({ kind: 'open', opened: entry, until: entry.endsAt, why }).text),
  });
}

const isSame = (one: Opened, other: Opened): boolean =>
  one.vm.key === other.vm.key &&
  one.port === other.port &&
  one.policy.id === other.policy.id &&
  (one.startedAt === undefined || one.startedAt === other.startedAt);
