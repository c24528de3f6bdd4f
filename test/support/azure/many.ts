import type { ActivityLog } from './activity/log';
import { POLICY_TYPE } from './jit/policies';
import type { PolicyHandle } from './jit/service';
import type { NewVm } from './network/vms';

/** A large number of VMs. */
export interface ManyVms {
  readonly count: number;
  /** The number of resource groups, to which VMs are assigned in turn. Default 10. */
  readonly groups?: number;
  /**
   * Returns the differences of a VM by its index, from 0. By default, all VMs are alike, with one NSG for each subnet.
   */
  readonly each?: (index: number) => Partial<NewVm>;
}

/** Describes many VMs: `vm-00000` in `rg-0`, and so on. */
export const describeMany = ({ count, groups = 10, each = () => ({}) }: ManyVms): readonly NewVm[] =>
  Array.from({ length: count }, (_none, index) => ({
    name: `vm-${String(index).padStart(5, '0')}`,
    resourceGroup: `rg-${index % groups}`,
    nicNsg: false,
    subnetNsg: true,
    ...each(index),
  }));

/** A long Activity Log. */
export interface ManyActivities {
  /** The number of entries. Of four, three belong to one request, and one to another operation. */
  readonly count: number;
  /** The number of days up to now over which they are evenly distributed. Default 7. */
  readonly days?: number;
  readonly policy: Pick<PolicyHandle, 'id'>;
}

const DAY_MS = 86_400_000;
const COURSE = ['Started', 'Accepted', 'Succeeded'] as const;

/** Adds many entries. The callers are `person-0@contoso.com` to `person-9@contoso.com`. */
export function logMany(log: ActivityLog, { count, days = 7, policy }: ManyActivities, now: number): void {
  const stepMs = (days * DAY_MS) / count;
  for (let index = 0; index < count; index += 1) {
    const call = Math.floor(index / 4);
    const status = COURSE[index % 4];
    log.add({
      atMs: Math.floor(now - (count - index) * stepMs),
      resourceId: policy.id,
      caller: `person-${call % 10}@contoso.com`,
      operationId: `00000000-0000-4000-8000-${String(call * 2 + (status ? 0 : 1)).padStart(12, '0')}`,
      operation: `${POLICY_TYPE}/${status ? 'initiate/action' : 'write'}`,
      status: status ?? 'Succeeded',
      ...(status !== 'Started' && { statusCode: status === 'Accepted' ? 202 : 200 }),
    });
  }
}
