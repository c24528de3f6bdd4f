import type { VmId } from '../../../../shared/core/resourceIds';
import type { Context } from '../context';

/** The context for closing. */
export interface ClosingContext extends Context {
  /** The network gateway for finding the places of the VMs, which do not change during closing. */
  readonly places: Context['network'];
}

/**
 * Returns the same context for closing many ports at the same time. What several ports need at about the same time is
 * read once: a read is shared only by the calls that were made before it began, so that no call gets data that is older
 * than the call.
 */
export function shareReadings(context: Context, vms: readonly VmId[]): ClosingContext {
  const { jit, network } = context;
  const share = createSharing();
  return {
    ...context,
    places: network.among(vms),
    jit: {
      ...jit,
      getPolicy: (policy, limit) =>
        share('policy', policy.id.toLowerCase(), () => jit.getPolicy(policy, limit)),
      listPolicies: (subscriptionId, resourceGroup, limit) =>
        share('policies', `${subscriptionId}/${resourceGroup}`.toLowerCase(), () =>
          jit.listPolicies(subscriptionId, resourceGroup, limit),
        ),
    },
    network: {
      ...network,
      getSecurityGroup: (id, limit) =>
        share('group', id.toLowerCase(), () => network.getSecurityGroup(id, limit)),
      getVnet: (id, limit) => share('vnet', id.toLowerCase(), () => network.getVnet(id, limit)),
      listVms: (subscriptionId, resourceGroup, limit) =>
        share('vms', `${subscriptionId}/${resourceGroup}`.toLowerCase(), () =>
          network.listVms(subscriptionId, resourceGroup, limit),
        ),
    },
  };
}

/** Runs one read of a thing at a time. Calls that are made during a read share the next one, which begins after it. */
function createSharing() {
  const next = new Map<string, Promise<unknown>>();
  const last = new Map<string, Promise<unknown>>();
  return <T>(what: string, id: string, read: () => Promise<T>): Promise<T> => {
    const key = `${what} ${id}`;
    const waiting = next.get(key);
    if (waiting) return waiting as Promise<T>;
    const reading = (last.get(key) ?? Promise.resolve()).then(() => {
      next.delete(key);
      const begun = read();
      last.set(
        key,
        begun.catch(() => undefined),
      );
      return begun;
    });
    next.set(key, reading);
    return reading;
  };
}
