import type { PortDifference } from '../../../shared/domain/policyChange';
import type { PortRule } from '../../../shared/domain/policy';
import { formatIsoDuration } from '../../../shared/domain/durations';
import type { Configured } from './configurePolicy';

/** The outputs of a run by name, as text: `policyIds` by comma; `changed` true or false; `diff` a JSON array. */
export type Outputs = Readonly<Record<'policyIds' | 'changed' | 'diff', string>>;

/** Turns what was found and changed into outputs. `diff` has an object for each VM, also where nothing differs. */
export function toOutputs({ results, uncovered }: Configured): Outputs {
  const listed = results.flatMap(({ ref, differences }) =>
    differences.map(({ vm, change, ports }) => ({
      vmResourceId: vm.id,
      vmName: vm.name,
      policyId: ref.id,
      change,
      ports: ports.map(toEntry),
    })),
  );
  const unlisted = uncovered.map((vm) => ({
    ...{ vmResourceId: vm.id, vmName: vm.name, policyId: '', change: 'none', ports: [] },
  }));
  return {
    policyIds: results.map(({ ref }) => ref.id).join(','),
    changed: String(results.some(({ changed }) => changed)),
    diff: JSON.stringify([...listed, ...unlisted]),
  };
}

const toEntry = ({ before, after }: PortDifference) => ({
  port: (after ?? before)?.port ?? null,
  before: before ? toRule(before) : null,
  after: after ? toRule(after) : null,
});

const toRule = ({ port, protocol, sources, maxDurationMs }: PortRule) => ({
  ...{ port, protocol, sources, maxRequestAccessDuration: formatIsoDuration(maxDurationMs) },
});
