import { entriesOf, keyOf } from '../plan/policyChange';
import { groupBy } from '../../../../shared/core/groupBy';
import type { Json } from '../../../../shared/core/json';
import { parseVmId, type VmId } from '../../../../shared/core/resourceIds';
import { isAbsence } from '../../../../shared/core/codes';
import { CodedError } from '../../../../shared/core/errors';
import type { Limit } from '../../../../shared/core/limits';
import type { ConfigureContext } from '../context';

/** Which VMs of a policy no longer exist. */
export interface GoneVms {
  readonly gone: readonly VmId[];
  /** Why some of the VMs could not be checked. */
  readonly trouble: CodedError | undefined;
}

/**
 * Finds the VMs of a policy that no longer exist, according to both the list of their group and their own IDs. One
 * response is not sufficient to remove just-in-time access from another owner's VM. What cannot be read is not gone.
 *
 * @param own keys of the VMs of this run, which are not checked
 */
export async function findGoneVms(
  { policies }: ConfigureContext,
  policy: Json,
  own: readonly string[],
  limit: Limit,
): Promise<GoneVms> {
  const ownKeys = new Set(own);
  const vms = entriesOf(policy)
    .filter((entry) => !ownKeys.has(keyOf(entry)))
    .flatMap(({ id }) => (typeof id === 'string' ? (parseVmId(id) ?? []) : []));
  const groups = groupBy(vms, (vm) => `${vm.subscriptionId}/${vm.resourceGroup}`.toLowerCase());
  let trouble: CodedError | undefined;
  const noting = (error: unknown): CodedError => {
    if (!(error instanceof CodedError)) throw error;
    if (!isAbsence(error)) trouble ??= error;
    return error;
  };
  const gone = [...groups.values()].map(async (members) => {
    const [first] = members;
    if (!first) return [];
    const listed = await policies.listVms(first.subscriptionId, first.resourceGroup, limit).catch(noting);
    if (listed instanceof CodedError && !isAbsence(listed)) return [];
    const there = new Set(listed instanceof CodedError ? [] : listed.map(({ key }) => key));
    const missing = members.filter(({ key }) => !there.has(key));
    const answers = await Promise.all(missing.map((vm) => policies.getVm(vm, limit).catch(noting)));
    return missing.filter((_vm, index) => {
      const answer = answers[index];
      return answer instanceof CodedError && isAbsence(answer);
    });
  });
  return { gone: (await Promise.all(gone)).flat(), trouble };
}
