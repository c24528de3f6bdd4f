import { isCrowd, logEach, warnEach, type OfVm } from '../../../shared/core/crowd';
import { createContext } from './createContext';
import { closeAll } from './close/closing';
import { toClosedContent, type TimedClosed } from './closedContent';
import type { Closed } from './plan/closed';
import { isIdle, readState, STATE_VARIABLE, type NotedPort, type State } from './plan/state';
import { agentConnection, type Host } from '../../../shared/host/host';
import { readNote } from './host/notes';
import { runAfterJob } from '../../../shared/task/step';
import { connectionChanged } from '../../../shared/messages/routes';
import * as say from './messages/closing';
import { describeRun } from './justification';

/**
 * Runs the post-job step of JitOpenPorts@1: closes what the main step saved, and nothing else. Does nothing and logs
 * nothing if nothing was saved, or if nothing is to be closed.
 */
export async function runAfter(host: Host): Promise<void> {
  const state = readSaved(host);
  if (state === undefined || isIdle(state)) return;
  const { connectionId, hosts, opened } = state;
  const open = opened.filter(({ over }) => over === undefined);
  const pending = new Set<NotedPort>(open);
  const done: TimedClosed[] = [];
  let why = say.notBegun;
  /** The texts that are logged at the end if there are many VMs. */
  const texts: Readonly<Record<'line' | 'warning', (OfVm & { readonly text: string })[]>> = {
    ...{ line: [], warning: [] },
  };
  const unfinished = (): readonly Closed[] =>
    [...pending].map((entry) => ({
      ...{ kind: 'open', opened: entry, until: entry.endsAt, isAllowed: false, why },
    }));
  await runAfterJob(host, {
    task: 'JitOpenPorts',
    async work(limit) {
      host.log.line(say.closingStarts(open.length));
      const context = createContext(host, host.readConnection(connectionId), limit.signal);
      // Nothing has been sent yet.
      if (hosts && hosts.join(' ') !== context.hosts.join(' '))
        throw connectionChanged(connectionId, hosts, context.hosts);
      why = say.noTimeLeft;
      await closeAll(
        context,
        opened,
        describeRun((name) => host.readVariable(name), agentConnection(host).url),
        limit,
        (closed) => {
          for (const entry of pending) if (isSame(entry, closed.opened)) pending.delete(entry);
          // Azure's clock is unknown before it responds, and it has responded when the rules were read.
          const isVerified = closed.kind === 'closed' && closed.how === 'verified';
          done.push(isVerified ? { closed, at: context.jit.azureNow() } : { closed });
          const { kind, text } = say.closedText(closed);
          if (isCrowd(open)) texts[kind].push({ vm: closed.opened.vm, text });
          else host.log[kind](text);
        },
      );
    },
    report() {
      logEach(host.log, say.closedMany(texts.line.length), texts.line, ({ text }) => text);
      const left = unfinished().map((closed) => ({
        vm: closed.opened.vm,
        text: say.closedText(closed).text,
      }));
      warnEach(host.log, [...texts.warning, ...left], ({ text }) => text, say.moreStayOpen);
      if (isCrowd(open))
        host.log.line(say.closedOf(open.length - texts.warning.length - left.length, open.length));
    },
    content: () => toClosedContent([...done, ...unfinished().map((closed) => ({ closed }))]),
  });
}

/** Reads what the main step noted. Returns `undefined` if there is no state, and, with a warning, if it is unusable. */
function readSaved(host: Host): State | undefined {
  try {
    const { text, isGenuine } = readNote(host, STATE_VARIABLE);
    const noted = readState(text, isGenuine);
    if (noted.kind === 'unreadable') {
      // If a variable has replaced the agent's own connection, there is no key for the seal.
      host.checkVariables();
      host.log.warning(say.stateUnreadable(noted.reason));
    }
    return noted.kind === 'state' ? noted.state : undefined;
  } catch (error) {
    host.log.warning(say.stateUnusable(error));
    return undefined;
  }
}

const isSame = (one: NotedPort, other: NotedPort): boolean =>
  one.vm.key === other.vm.key &&
  one.port === other.port &&
  one.policy.id === other.policy.id &&
  (one.startedAt === undefined || one.startedAt === other.startedAt);
