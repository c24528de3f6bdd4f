import { ANY } from '../../../../shared/core/prefixes';
import { mayAdmit } from '../../../../shared/core/nsg/evaluate';
import { withoutAdminRules, withoutRules } from '../../../../shared/core/nsg/rules';
import type { Firewall, ListedVm } from '../../../../shared/core/resources';
import { firewallsAround, placesOf, type Catalogue, type Placed } from './catalogue';
import type { Cover } from '../../../../shared/view/report';
import { ingressesTo } from './ingress';

/** The ports that Defender checks: SSH, RDP, and both ports of WinRM. */
export const MANAGEMENT_PORTS = [22, 3389, 5985, 5986] as const;

/** What is known of a VM apart from its network. */
interface KnownCover {
  /** Whether a policy lists the VM. */
  readonly listed: boolean;
  /** Whether the policies of the VM's resource group could be read. */
  readonly policiesRead: boolean;
}

/**
 * Returns the coverage of a VM, according to the flow that Defender documents (Learn, "Understanding just-in-time VM
 * access"): configured if a policy lists it; with an NSG or a firewall, recommended if a rule allows a source to reach
 * a management port; otherwise not applicable. Rules are evaluated, and what cannot be resolved counts as open: one
 * recommendation too many does less harm than one too few. Security admin rules are not part of that flow, because
 * just-in-time access writes none.
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

/** Whether a rule that is not Azure's own might allow any source to reach a management port, over IPv4 or IPv6. */
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
