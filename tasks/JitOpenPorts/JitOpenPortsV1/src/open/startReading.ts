import { findSourceAddress } from './sourceAddress';
import type { VmPlace } from '../plan/place';
import type { Policy } from '../../../../shared/core/policy';
import type { VmId } from '../../../../shared/core/resourceIds';
import * as say from '../messages/opening';
import type { Context } from '../context';
import type { Limit } from '../../../../shared/core/limits';
import type { OpenPortsInputs } from '../plan/inputs';

/** How long looking things up may take, with every pause that Azure asks for: two minutes. */
export const READ_MS = 120_000;

/** Where access is asked for, found out where it has to be. */
export type RequestSource = readonly string[] | 'azure' | 'policy';

/** Everything that is to be known before asking, on its way. */
export interface Readings {
  readonly source: Promise<RequestSource>;
  /** One for each VM, in the order of the inputs; those of one resource group are the same. */
  readonly policies: readonly Promise<readonly Policy[]>[];
  /** One for each VM, in the order of the inputs. */
  readonly places: readonly Promise<VmPlace>[];
}

/**
 * Starts to look everything up at the same time.
 *
 * @param readPlace finds out where a VM sits
 */
export function startReading(
  inputs: OpenPortsInputs,
  context: Context,
  readPlace: (vm: VmId) => Promise<VmPlace>,
  limit: Limit,
): Readings {
  const lists = new Map<string, Promise<readonly Policy[]>>();
  const list = (vm: VmId) => {
    const key = `${vm.subscriptionId}/${vm.resourceGroup}`.toLowerCase();
    const listing = lists.get(key) ?? context.jit.listPolicies(vm.subscriptionId, vm.resourceGroup, limit);
    lists.set(key, listing);
    return listing;
  };
  return {
    source: inputs.source === 'agent' ? findAddress(inputs, context, limit) : Promise.resolve(inputs.source),
    policies: inputs.vms.map(list),
    places: inputs.vms.map(readPlace),
  };
}

async function findAddress(inputs: OpenPortsInputs, context: Context, limit: Limit): Promise<RequestSource> {
  const address = await findSourceAddress(context, inputs.ipEchoUrls, limit);
  context.log.line(say.agentAddress(address));
  return [address];
}

/** Whether the run waits for what the rules say. */
export const awaitsRules = ({ waitFor }: OpenPortsInputs): boolean =>
  waitFor === 'rule' || waitFor === 'connection';
