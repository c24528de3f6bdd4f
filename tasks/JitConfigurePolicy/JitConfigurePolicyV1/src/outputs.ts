import type { StepOutputs } from '../../../shared/core/outputs';
import type { PortDifference } from './plan/policyPorts';
import { textsOf } from '../../../shared/core/prefixes';
import type { PortRule } from '../../../shared/core/policy';
import { formatIsoDuration } from '../../../shared/core/durations';
import { partSigns } from '../../../shared/core/text';
import { allDifferences } from './plan/allDifferences';
import type { Configured } from './plan/results';

/**
 * Returns the outputs of a run: `policyIds`; `changed`, true or false; `diff` with an entry for each VM, even if
 * nothing differs, in the order of the inputs.
 */
export function toOutputs(configured: Configured): StepOutputs {
  const { results } = configured;
  return {
    texts: { changed: String(results.some(({ changed }) => changed)) },
    // A name can contain a command for the agent, which must not run when a step prints the output.
    lists: { policyIds: results.map(({ ref }) => partSigns(ref.id, '%23')) },
    table: { name: 'diff', entries: toDifferences(configured) },
  };
}

/** Returns the difference of each VM, in the order of the inputs. */
export const toDifferences = (configured: Configured) =>
  allDifferences(configured).map(({ vm, change, ports, ref }) => ({
    vmResourceId: vm.id,
    vmName: vm.name,
    policyId: ref?.id ?? '',
    change,
    ports: ports.map(toEntry),
  }));

const toEntry = ({ before, after }: PortDifference) => ({
  port: (after ?? before)?.port ?? null,
  before: before ? toRule(before) : null,
  after: after ? toRule(after) : null,
});

const toRule = ({ port, protocol, sources, maxDurationMs }: PortRule) => ({
  ...{
    port,
    protocol,
    sources: textsOf(sources),
    maxRequestAccessDuration: formatIsoDuration(maxDurationMs),
  },
});
