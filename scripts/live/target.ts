import type { Arm } from '../../tasks/shared/azure/arm';
import { withLimit, type Clock } from '../../tasks/shared/core/limits';
import type { VmId } from '../../tasks/shared/core/resourceIds';
import { createPolicyWriter } from '../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/azure/policyWriter';
import type { NetworkGateway } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/azure/networkGateway';
import type { Target } from './bench';

/** What the user names in addition to the VM. */
export type Named = Pick<Target, 'networkWatcherId' | 'outsidePlan'>;

/** Reads the place of the VM and what filters its traffic. Throws a `CodedError`. */
export async function readTarget(
  vm: VmId,
  named: Named,
  arm: Arm,
  network: NetworkGateway,
  clock: Clock,
  signal: AbortSignal,
): Promise<Target> {
  return withLimit(clock, signal, 60_000, async (limit) => {
    const [{ location }, { primaryNicId, nicIds }] = await Promise.all([
      createPolicyWriter(arm).getVm(vm, limit),
      network.getVm(vm, limit),
    ]);
    const nicId = primaryNicId ?? nicIds[0];
    const nic = nicId === undefined ? undefined : await network.getNic(nicId, limit);
    const subnet = nic?.subnetId === undefined ? undefined : await network.getSubnet(nic.subnetId, limit);
    const groups = [
      { at: 'nic' as const, id: nic?.securityGroupId },
      { at: 'subnet' as const, id: subnet?.securityGroupId },
    ];
    return {
      ...{ vm, location, ...named },
      privateAddress: nic?.privateIpAddress?.text,
      groups: groups.flatMap(({ at, id }) => (id === undefined ? [] : [{ at, id }])),
    };
  });
}
