import { nameIn } from '../../../../shared/core/resourceIds';
import { groupBy } from '../../../../shared/core/groupBy';
import { entriesOf, keyOf } from './policyChange';
import type { Json } from '../../../../shared/core/json';

/** A VM that one reading of a policy shows and another does not, with its whole entry, or with some ports only. */
export interface MissingPart {
  readonly entry: Json;
  /** The ports that are missing; absent when the whole VM is. */
  readonly ports?: readonly Json[];
}

/** What `earlier` shows and `later` does not. More VMs or ports, and other fields of them, are nothing missing. */
export function missingParts(earlier: Json | undefined, later: Json | undefined): readonly MissingPart[] {
  // A policy may list a VM more than once, and entries without an id cannot be told apart.
  const others = groupBy(entriesOf(later), keyOf);
  return entriesOf(earlier).flatMap((entry): readonly MissingPart[] => {
    const same = others.get(keyOf(entry));
    if (!same) return [{ entry }];
    const kept = same.flatMap(portsOf).map(portKey);
    const ports = portsOf(entry).filter((port) => !kept.includes(portKey(port)));
    return ports.length > 0 ? [{ entry, ports }] : [];
  });
}

/** The VMs and ports of `one` that `other` has as well: what is there whichever of the two holds. */
export function commonParts(one: Json | undefined, other: Json | undefined): Json {
  const missing = new Map(missingParts(one, other).map((part) => [part.entry, part]));
  const virtualMachines = entriesOf(one).flatMap((entry) => {
    const part = missing.get(entry);
    if (!part) return [entry];
    return part.ports
      ? [{ ...entry, ports: portsOf(entry).filter((port) => !part.ports?.includes(port)) }]
      : [];
  });
  return { properties: { virtualMachines } };
}

/** The name of the VM in an entry, for messages. */
export const entryName = ({ id }: Json): string =>
  typeof id === 'string' ? nameIn(id) : 'a VM without an ID';

const portsOf = (entry: Json): readonly Json[] => {
  const { ports } = entry;
  return Array.isArray(ports)
    ? ports.filter((port): port is Json => typeof port === 'object' && port !== null)
    : [];
};

/** Number and protocol: one number may be there twice, for TCP and for UDP. */
const portKey = ({ number, protocol }: Json): string => JSON.stringify([number, protocol]).toLowerCase();
