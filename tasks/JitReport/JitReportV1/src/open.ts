import { judge, toFlow } from '../../../shared/access/judge';
import { mayAdmit } from '../../../shared/domain/nsg/evaluate';
import { isWithin, toRanges } from '../../../shared/domain/nsg/grants';
import type { PortRule, RequestedPort, RuleProtocol } from '../../../shared/domain/policy';
import type { ListedVm } from '../../../shared/inventory';
import { placesOf, type Catalogue, type Placed } from './catalogue';
import { MANAGEMENT_PORTS } from './cover';
import { MOST_PUBLIC, type InternetPort, type LiveRequest, type StandingPort } from './model';
import { findStanding, publicShare } from './standing';

/** What is open at a VM now. */
export interface OpenPorts {
  readonly standing: readonly StandingPort[];
  /** Management ports that the rules let most public addresses reach. */
  readonly toInternet: readonly InternetPort[];
}

const NOTHING: OpenPorts = { standing: [], toInternet: [] };

/**
 * Looks at the management ports of a VM and at the ports of its policies.
 *
 * @param live its live requests; absent when its policies could not be read
 */
export function lookAtPorts(
  listed: ListedVm,
  catalogue: Catalogue,
  rules: readonly PortRule[],
  live: readonly LiveRequest[] | undefined,
): OpenPorts {
  const { vm } = listed;
  const places = placesOf(listed, catalogue);
  if (!places) return NOTHING;
  const firewalls = catalogue.firewalls.get(vm.subscriptionId.toLowerCase()) ?? [];
  const management: readonly number[] = MANAGEMENT_PORTS;
  const ports = new Set([...management, ...rules.map(({ port }) => port)]);
  const standing = [...ports].flatMap((port): StandingPort[] => {
    const own = rules.filter((rule) => rule.port === port);
    const udp = !management.includes(port) && own.every(({ protocol }) => protocol === 'UDP');
    const granted = live?.filter((request) => request.port === port).flatMap(({ sources }) => sources);
    const at = { port, protocol: udp ? ('UDP' as const) : ('TCP' as const), granted };
    const found = findStanding(places, at, firewalls, catalogue.vnets);
    return found
      ? [{ vmId: vm.id, vmName: vm.name, port, management: management.includes(port), ...found }]
      : [];
  });
  const toInternet = management
    .map((port) => ({
      ...{ vmId: vm.id, vmName: vm.name, port },
      publicShare: publicShare(places, port, firewalls, catalogue.vnets),
    }))
    .filter((found) => found.publicShare > MOST_PUBLIC);
  return { standing, toInternet };
}

/**
 * Whether the rules let in whom a request holds a port open for: `closed` only when a part of the sources is surely kept
 * out at every address.
 */
export function rulesFor(
  places: readonly Placed[] | undefined,
  { sources, port }: RequestedPort,
  protocol: RuleProtocol,
): LiveRequest['rules'] {
  const filtered = places?.filter(({ network }) => network.groups.length > 0) ?? [];
  // Behind Azure Firewall alone the rules are the firewall's, which the service keeps in its own way.
  if (filtered.length === 0) return 'unknown';
  const way = { sources, port, protocol };
  if (filtered.some(({ network }) => judge(network, way).admits)) return 'open';
  const mayEnter = filtered.some(({ network }) =>
    isWithin(sources, toRanges(mayAdmit(network, toFlow(way)).sources)),
  );
  return mayEnter ? 'unknown' : 'closed';
}
