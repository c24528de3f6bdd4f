import type { ManyVms, Vm } from './azure';
import type { PackagedStep } from './packagedTask';
import { anyPort } from './scenario';

/** A filter that matches every VM of a fleet. */
export const FLEET = "tags.fleet == 'a'";
/** The number of entries on a page of every list. */
export const PAGE = 100;
export const QUICK = { settings: { listPageSize: PAGE, initiatingMs: 0 } };

/** Adds VMs with a tag, in groups with one policy each. */
export function addFleet({ azure }: PackagedStep, { count, groups = 1, each }: ManyVms): readonly Vm[] {
  const vms = azure.addManyVms({
    ...{ count, groups },
    each: (index) => ({
      tags: { fleet: 'a' },
      publicIp: `20.50.${String(index >> 8)}.${String(index & 255)}`,
      ...each?.(index),
    }),
  });
  for (const group of new Set(vms.map(({ resourceGroup }) => resourceGroup))) {
    const own = vms.filter(({ resourceGroup }) => resourceGroup === group);
    azure.addPolicy({ name: `jit-${group}`, vms: own.map((vm) => ({ vm, ports: [anyPort(22)] })) });
  }
  return vms;
}

export const byQuery = (more: Readonly<Record<string, string>> = {}) => ({
  ...{ vmResourceId: '', vmQuery: FLEET, maxVms: '5000' },
  ...more,
});

/** Returns the log lines outside collapsed groups. */
export function unfolded(log: readonly string[]): readonly string[] {
  let depth = 0;
  return log.filter((line) => {
    if (line.startsWith('##[group]')) depth += 1;
    if (line.startsWith('##[endgroup]')) depth -= 1;
    return depth === 0;
  });
}
