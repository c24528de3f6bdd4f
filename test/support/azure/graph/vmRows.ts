import type { Topology } from '../network/topology';
import type { Row } from './filter';

const TYPE = 'Microsoft.Compute/virtualMachines';

/**
 * Returns the VMs of a subscription as Resource Graph has them: with types and groups in lower case, and ordered by ID.
 * It is out of date: a VM that was removed is still listed.
 */
export const vmRows = (
  topology: Topology,
  subscription: string,
): readonly (Row & { readonly id: string })[] =>
  [...topology.list(subscription, TYPE), ...topology.removed(subscription, TYPE)]
    .map(({ resource, group }) => {
      const json = resource.json() as Row;
      return {
        ...json,
        id: resource.id,
        type: TYPE.toLowerCase(),
        resourceGroup: group,
        subscriptionId: subscription.toLowerCase(),
        tags: json['tags'] ?? {},
      };
    })
    .sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
