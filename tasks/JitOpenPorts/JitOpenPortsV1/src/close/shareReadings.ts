import type { VmId } from '../../../../shared/core/resourceIds';
import type { Context } from '../context';

/** What closing reads with. */
export interface ClosingContext extends Context {
  /** The network for finding the places of the VMs, which do not move meanwhile. */
  readonly places: Context['network'];
}

/**
 * The same context for closing many ports at once. What several of them ask for at about the same time is read once: a
 * reading is shared by all who asked before it began, so that nobody gets an answer that is older than the question.
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

/** One reading of a thing at a time, and one that begins after it for whoever asks meanwhile. */
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
