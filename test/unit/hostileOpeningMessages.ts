import * as opening from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/messages/opening';
import * as failures from '../../tasks/shared/messages/failures';
import { both, type Makers } from './hostileMakers';

/** Creates each message of a run that opens ports. */
export const OPENING_MAKERS = {
  openToAnyone: ({ vm }) => [opening.openToAnyone([vm])],
  foreignHost: ({ access, text }) => [
    opening.foreignHost(access),
    opening.foreignHost({ ...access, firewall: { host: text(), port: 22 } }),
  ],
  reading: ({ vm }) => both(opening.reading, [vm], [vm, vm]),
  agentAddress: ({ text }) => [opening.agentAddress(text())],
  unreadable: ({ forbidden }) => [opening.unreadable(forbidden)],
  coveredBy: ({ policy, vm, prefixes }) => [
    opening.coveredBy({
      ...{ policy, wanted: vm, toRequest: [], reuse: [], concurrent: [] },
      vm: { vm, ports: [{ port: 22, protocol: '*', sources: prefixes(), maxDurationMs: 1000 }] },
    }),
  ],
  reused: ({ access }) => [opening.reused(access, true), opening.reused(access, false)],
  notSharing: () => [opening.notSharing()],
  concurrentRequest: ({ request }) => [opening.concurrentRequest(request)],
  sharing: ({ prefixes }) => [opening.sharing(prefixes(), 0)],
  leftOut: ({ prefixes }) => [opening.leftOut(prefixes())],
  requestingAgain: ({ access }) => [opening.requestingAgain(access)],
  requesting: ({ asked: requested }) => [opening.requesting(requested)],
  wouldRequest: ({ asked: requested }) => [opening.wouldRequest(requested)],
  accepted: ({ access }) => [opening.accepted([access, access], 2, 2), opening.accepted([access], 1, 2)],
  waiting: () => [opening.waiting('rule', 1000)],
  wouldWait: () => [opening.wouldWait('rule', 1000)],
  stillWaiting: ({ pendings }) => both((pending) => opening.stillWaiting([pending], 2000, 9000), ...pendings),
  open: ({ waited }) => waited.map(opening.open),
  partlyFailed: ({ vm, text }) =>
    [2, 12].map((count) =>
      opening.partlyFailed(
        Array.from({ length: count }, (_none, at) => ({
          ...{ vm: { ...vm, key: String(at) }, port: 22 },
          failure: failures.notReached(text(), text()),
        })),
        1,
      ),
    ),
  notOpen: ({ vm, forbidden: failure }) => [
    opening.notOpen({ vm, port: undefined, failure }),
    opening.notOpen({ vm, port: 22, failure }),
  ],
  openByPolicy: ({ waited }) => opening.openByPolicy(waited),
  openInPart: () => [opening.openInPart(1, 1), opening.openInPart(2, 2)],
  ...{
    reusedMany: () => [opening.reusedMany(11)],
    moreUnreadable: () => [opening.moreUnreadable(2)],
    requestingMany: () => [opening.requestingMany(11, 1), opening.requestingMany(11, 2)],
    openMany: () => [opening.openMany(11)],
    notOpenMany: () => [opening.notOpenMany(11)],
    moreNotOpen: () => [opening.moreNotOpen(2)],
    summaryCut: () => [opening.summaryCut(100, 200)],
    moreFailures: () => [opening.moreFailures(2)],
    moreForeignHosts: () => [opening.moreForeignHosts(2)],
  },
} satisfies Makers<typeof opening>;
