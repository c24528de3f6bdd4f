import { changePolicy, rulesFor } from './plan/policyChange';
import { withLimit, type Limit } from '../../../shared/core/limits';
import * as say from './messages/policies';
import { logEach } from '../../../shared/core/crowd';
import { selectVms } from '../../../shared/task/selectVms';
import { logCheckList } from '../../../shared/task/checkList';
import { applyChange } from './write/applyChange';
import { checkWriting } from './write/checkWriting';
import type { ConfigureInputs } from './plan/inputs';
import { readPolicy } from './write/readPolicy';
import { findVms, withoutGoneVms } from './find/findVms';
import { findTargets } from './find/targets';
import { type Target } from './plan/target';
import { logOpened, warnOfUnprotected } from './protection/reportProtection';
import type { ConfigureContext } from './context';
import type { Written } from './plan/written';
import type { Configured, PolicyResult } from './plan/results';
import { requirePorts, logChange, warnOfGoneVms } from './write/reportChange';

/** How long reading can take, including every pause that Azure requires, in milliseconds: two minutes. */
const READ_MS = 120_000;

/**
 * Runs the workflow: reads, compares, shows the difference, writes each policy, and waits until it is in place. Throws
 * a `CodedError` if nothing was written. A dry run ends after the difference, with a check of the rights that writing
 * needs.
 */
export async function configurePolicy(
  inputs: ConfigureInputs,
  context: ConfigureContext,
  written: Written,
): Promise<Configured> {
  const { log, clock, signal } = context;
  log.progress(5, 'Reading policies');
  const selected = inputs.query && (await selectVms(context, inputs.query));
  if (selected?.length === 0) return { vms: [], results: [], uncovered: [], failures: [], checks: [] };
  const { vms, targets, uncovered, elsewhere } = await withLimit(clock, signal, READ_MS, async (limit) => {
    const vms = selected
      ? await withoutGoneVms(inputs, selected, context, limit)
      : await findVms(inputs, context, limit);
    log.line(say.reading(vms));
    const found = await findTargets(inputs, vms, context, limit);
    // A real run reads each policy again before it writes. A dry run must find the same.
    if (!inputs.dryRun) return { vms, ...found };
    return {
      ...{ vms, ...found },
      targets: await Promise.all(found.targets.map((one) => readTarget(context, one, limit))),
    };
  });
  log.progress(30, 'Comparing');
  const changes = targets.map((target) => {
    const change = changePolicy(target.stored?.body, target.wanted);
    logChange(context, target, change);
    return change;
  });
  changes.forEach(requirePorts);
  const covered = targets.flatMap(({ wanted }, index) =>
    wanted.action === 'ensure'
      ? wanted.vms.map(({ vm }) => ({ vm, ports: rulesFor(changes[index]?.body, vm) }))
      : [],
  );
  await warnOfUnprotected(context, covered);
  const unchanged = uncovered.map((vm) => ({ vm, change: 'none', ports: [] }) as const);
  logEach(log, say.notInPolicies(uncovered.length), unchanged, (one) => say.differenceLines(one).join());
  const results = targets.map(({ ref }, index): PolicyResult => ({
    ...{ ref, changed: false, differences: changes[index]?.differences ?? [] },
  }));
  if (inputs.dryRun) {
    const planned = targets.flatMap((target, index) => {
      const change = changes[index];
      return change ? [{ target, change }] : [];
    });
    const checks = await checkWriting(context, planned);
    await logOpened(
      context,
      results.flatMap(({ differences }) => differences),
      [...covered, ...elsewhere],
    );
    if (checks.length > 0) logCheckList(log, checks);
    log.line(say.policyDryRunDone);
    const failures = checks.flatMap(({ failure }) => failure ?? []);
    return { vms, results, uncovered, failures, checks };
  }
  log.progress(40, 'Writing policies');
  // Every write runs to its end, whatever the result of the others is.
  const settled = await Promise.allSettled(
    targets.map((target) => applyChange(context, target, written, inputs.waitTimeoutMs)),
  );
  const outcomes = settled.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
  if (outcomes.every(({ changed, failure }) => !changed && !failure)) log.line(say.nothingDiffers);
  const isAsBefore = ({ changed, failure }: PolicyResult) => !changed && failure !== undefined;
  const differencesOf = (some: readonly PolicyResult[]) => some.flatMap(({ differences }) => differences);
  // A policy that could not be written still has its ports.
  const kept = differencesOf(outcomes.filter(isAsBefore)).map(({ vm, ports }) => ({
    ...{ vm, ports: ports.flatMap(({ before }) => before ?? []) },
  }));
  const done = outcomes.filter((outcome) => !isAsBefore(outcome));
  await logOpened(context, differencesOf(done), [...covered, ...elsewhere, ...kept]);
  return {
    vms,
    results: done,
    uncovered,
    checks: [],
    failures: outcomes.flatMap(({ failure }) => failure ?? []),
  };
}

/**
 * Reads the policy again if it is to be changed, from its own response and, if necessary, the list. Warns of what is
 * gone from it.
 */
async function readTarget(context: ConfigureContext, target: Target, limit: Limit): Promise<Target> {
  const { ref, stored, wanted } = target;
  if (changePolicy(stored?.body, wanted).kind === 'none') return target;
  const reading = await readPolicy(context, ref, stored?.body, limit);
  warnOfGoneVms(context, target, reading);
  return { ...target, stored: reading.stored };
}
