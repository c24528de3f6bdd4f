import { judge, toFlows } from '../../../../shared/core/nsg/judge';
import { mayAdmit } from '../../../../shared/core/nsg/evaluate';
import { versionOf } from '../../../../shared/core/nsg/family';
import { isWithin } from '../../../../shared/core/nsg/grants';
import { rangesOf } from '../../../../shared/core/prefixes';
import type { PortRule, RequestedPort, RuleProtocol } from '../../../../shared/core/policy';
import type { ListedVm } from '../../../../shared/core/resources';
import { placesOf, type Catalogue, type Placed } from './catalogue';
import { MANAGEMENT_PORTS } from './cover';
import {
  MOST_PUBLIC,
  type InternetPort,
  type ActiveRequest,
  type MayBeOpenPort,
  type PermanentPort,
  type RuleName,
  type VmReport,
} from '../../../../shared/view/report';
import { findOpenings, type EvaluatedOpening } from './permanentAccess';
import { toRuleName } from './ingress';

/** What is open at a VM at the time of the report. */
export interface VmPorts {
  readonly permanent: readonly PermanentPort[];
  readonly mayBeOpen: readonly MayBeOpenPort[];
  /** Management ports and added ports to which the rules allow most public addresses. */
  readonly toInternet: readonly InternetPort[];
  readonly exposure: VmReport['exposure'];
}

const NOTHING = { permanent: [], mayBeOpen: [], toInternet: [] };

/**
 * Evaluates the management ports of a VM, the added ports, and the ports of its policies.
 *
 * @param active what active requests hold open; absent if the policies of the VM could not be read
 * @param added ports that the inputs name
 */
export function evaluatePorts(
  listed: ListedVm,
  catalogue: Catalogue,
  rules: readonly PortRule[],
  active: readonly Pick<RequestedPort, 'port' | 'sources'>[] | undefined,
  added: readonly number[],
): VmPorts {
  const { vm } = listed;
  const places = placesOf(listed, catalogue);
  if (!places) return { ...NOTHING, exposure: 'unknown' };
  const around = {
    firewalls: catalogue.firewalls.get(vm.subscriptionId.toLowerCase()),
    vnets: catalogue.vnets,
  };
  const watched: readonly number[] = [...MANAGEMENT_PORTS, ...added];
  const ports = new Set([...watched, ...rules.map(({ port }) => port)]);
  const found = [...ports].flatMap((port) => {
    const own = rules.filter((rule) => rule.port === port);
    const udp = !watched.includes(port) && own.every(({ protocol }) => protocol === 'UDP');
    const granted = active?.filter((request) => request.port === port).flatMap(({ sources }) => sources);
    const at = { port, protocol: udp ? ('UDP' as const) : ('TCP' as const), granted };
    return findOpenings(places, at, around).map((opening) => ({ port, opening }));
  });
  const name = ({ port, opening }: (typeof found)[number]) => ({
    ...{ vmId: vm.id, vmName: vm.name, port },
    ipVersion: opening.ipVersion,
  });
  const isManagement = (port: number): boolean => MANAGEMENT_PORTS.some((one) => one === port);
  return {
    permanent: found.flatMap((one) =>
      one.opening.permanent
        ? [{ ...name(one), management: isManagement(one.port), ...one.opening.permanent }]
        : [],
    ),
    mayBeOpen: found.flatMap((one) =>
      one.opening.doubt ? [{ ...name(one), management: isManagement(one.port), ...one.opening.doubt }] : [],
    ),
    toInternet: found
      .filter(({ port, opening }) => watched.includes(port) && opening.publicShare > MOST_PUBLIC)
      .map((one) => ({ ...name(one), publicShare: one.opening.publicShare })),
    exposure: exposureOf(found.map(({ opening }) => opening)),
  };
}

/** Returns the worst result of any port. */
function exposureOf(openings: readonly EvaluatedOpening[]): VmReport['exposure'] {
  const isBare = ({ permanent, doubt }: EvaluatedOpening): boolean =>
    permanent?.rules.length === 0 || doubt?.reason === 'noSecurityGroup';
  if (openings.some(isBare)) return 'unfiltered';
  if (openings.some(({ permanent }) => permanent !== undefined)) return 'open';
  if (openings.some(({ doubt }) => doubt !== undefined)) return 'mayBeOpen';
  return openings.some(({ isUnread }) => isUnread) ? 'unknown' : 'closed';
}

/**
 * Returns whether the rules allow the sources of a request, over any of its protocols, and which rules block the
 * others.
 */
export function rulesFor(
  places: readonly Placed[] | undefined,
  { sources, port }: RequestedPort,
  protocol: RuleProtocol,
): Pick<ActiveRequest, 'rules' | 'blockedBy'> {
  // Just-in-time access does not support IPv6.
  const filtered = (places ?? []).filter(
    ({ network }) => network.groups.length > 0 && versionOf(network.privateIpAddress) === 'IPv4',
  );
  // If only Azure Firewall filters, the rules are those of the firewall, which the service manages in its own way.
  if (filtered.length === 0) return { rules: 'unknown', blockedBy: [] };
  const ways = filtered.flatMap(({ network }) =>
    toFlows({ sources, port, protocol }).map((flow) => ({ network, flow })),
  );
  if (ways.some(({ network, flow }) => judge(network, flow).admits)) return { rules: 'open', blockedBy: [] };
  const possible = ways.map(({ network, flow }) => mayAdmit(network, flow));
  if (possible.some((one) => isWithin(sources, rangesOf(one.sources)))) {
    return { rules: 'unknown', blockedBy: [] };
  }
  const blockers = possible.flatMap((one) => one.blockers).flatMap(toBlockingRule);
  return {
    rules: possible.some((one) => one.sources.length > 0) ? 'partly' : 'closed',
    blockedBy: [...new Map(blockers.map((rule) => [JSON.stringify(rule), rule])).values()],
  };
}

const toBlockingRule = (blocker: ReturnType<typeof mayAdmit>['blockers'][number]): readonly RuleName[] =>
  'rule' in blocker ? [toRuleName(blocker, 'groups')] : [];
