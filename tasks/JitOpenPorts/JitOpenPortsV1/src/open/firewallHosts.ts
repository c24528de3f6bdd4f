import { CodedError } from '../../../../shared/core/errors';
import { warnEach } from '../../../../shared/core/crowd';
import { withLimit, type Limit } from '../../../../shared/core/limits';
import { foreignHost, moreForeignHosts } from '../messages/opening';
import type { NetworkGateway } from '../azure/networkGateway';
import type { Context } from '../context';
import type { Access } from '../plan/access';
import type { VmPlace } from '../plan/place';
import { firewallOf } from './endpoint';
import { readElsewhere } from './elsewhere';

/** How long reading firewalls, and other addresses of the VMs, can take: ten seconds. */
const READ_MS = 10_000;

/**
 * Warns of each host that a policy names in front of a VM and that is neither a public address of the VM nor of a
 * visible Azure Firewall of its subscription: later steps connect to it, and the author of the policy chooses it. Reads
 * firewalls only if there is such a host, and other addresses of the VM only if the host is no firewall's. A firewall
 * that cannot be read, or is not found before the outer limit ends, does not count.
 */
export async function checkFirewallHosts(
  { network, log, clock, signal }: Pick<Context, 'network' | 'log' | 'clock' | 'signal'>,
  accesses: readonly Access[],
  places: ReadonlyMap<string, VmPlace>,
  outer: Limit,
): Promise<void> {
  const named = new Map<string, Access>();
  for (const access of accesses) {
    const { vm } = access;
    const firewall = firewallOf(access, places);
    if (firewall && firewall.host !== places.get(vm.key)?.publicIpAddress) {
      named.set(`${vm.key} ${firewall.host}`, { ...access, firewall });
    }
  }
  const foreign = await withLimit(clock, outer.signal, READ_MS, async (limit) => {
    const seen = await readFirewalls(network, [...named.values()], limit);
    const others = [...named.values()].filter(({ firewall }) => !seen.has(firewall?.host ?? ''));
    const own = await Promise.all(others.map(({ vm }) => readAddresses(network, places.get(vm.key), limit)));
    return others.filter(({ firewall }, index) => !own[index]?.includes(firewall?.host));
  });
  if (!signal.aborted) warnEach(log, foreign, foreignHost, moreForeignHosts);
}

/**
 * Returns the addresses of the firewalls in the subscriptions of the VMs. The warning says that it does not know the
 * firewalls that cannot be read.
 */
async function readFirewalls(
  network: NetworkGateway,
  accesses: readonly Access[],
  limit: Limit,
): Promise<ReadonlySet<string>> {
  const subscriptions = new Set(accesses.map(({ vm }) => vm.subscriptionId.toLowerCase()));
  const found = await Promise.all(
    [...subscriptions].map(async (subscription) => {
      try {
        return await network.listFirewallAddresses(subscription, limit);
      } catch (error) {
        if (error instanceof CodedError) return [];
        throw error;
      }
    }),
  );
  return new Set(found.flat());
}

/** Returns the public addresses of a VM other than the primary one, as far as they can be read. */
async function readAddresses(
  network: NetworkGateway,
  place: VmPlace | undefined,
  limit: Limit,
): Promise<readonly (string | undefined)[]> {
  if (!place) return [];
  const { found } = await readElsewhere(network, place, limit);
  return found.map(({ address }) => address);
}
