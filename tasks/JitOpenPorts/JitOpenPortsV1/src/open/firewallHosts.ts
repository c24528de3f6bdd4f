import { withLimit, type Limit } from '../../../../shared/core/limits';
import { foreignHost } from '../messages/opening';
import type { Context } from '../context';
import type { Access } from '../plan/access';
import type { VmPlace } from '../plan/place';

/** How long looking for firewalls may take: ten seconds. */
const READ_MS = 10_000;

/**
 * Warns of each host that a policy names in front of a VM and that is neither a public address of the VM nor of an Azure
 * Firewall of its subscription that may be seen: later steps connect to it, and whoever writes the policy chooses it. Asks
 * for firewalls only when there is such a host. A firewall that may not be seen is none, and so is one that is not seen
 * before the outer limit ends.
 */
export async function checkFirewallHosts(
  { network, log, clock, signal }: Pick<Context, 'network' | 'log' | 'clock' | 'signal'>,
  accesses: readonly Access[],
  places: ReadonlyMap<string, VmPlace>,
  outer: Limit,
): Promise<void> {
  const named = new Map<string, Access>();
  for (const access of accesses) {
    const { vm, firewall } = access;
    if (firewall && firewall.host !== places.get(vm.key)?.publicIpAddress) {
      named.set(`${vm.key} ${firewall.host}`, access);
    }
  }
  const subscriptions = new Set([...named.values()].map(({ vm }) => vm.subscriptionId.toLowerCase()));
  const seen = new Set<string>();
  await Promise.all(
    [...subscriptions].map(async (subscription) => {
      try {
        const found = await withLimit(clock, outer.signal, READ_MS, (limit) =>
          network.listFirewallAddresses(subscription, limit),
        );
        for (const address of found) seen.add(address);
      } catch {
        // What may not be seen is not known: the warning says so.
      }
    }),
  );
  for (const access of named.values()) {
    if (!seen.has(access.firewall?.host ?? '') && !signal.aborted) log.warning(foreignHost(access));
  }
}
