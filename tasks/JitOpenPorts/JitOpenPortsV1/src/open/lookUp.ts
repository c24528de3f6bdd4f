import { findSourceAddress } from './sourceAddress';
import type { Place } from '../plan/place';
import type { Policy } from '../../../../shared/core/policy';
import type { VmId } from '../../../../shared/core/resourceIds';
import * as say from '../messages/opening';
import type { World } from '../context';
import type { Limit } from '../../../../shared/core/limits';
import type { OpenPortsInputs } from '../plan/inputs';

/** How long looking things up may take, with every pause that Azure asks for: two minutes. */
export const LOOK_UP_MS = 120_000;

/** Where access is asked for, found out where it has to be. */
export type Source = readonly string[] | 'azure' | 'policy';

/** Everything that is to be known before asking, on its way. */
export interface LookUps {
  readonly source: Promise<Source>;
  /** One for each VM, in the order of the inputs; those of one resource group are the same. */
  readonly policies: readonly Promise<readonly Policy[]>[];
  /** One for each VM, in the order of the inputs. */
  readonly places: readonly Promise<Place>[];
}

/**
 * Starts to look everything up at the same time.
 *
 * @param readPlace finds out where a VM sits
 */
export function startLookUps(
  inputs: OpenPortsInputs,
  world: World,
  readPlace: (vm: VmId) => Promise<Place>,
  limit: Limit,
): LookUps {
  const lists = new Map<string, Promise<readonly Policy[]>>();
  const list = (vm: VmId) => {
    const key = `${vm.subscriptionId}/${vm.resourceGroup}`.toLowerCase();
    const listing = lists.get(key) ?? world.jit.listPolicies(vm.subscriptionId, vm.resourceGroup, limit);
    lists.set(key, listing);
    return listing;
  };
  return {
    source: inputs.source === 'agent' ? findAddress(inputs, world, limit) : Promise.resolve(inputs.source),
    policies: inputs.vms.map(list),
    places: inputs.vms.map(readPlace),
  };
}

async function findAddress(inputs: OpenPortsInputs, world: World, limit: Limit): Promise<Source> {
  const address = await findSourceAddress(world, inputs.ipEchoUrls, limit);
  world.log.line(say.agentAddress(address));
  return [address];
}

/** Whether the run waits for what the rules say. */
export const awaitsRules = ({ waitFor }: OpenPortsInputs): boolean =>
  waitFor === 'rule' || waitFor === 'connection';
