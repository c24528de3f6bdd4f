import type { ClosedPort, Content } from '../../../shared/document/document';
import { textsOf } from '../../../shared/core/prefixes';
import { closedText } from './messages/closing';
import type { Closed } from './plan/closed';
import { ownSources } from './plan/state';

/** The outcome of closing a port, and when it was known: milliseconds since 1970 on Azure's clock. */
export interface TimedClosed {
  readonly closed: Closed;
  /** Absent if nothing was found out. */
  readonly at?: number;
}

/** Returns what the run's tab shows of the post-job step. */
export const toClosedContent = (closed: readonly TimedClosed[]): Content => ({
  kind: 'closed',
  ports: closed.map(toClosedPort),
});

function toClosedPort({ closed, at }: TimedClosed): ClosedPort {
  const { vm, port } = closed.opened;
  const isOpen = closed.kind === 'open';
  const sources = (isOpen ? closed.sources : undefined) ?? ownSources(closed.opened) ?? [];
  const hasEnd = isOpen && closed.until !== undefined;
  const isVerified = !isOpen && closed.how === 'verified';
  return {
    ...{ vmId: vm.id, vmName: vm.name, port, sources: textsOf(sources) },
    state: !isOpen ? CLOSED[closed.how] : 'open',
    until: hasEnd ? new Date(closed.until).toISOString() : null,
    ...(isVerified && at !== undefined && { closedAt: new Date(at).toISOString() }),
    text: closedText(closed).text,
  };
}

const CLOSED = { verified: 'closed', neverOpened: 'neverOpened', vmGone: 'vmGone' } as const;
