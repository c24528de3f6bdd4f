import { ANY } from '../../../../shared/core/prefixes';
import { mayAdmit } from '../../../../shared/core/nsg/evaluate';
import { withoutAdminRules, withoutRules } from '../../../../shared/core/nsg/rules';
import type { Firewall, ListedVm } from '../../../../shared/core/resources';
import { firewallsAround, placesOf, type Catalogue, type Placed } from './catalogue';
import type { Cover } from '../../../../shared/view/report';
import { ingressesTo } from './ingress';

/** The ports that Defender looks at: ssh, RDP and both of WinRM. */
export const MANAGEMENT_PORTS = [22, 3389, 5985, 5986] as const;

/** What is known of a VM beside its network. */
interface KnownCover {
  /** Whether a policy lists it. */
  readonly listed: boolean;
  /** Whether the policies of its resource group could be read. */
  readonly policiesRead: boolean;
}

/**
 * How a VM stands with just-in-time access, by the flow that Defender documents (Learn, "Understanding just-in-time VM
 * access"): already on; else with a security group or a firewall, recommended when a rule lets somebody reach a management
 * port; else not applicable. Rules are evaluated, and what cannot be resolved is read as open: a recommendation too many
 * does less harm than one too few. Security admin rules are no part of that flow: just-in-time access writes none.
 */
export function coverOf(vm: ListedVm, known: KnownCover, catalogue: Catalogue): Cover {
  if (known.listed) return { state: 'configured', reason: 'policy' };
  const places = placesOf(vm, catalogue);
  if (!known.policiesRead || !places) return UNKNOWN;
  if (places.length === 0) return { state: 'unsupported', reason: 'noNetwork' };
  const filtered = places.filter(({ network }) => network.groups.length > 0);
  if (filtered.length > 0) {
    return notConfigured(filtered.some((place) => isReachable(place, [], catalogue.vnets)));
  }
  const firewalls = catalogue.firewalls.get(vm.vm.subscriptionId.toLowerCase());
  return firewalls ? behindFirewall(places, firewalls, catalogue.vnets) : UNKNOWN;
}

const UNKNOWN: Cover = { state: 'unknown', reason: 'notRead' };

const notConfigured = (reachable: boolean): Cover => ({
  state: 'notConfigured',
  reason: reachable ? 'reachable' : 'closed',
});

/** Whether a rule that somebody made may let anybody reach a management port, over either version of IP. */
const isReachable = (place: Placed, firewalls: readonly Firewall[], vnets: Catalogue['vnets']): boolean =>
  MANAGEMENT_PORTS.some((port) =>
    ingressesTo(place, port, firewalls, vnets).ingresses.some(({ network }) => {
      const made = withoutRules(
        withoutAdminRules(network),
        (rule) => rule.isDefault && rule.access === 'Allow',
      );
      return mayAdmit(made, { sources: [ANY], port, protocol: 'TCP' }).sources.length > 0;
    }),
  );

function behindFirewall(
  places: readonly Placed[],
  firewalls: readonly Firewall[],
  vnets: Catalogue['vnets'],
): Cover {
  const near = places.flatMap((place) => firewallsAround(place.vnetId, firewalls, vnets));
  if (near.length === 0) return { state: 'unsupported', reason: 'noFilter' };
  if (near.every(({ hasPolicy }) => hasPolicy)) return { state: 'unsupported', reason: 'firewallPolicy' };
  return notConfigured(places.some((place) => isReachable(place, firewalls, vnets)));
}
