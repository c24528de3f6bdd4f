import { withLimit, type Limit } from '../../../../shared/core/limits';
import { foreignHost } from '../messages/opening';
import type { Context } from '../context';
import type { Access } from '../plan/access';
import type { VmPlace } from '../plan/place';

/** How long reading firewalls can take: ten seconds. */
const READ_MS = 10_000;

/**
 * Warns about each host that a policy names in front of a VM and that is neither a public address of the VM, nor of an
 * Azure Firewall that can be read in its subscription: later steps connect to it, and the author of the policy chooses
 * it. Firewalls are read only if there is such a host. A firewall that cannot be read, or is not read before the outer
 * limit ends, does not count.
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
        // What cannot be read is unknown, and the warning says so.
      }
    }),
  );
  for (const access of named.values()) {
    if (!seen.has(access.firewall?.host ?? '') && !signal.aborted) log.warning(foreignHost(access));
  }
}
