import { groupBy } from '../../../../shared/core/groupBy';

interface ListedPort {
  readonly vmId: string;
  readonly vmName: string;
  readonly port: number;
}

/** A port of a VM, with the findings over one version of IP or over both. */
export interface JoinedPort<T> {
  readonly vmName: string;
  readonly port: number;
  readonly over: readonly T[];
}

/** Returns each port of each VM once, in their order. The lists of the report have an entry for each version of IP. */
export const joinVersions = <T extends ListedPort>(ports: readonly T[]): readonly JoinedPort<T>[] =>
  [...groupBy(ports, ({ vmId, port }) => `${vmId.toLowerCase()} ${String(port)}`).values()].flatMap(
    ([first, ...others]) =>
      first ? [{ vmName: first.vmName, port: first.port, over: [first, ...others] }] : [],
  );
