import { withLimit, type Limit } from '../../../../shared/core/limits';
import type { VmId } from '../../../../shared/core/resourceIds';
import type { NetworkGateway } from '../azure/networkGateway';
import type { Context } from '../context';
import type { Findings, VmFindings } from '../plan/findings';
import type { OpenPortsInputs } from '../plan/inputs';
import type { VmPlace } from '../plan/place';
import { isPublicSource, privateHostOf, type PrivateHost } from '../plan/privateHost';
import { readElsewhere } from './elsewhere';

/** How long reading other public addresses can take: ten seconds. */
const READ_MS = 10_000;

/** A VM whose host the sources might not be able to reach. */
export interface DoubtfulHost {
  readonly vm: VmId;
  readonly host: PrivateHost;
}

/**
 * Returns the VMs whose `host` is a private address although the sources are public, in the order of the inputs. Other
 * IP configurations and network interfaces are read only for VMs without a public address there. A VM is left out if
 * its sources are not known to be public, if it is behind Azure Firewall, or if `probeHost` is set. Rejects only with
 * bugs: what cannot be read is reported as such.
 *
 * @param within ends the reads early; the result then has what is known so far
 */
export async function findPrivateHosts(
  { network, clock, signal }: Pick<Context, 'network' | 'clock' | 'signal'>,
  { probeHost }: Pick<OpenPortsInputs, 'probeHost'>,
  { source, vms }: Findings,
  within: AbortSignal = signal,
): Promise<readonly DoubtfulHost[]> {
  if (probeHost !== '' || source.kind === 'failed' || !isPublicSource(source.value)) return [];
  const places = vms.filter((one) => !hasFirewall(one)).flatMap(({ place }) => found(place));
  return withLimit(clock, within, READ_MS, async (limit) => {
    const hosts = await Promise.all(
      places.map(async (place): Promise<DoubtfulHost | undefined> => {
        const host = await readHost(network, place, limit);
        return host && { vm: place.vm, host };
      }),
    );
    // What a canceled run did not read says nothing.
    return signal.aborted ? [] : hosts.flatMap((one) => one ?? []);
  });
}

const found = (place: VmFindings['place']): readonly VmPlace[] =>
  place.kind === 'found' ? [place.value] : [];

/** Whether the policy names a firewall for the VM. Also true if no policy lists the VM, because then it is unknown. */
const hasFirewall = ({ planning }: VmFindings): boolean =>
  planning?.kind !== 'found' ||
  planning.value.kind !== 'planned' ||
  planning.value.plan.vm.publicIpAddress !== undefined;

async function readHost(
  network: NetworkGateway,
  place: VmPlace,
  limit: Limit,
): Promise<PrivateHost | undefined> {
  const known = privateHostOf(place);
  if (known?.kind !== 'unknown') return known;
  const { privateIpAddress, powerState } = place;
  const elsewhere = await readElsewhere(network, place, limit);
  return { kind: 'elsewhere', host: privateIpAddress?.text ?? '', powerState, ...elsewhere };
}
