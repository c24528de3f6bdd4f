import { ANY } from '../../tasks/shared/core/prefixes';
import * as preflight from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/messages/dryRun';
import * as rights from '../../tasks/shared/messages/rights';
import * as checkList from '../../tasks/shared/messages/checkList';
import { both, type Makers } from './hostileMakers';

const KINDS = ['secret', 'certificate', 'federated', 'managed'] as const;
const STATES = ['used', 'granted', 'missing', 'unknown'] as const;
const aRule = { port: 22, protocol: '*', sources: [ANY], maxDurationMs: 1000 } as const;

/** Creates each line around a check list. */
export const CHECK_LIST_MAKERS = {
  checkText: () => [checkList.checkText('Rights', 'would fail', preflight.nothingToRequest)],
  others: () => [checkList.others([{ mark: 'ok', count: 2 }])],
} satisfies Makers<typeof checkList>;

/** Creates each line about permissions. */
export const RIGHT_MAKERS = {
  rightText: ({ text, forbidden }) =>
    STATES.flatMap((state) =>
      (['request', 'requestForVm', 'readVm'] as const).map((purpose) =>
        rights.rightText({ action: text(), scope: text(), purpose }, 2, state, forbidden),
      ),
    ),
} satisfies Makers<typeof rights>;

/** Creates each message of a dry run. */
export const PREFLIGHT_MAKERS = {
  signedIn: ({ text }) =>
    KINDS.map((kind) => preflight.signedIn({ kind, clientId: text(), tenantId: text() })),
  notSignedIn: ({ text }) =>
    KINDS.map((kind) => preflight.notSignedIn({ kind, clientId: text(), tenantId: text() })),
  stoppedBy: ({ forbidden }) => [preflight.stoppedBy(forbidden)],
  leftOutBefore: ({ vm, forbidden }) => [preflight.leftOutBefore(vm)(forbidden)],
  wouldNotBeOpen: ({ vm, forbidden: failure }) => [
    preflight.wouldNotBeOpen({ vm, port: undefined, failure }),
    preflight.wouldNotBeOpen({ vm, port: 22, failure }),
  ],
  moreWouldNotBeOpen: () => both(preflight.moreWouldNotBeOpen, 1, 2),
  wouldOpenInPart: () => [preflight.wouldOpenInPart(1, 1), preflight.wouldOpenInPart(2, 2)],
  withoutRole: ({ forbidden }) => [preflight.withoutRole(forbidden, 1), preflight.withoutRole(forbidden, 3)],
  policyOf: ({ vm, policy }) => [preflight.policyOf(vm, policy)],
  portsOf: ({ vm }) => both((ports) => preflight.portsOf(vm, ports), [22], [22, 3389]),
  durationOf: ({ vm }) => [
    preflight.durationOf(vm, 'max', [aRule]),
    preflight.durationOf(vm, 1000, [aRule, aRule]),
  ],
  sourceFound: ({ prefixes }) =>
    (['agent', 'azure', 'policy', 'given'] as const).map((wanted) =>
      preflight.sourceFound(wanted, prefixes()),
    ),
  placeOf: ({ vm, text }) => [
    preflight.placeOf(vm, text(), text()),
    preflight.placeOf(vm, undefined, undefined),
  ],
  requestOf: ({ text }) => [preflight.requestOf(text(), 1), preflight.requestOf(text(), 2)],
  closedNow: ({ access, blockers }) => [preflight.closedNow(access, blockers)],
  besideGrant: ({ access, blockers }) => [preflight.besideGrant(access, blockers, blockers)],
  leftToAzure: ({ access, blockers }) => [preflight.leftToAzure(access, blockers, blockers)],
  staysBlocked: ({ access, blockers }) =>
    blockers.map((blocker) => preflight.staysBlocked(access, [blocker], [blocker])),
  grantedNow: ({ access }) => [preflight.grantedNow(access)],
  rulesUnseen: ({ vm }) => [preflight.rulesUnseen(vm, 22)],
  sourceUnseen: ({ vm }) => [preflight.sourceUnseen(vm, 22)],
  wouldClose: () => both(preflight.wouldClose, 1, 2),
} satisfies Makers<typeof preflight>;
