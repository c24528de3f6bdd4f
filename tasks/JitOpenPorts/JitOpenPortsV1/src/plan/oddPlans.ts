import { oddEntriesOf, type FoundOdd } from '../../../../shared/core/oddEntries';
import type { Violation } from './checkPort';
import type { Planning } from './plan';
import type { OddEntry, Policy } from '../../../../shared/core/policy';
import type { VmId } from '../../../../shared/core/resourceIds';

/**
 * Returns the planning of a VM. If something that is wanted was not found because the VM's own entry in a policy cannot
 * be interpreted, returns that as a violation.
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
    const { rules } = planning;
    return ports === 'all' && unread.length > 0
      ? { kind: 'refused', violations: toViolations(vm, unread), rules }
      : planning;
  }
  const violations = planning.violations.flatMap((violation): readonly Violation[] => {
    const reasons = own.filter(({ entry }) => explains(entry, violation));
    return reasons.length > 0 ? toViolations(vm, reasons) : [violation];
  });
  return { ...planning, violations };
}

function explains({ part, port }: OddEntry, violation: Violation): boolean {
  if (violation.kind === 'noPolicy') return true;
  if (violation.kind !== 'portNotAllowed') return false;
  return part === 'vm' || port === undefined || violation.port === undefined || port === violation.port;
}

const toViolations = (vm: VmId, found: readonly FoundOdd[]): readonly Violation[] =>
  found.map(({ policy, entry: { port, problem } }) => ({ kind: 'oddEntry', vm, policy, port, problem }));
