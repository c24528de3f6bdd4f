import { findLeaksInOutput } from './agent/leaks';
import { createSecrets } from './agent/secrets';
import type { Run } from './agent/step';
import type { Kind } from './azure';
import { names } from './openings';
import type { Scenario } from './scenario';

type Grant = ReturnType<Scenario['policy']['liveGrants']>[number];

/**
 * Finds the guarantees that a run of the step broke. They apply whatever Azure does.
 *
 * @param kind the call that gets the fault, and must have been sent
 */
export function findBreaches(scenario: Scenario, run: Run, kind?: Kind): readonly string[] {
  const grants = scenario.policy.liveGrants();
  return [
    ...breachesOfEveryStep(scenario, run, kind),
    ...when(run.completions !== 1, `${String(run.completions)} results were set.`),
    ...when(grants.length > 1, `Access was asked for ${String(grants.length)} times.`),
    ...grants.flatMap((grant) => when(!says(run, grant), `A port was left open, and nothing says so.`)),
  ];
}

/** Does the same for the post-job step, which must neither fail nor show an error. */
export function findBreachesAfterJob(scenario: Scenario, run: Run, kind: Kind): readonly string[] {
  const grants = scenario.policy.liveGrants();
  const rules = [scenario.vm.nicNsg, scenario.vm.subnetNsg].flatMap((group) => group?.jitAllowRules() ?? []);
  const open = rules.length > 0;
  return [
    ...breachesOfEveryStep(scenario, run, kind),
    ...when(run.completions > 1 || run.result !== 'Succeeded', `The stage ended as ${run.result}.`),
    ...when(
      run.issues.some(({ type }) => type === 'error'),
      'The stage shows an error.',
    ),
    ...when(open && run.issues.length === 0, 'A port was left open, and no warning says so.'),
    ...(open ? grants : []).flatMap((grant) =>
      when(!says(run, grant), 'No warning names the port that stays open, and its end.'),
    ),
  ];
}

function breachesOfEveryStep({ azure }: Scenario, run: Run, kind: Kind | undefined): readonly string[] {
  const secrets = createSecrets();
  azure.secrets().forEach(secrets.add);
  const output = `${run.rawStdout}\n${run.rawStderr}`;
  const other = [...run.summaries, ...Object.values(run.outputs), ...Object.values(run.taskVariables)];
  return [
    ...azure.violations,
    ...findLeaksInOutput('stdout', output, secrets),
    ...findLeaksInOutput('stdout', other.join('\n'), secrets),
    ...(kind === undefined
      ? []
      : when(azure.callsTo(kind).length === 0, `No ${kind} was asked, so that nothing was tried.`)),
    ...when(run.exitCode !== 0, `The exit code was ${String(run.exitCode)}.`),
    ...when(/^\s+at .+:\d+/m.test(output), 'A stack trace was shown.'),
    ...when(output.includes('JIT901'), 'The task took the trouble for a bug of its own.'),
  ];
}

const when = (broken: boolean, sentence: string): readonly string[] => (broken ? [sentence] : []);

/** Whether the outputs, the error, or a warning name the port and an end that is not before the real one. */
function says(run: Run, grant: Grant): boolean {
  const texts = [run.message, ...run.issues.map(({ message }) => message), run.outputs['endpoints'] ?? ''];
  return texts.some((text) => names(text, grant));
}
