import { nameIn } from '../../../../shared/core/resourceIds';
import { groupBy } from '../../../../shared/core/groupBy';
import { entriesOf, keyOf } from './policyChange';
import type { Json } from '../../../../shared/core/json';

/**
 * A VM that one reading of a policy shows and another does not: with its whole entry, or with some of its ports only.
 */
export interface MissingPart {
  readonly entry: Json;
  /** The missing ports; absent if the whole VM is missing. */
  readonly ports?: readonly Json[];
}

/**
 * Returns what `earlier` shows and `later` does not. Additional VMs or ports, and changes of other fields, do not
 * count.
 */
export function missingParts(earlier: Json | undefined, later: Json | undefined): readonly MissingPart[] {
  // A policy can list a VM more than once, and entries without an ID cannot be distinguished.
  const others = groupBy(entriesOf(later), keyOf);
  return entriesOf(earlier).flatMap((entry): readonly MissingPart[] => {
    const same = others.get(keyOf(entry));
    if (!same) return [{ entry }];
    const kept = same.flatMap(portsOf).map(portKey);
    const ports = portsOf(entry).filter((port) => !kept.includes(portKey(port)));
    return ports.length > 0 ? [{ entry, ports }] : [];
  });
}

/** Returns the VMs and ports that both `one` and `other` have: they are present whichever of the two is current. */
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

/** Returns the name of the VM in an entry, for messages. */
export const entryName = ({ id }: Json): string =>
  typeof id === 'string' ? nameIn(id) : 'a VM without an ID';

const portsOf = (entry: Json): readonly Json[] => {
  const { ports } = entry;
  return Array.isArray(ports)
    ? ports.filter((port): port is Json => typeof port === 'object' && port !== null)
    : [];
};

/** Number and protocol: a number can occur twice, for TCP and for UDP. */
const portKey = ({ number, protocol }: Json): string => JSON.stringify([number, protocol]).toLowerCase();
