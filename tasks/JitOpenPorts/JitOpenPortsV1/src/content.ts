import type { Content, OpenedPort } from '../../../shared/document/document';
import { textsOf } from '../../../shared/core/prefixes';
import type { Access, WaitedAccess } from './plan/access';
import type { Ledger, Perhaps } from './plan/ledger';

/**
 * What the run's tab shows of a step that opens ports: what was waited for, or where the step did not get as far, what
 * Azure has granted by now; and what it may have carried out without an answer.
 */
export function toOpenedContent(ledger: Ledger, waited: readonly WaitedAccess[] | undefined): Content {
  const ports = [...(waited?.map(toWaited) ?? ledger.open.map(toGranted)), ...ledger.perhaps.map(toPerhaps)];
  return ports.length === 0 ? { kind: 'none' } : { kind: 'opened', ports };
}

const toGranted = ({ vm, port, sources, endsAt, reused }: Access): OpenedPort => ({
  ...{ vmId: vm.id, vmName: vm.name, port, sources: textsOf(sources) },
  ...{ endsAt: new Date(endsAt).toISOString(), state: 'requested', code: null },
  ...{ reused, permanent: false, waitedSeconds: null },
});

function toWaited({ access, waited, waitedMs }: WaitedAccess): OpenedPort {
  const isFailed = waited.status === 'failed';
  return {
    ...toGranted(access),
    state: isFailed ? 'notOpen' : waited.status,
    code: isFailed ? waited.error.code : null,
    permanent: (isFailed || waited.status === 'open') && waited.permanent !== undefined,
    waitedSeconds: waited.status === 'open' ? Math.round(waitedMs / 1000) : null,
  };
}

const toPerhaps = ({ requested: { vm, port, sources, endsAt } }: Perhaps): OpenedPort => ({
  ...{ vmId: vm.id, vmName: vm.name, port, sources: sources ? textsOf(sources) : [] },
  ...{ endsAt: new Date(endsAt).toISOString(), state: 'unknown', code: null },
  ...{ reused: false, permanent: false, waitedSeconds: null },
});
