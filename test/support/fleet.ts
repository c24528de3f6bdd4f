import type { ManyVms, Vm } from './azure';
import type { PackagedStep } from './packagedTask';
import { anyPort } from './scenario';

/** A filter that every VM of a fleet passes. */
export const FLEET = "tags.fleet == 'a'";
/** A page of every list has so many entries. */
export const PAGE = 100;
export const QUICK = { settings: { listPageSize: PAGE, initiatingMs: 0 } };

/** VMs with a tag, in groups with a policy for each. */
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

/** What the log shows outside of folded parts. */
export function unfolded(log: readonly string[]): readonly string[] {
  let depth = 0;
  return log.filter((line) => {
    if (line.startsWith('##[group]')) depth += 1;
    if (line.startsWith('##[endgroup]')) depth -= 1;
    return depth === 0;
  });
}
