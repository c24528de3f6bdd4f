import type { ClosedPort, Content } from '../../../shared/document/document';
import { textsOf } from '../../../shared/core/prefixes';
import { closedText } from './messages/closing';
import type { Closed } from './plan/closed';
import { ownSources } from './plan/state';

/** Returns what the run tab shows about the post-job step. */
export const toClosedContent = (closed: readonly Closed[]): Content => ({
  kind: 'closed',
  ports: closed.map(toClosedPort),
});

function toClosedPort(closed: Closed): ClosedPort {
  const { vm, port } = closed.opened;
  const isOpen = closed.kind === 'open';
  const sources = (isOpen ? closed.sources : undefined) ?? ownSources(closed.opened) ?? [];
  const hasEnd = isOpen && closed.until !== undefined;
  return {
    ...{ vmId: vm.id, vmName: vm.name, port, sources: textsOf(sources) },
    state: !isOpen ? CLOSED[closed.how] : 'open',
    until: hasEnd ? new Date(closed.until).toISOString() : null,
    text: closedText(closed).text,
  };
}

const CLOSED = { shut: 'closed', neverOpened: 'neverOpened', vmGone: 'vmGone' } as const;
