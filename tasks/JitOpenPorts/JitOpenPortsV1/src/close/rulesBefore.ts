import type { SecurityRule } from '../../../../shared/core/network';
import { endOf, withLimit, type Limit } from '../../../../shared/core/limits';
import type { VmId } from '../../../../shared/core/resourceIds';
import { readPlace } from '../open/vmNetwork';
import type { VmPlace } from '../plan/place';
import type { ClosingContext } from './shareReadings';

/** How long reading the rules can delay the end of a request: five seconds. */
const READ_MS = 5000;

/** The network of VMs before anything is requested to close them. */
export interface Before {
  /** Returns the place of a VM in its network, which is read once. Throws a `CodedError`. */
  place(vm: VmId, limit: Limit): Promise<VmPlace>;
  /** The rules that an NSG had then. `undefined` if they were not read in time. */
  rules(groupId: string): readonly SecurityRule[] | undefined;
}

/**
 * Reads the places of VMs and the rules of their NSGs, for at most five seconds. While a request is open, its own rule
 * exists together with any rule that someone made to look like it. After the end of the request, nothing shows which of
 * them is left.
 */
export async function readBefore(
  context: ClosingContext,
  vms: readonly VmId[],
  limit: Limit,
): Promise<Before> {
  const places = new Map<string, Promise<VmPlace>>();
  const place = (vm: VmId, within: Limit): Promise<VmPlace> => {
    const reading = places.get(vm.key) ?? readPlace(context.places, vm, true, within);
    places.set(vm.key, reading);
    return reading;
  };
  const groups = new Map<string, readonly SecurityRule[] | undefined>();
  const readGroups = async (vm: VmId, short: Limit): Promise<void> => {
    const { filter } = await place(vm, limit);
    const ids = (filter?.groups ?? []).map(({ id }) => id).filter((id) => !groups.has(id.toLowerCase()));
    for (const id of ids) groups.set(id.toLowerCase(), undefined);
    await Promise.all(
      ids.map(async (id) => {
        const { rules } = await context.network.getSecurityGroup(id, short);
        groups.set(id.toLowerCase(), rules);
      }),
    );
  };
  await withLimit(context.clock, limit.signal, READ_MS, (short) =>
    // A read that fails here fails again when the rules are checked, and is reported for its port there.
    Promise.race([Promise.allSettled(vms.map((vm) => readGroups(vm, short))), endOf(short)]),
  );
  return { place, rules: (groupId) => groups.get(groupId.toLowerCase()) };
}
