import type { Content, LeftOut, OpenedPort } from '../../../shared/document/document';
import { textsOf } from '../../../shared/core/prefixes';
import type { Outcome } from './open/openPorts';
import type { Access, WaitedAccess } from './plan/access';
import type { NotOpened } from './plan/findings';
import type { Ledger, Perhaps } from './plan/ledger';

/**
 * Returns what the run tab shows about a step that opens ports: what was waited for and what was left out, or what
 * Azure has granted so far if the step did not get that far. Requests without a response, which Azure might have
 * carried out, are included.
 */
export function toOpenedContent(ledger: Ledger, outcome: Outcome | undefined): Content {
  const known = outcome?.accesses.map(toWaited) ?? ledger.open.map(toGranted);
  const ports = [...known, ...ledger.perhaps.map(toPerhaps)];
  const leftOut = outcome?.notOpened.map(toLeftOut) ?? [];
  return ports.length + leftOut.length === 0 ? { kind: 'none' } : { kind: 'opened', ports, leftOut };
}

const toLeftOut = ({ vm, port, failure: { code, seen, remedy } }: NotOpened): LeftOut => ({
  ...{ vmId: vm.id, vmName: vm.name, port: port ?? null, code, seen, remedy },
});

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
