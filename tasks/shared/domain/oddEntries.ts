import type { Planning, Violation } from './plan';
import type { OddEntry, Policy } from './policy';
import type { VmId } from './resourceIds';

/** An entry that makes no sense, with the policy that has it. */
export interface FoundOdd {
  readonly policy: Policy;
  readonly entry: OddEntry;
}

/** The entries of policies that make no sense. */
export const oddEntriesOf = (policies: readonly Policy[]): readonly FoundOdd[] =>
  policies.flatMap((policy) => (policy.odd ?? []).map((entry) => ({ policy, entry })));

/**
 * Whether an entry may be about one of these VMs and ports.
 *
 * @param ports those that are wanted of each VM
 */
export const mayConcern = (
  { part, vmKey, port, mayLastUntil }: OddEntry,
  vms: readonly { readonly key: string }[],
  ports: 'all' | readonly number[],
  azureNow: number,
): boolean =>
  (vmKey === undefined || vms.some(({ key }) => key === vmKey)) &&
  (port === undefined || ports === 'all' || ports.includes(port)) &&
  (part !== 'request' || mayLastUntil > azureNow);

/** Whether a request that cannot be read may hold a port of a VM open now: nobody knows then what stands behind a rule. */
export const mayHoldPort = (
  policies: readonly Policy[],
  vm: { readonly key: string },
  port: number,
  azureNow: number,
): boolean =>
  oddEntriesOf(policies).some(
    ({ entry }) => entry.part === 'request' && mayConcern(entry, [vm], [port], azureNow),
  );

/**
 * The planning of a VM, or that its own entry in a policy makes no sense, where that is why nothing was found or not
 * everything that is wanted.
 */
export function explainByOddEntries(
  planning: Planning,
  vm: VmId,
  policies: readonly Policy[],
  ports: 'all' | readonly number[],
): Planning {
  const own = oddEntriesOf(policies).filter(
    ({ entry: { part, vmKey } }) => vmKey === vm.key && (part === 'vm' || part === 'port'),
  );
  if (planning.kind === 'planned') {
    const { policy } = planning.plan;
    const unread = own.filter((one) => one.policy === policy && one.entry.part === 'port');
    return ports === 'all' && unread.length > 0 ? refused(vm, unread) : planning;
  }
  const violations = planning.violations.flatMap((violation): readonly Violation[] => {
    const reasons = own.filter(({ entry }) => explains(entry, violation));
    return reasons.length > 0 ? toViolations(vm, reasons) : [violation];
  });
  return { kind: 'refused', violations };
}

function explains({ part, port }: OddEntry, violation: Violation): boolean {
  if (violation.kind === 'noPolicy') return true;
  if (violation.kind !== 'portNotAllowed') return false;
  return part === 'vm' || port === undefined || violation.port === undefined || port === violation.port;
}

const refused = (vm: VmId, found: readonly FoundOdd[]): Planning => ({
  kind: 'refused',
  violations: toViolations(vm, found),
});

const toViolations = (vm: VmId, found: readonly FoundOdd[]): readonly Violation[] =>
  found.map(({ policy, entry: { port, problem } }) => ({ kind: 'oddEntry', vm, policy, port, problem }));
