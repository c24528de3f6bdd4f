import type { ConfiguredPolicy, Content } from '../../../shared/document/document';
import { toShown } from '../../../shared/task/checkList';
import { toDifferences } from './outputs';
import type { Configured, PolicyResult } from './plan/results';
import { splitWritten, type Written } from './plan/written';

/**
 * Returns what the run's tab shows of a step that configures policies. Without an outcome, this is what was written so
 * far.
 *
 * @param dryRun whether the content describes what a real run would change
 */
export function toPolicyContent(
  configured: Configured | undefined,
  written: Written,
  dryRun: boolean,
): Content {
  const policies = configured ? configured.results.map(toPolicy(written)) : toWritten(written);
  const checks = (configured?.checks ?? []).map(toShown);
  const vms = configured
    ? toDifferences(configured).map(({ vmResourceId, ...rest }) => ({ vmId: vmResourceId, ...rest }))
    : [];
  if (policies.length === 0 && vms.length === 0) return { kind: 'none' };
  return { kind: 'policies', dryRun, policies, vms, checks };
}

const toPolicy =
  ({ underWay }: Written) =>
  ({ ref, changed, failure }: PolicyResult): ConfiguredPolicy => {
    const state = underWay.has(ref.id) ? 'unknown' : failure ? 'failed' : changed ? 'changed' : 'unchanged';
    return { id: ref.id, name: ref.name, state };
  };

function toWritten(written: Written): readonly ConfiguredPolicy[] {
  const { changed, pending } = splitWritten(written);
  return [
    ...changed.map(({ id, name }) => ({ id, name, state: 'changed' as const })),
    ...pending.map(({ id, name }) => ({ id, name, state: 'unknown' as const })),
  ];
}
