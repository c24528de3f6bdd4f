import assert from 'node:assert/strict';
import { createAgent, type Agent } from './agent/agent';
import { builtVsix } from './agent/builtPackage';
import type { StepOptions } from './agent/job';
import { documentsOf } from './attachments';
import { findLeaksInOutput } from './agent/leaks';
import { createSecrets } from './agent/secrets';
import type { RunningStep, Run } from './agent/step';
import type { Handler } from './agent/taskDefinition';
import type { Kind } from './azure';
import { findWideningsIn, type Started } from './startedRuns';
import { startScenario, type Scenario, type ScenarioOptions } from './scenario';

type Inputs = Readonly<Record<string, string>>;

/** A scenario in which the packaged task can run. */
export interface PackagedStep extends Scenario {
  /** Runs the step to its end, and checks what applies to every run. */
  run(inputs?: Inputs, more?: Partial<StepOptions>): Promise<Run>;
  /** Starts the step. `finished` is checked in the same way. */
  start(inputs?: Inputs, more?: Partial<StepOptions>): RunningStep;
  /** Runs the step again, as an agent does that retries it, and checks it in the same way. */
  retry(run: Run): Promise<Run>;
  /** Runs the post-job step of a run or of a skipped step, and checks that it succeeds and shows only warnings. */
  after(step: Run | StepOptions): Promise<Run>;
  /** Starts the post-job step. `finished` is checked in the same way. */
  startAfter(step: Run | StepOptions): RunningStep;
  /** Runs JavaScript as a later step of a run's job. Returns what it wrote. */
  script(run: Run, code: string): Promise<string>;
}

/** The built package, with an agent to run it. */
export interface PackagedTask {
  /**
   * Starts an Azure whose rules exist immediately, unless the settings override that. It is closed after the test,
   * which fails if the task sent a call that the real Azure does not support, or requested more than anyone wants.
   */
  prepare(options?: ScenarioOptions): Promise<PackagedStep>;
}

/** Must be called in `describe`. Unpacks the built package once, and cleans up after each test. */
export function usePackagedTask(handler: Handler = 'Node20_1', taskFolder?: string): PackagedTask {
  let agent: Agent;
  const open: Scenario[] = [];
  const started = new Map<Scenario, Started[]>();

  before(async () => {
    agent = await createAgent({
      vsix: builtVsix(),
      handler,
      ...(taskFolder !== undefined && { task: taskFolder }),
    });
  });
  afterEach(async () => {
    const scenarios = open.splice(0);
    await Promise.all(scenarios.map((scenario) => scenario.close()));
    for (const { azure } of scenarios) azure.assertNoViolations();
    for (const scenario of scenarios) {
      const runs = started.get(scenario) ?? [];
      // Without sharing, nothing is requested for others, and some tests make Azure open what no one wants.
      if (!runs.some(({ inputs }) => inputs['shareActiveRequests'] === 'true')) continue;
      assert.deepEqual(findWideningsIn(scenario, runs), []);
    }
  });
  after(() => agent.dispose());

  return {
    async prepare(options = {}) {
      const settings = { ruleDelayMs: 0, ...options.settings };
      const scenario = await startScenario({ ...options, settings });
      open.push(scenario);
      const runs: Started[] = [];
      started.set(scenario, runs);
      const start: PackagedStep['start'] = (inputs = {}, more) => {
        runs.push({ inputs, from: scenario.azure.now() });
        return checking(agent.start(forTask(scenario.step(inputs, more), agent)), checked, scenario);
      };
      const startAfter: PackagedStep['startAfter'] = (step) => {
        const running = agent.startPostJob(step);
        assert.ok(running, 'The task has a post-job step.');
        return checking(running, checkedAfter, scenario);
      };
      return {
        ...scenario,
        start,
        run: (inputs, more) => start(inputs, more).finished,
        retry: async (run) => checked(await agent.retry(run), scenario),
        startAfter,
        after: (step) => startAfter(step).finished,
        script: (run, code) => agent.script(run, code),
      };
    },
  };
}

/** The scenario sets a VM and address services for every step. A task does not have inputs for all of them. */
export function forTask(step: StepOptions, { definition }: Agent): StepOptions {
  const foreign = ['vmResourceId', 'ipEchoUrls'].filter(
    (usual) => !definition.inputs.some(({ name }) => name === usual),
  );
  const inputs = Object.entries(step.inputs ?? {}).filter(([name]) => !foreign.includes(name));
  return { ...step, inputs: Object.fromEntries(inputs) };
}

type Check = (run: Run, scenario: Scenario) => Run;

function checking(running: RunningStep, check: Check, scenario: Scenario): RunningStep {
  const finished = running.finished.then((run) => check(run, scenario));
  finished.catch(() => undefined);
  return { ...running, finished };
}

/**
 * Checks what applies to every run: one result, exit code 0, progress that never decreases, and no visible secret. For
 * a run that was killed, only the last two apply.
 */
function checked(run: Run, scenario: Scenario): Run {
  const log = run.log.join('\n');
  if (run.signal !== 'SIGKILL') {
    assert.equal(run.completions, 1, log);
    assert.equal(run.exitCode, 0, log);
  }
  const progress = run.progress.map(({ percent }) => percent);
  assert.deepEqual(
    progress,
    progress.toSorted((a, b) => a - b),
  );
  return withoutLeaks(run, scenario);
}

/** Checks what applies to every post-job step: it never fails the job, and no secret is visible. */
function checkedAfter(run: Run, scenario: Scenario): Run {
  const log = run.log.join('\n');
  assert.equal(run.exitCode, 0, log);
  assert.notEqual(run.result, 'Failed', log);
  assert.deepEqual(
    run.issues.filter(({ type }) => type !== 'warning'),
    [],
  );
  return withoutLeaks(run, scenario);
}

function withoutLeaks(run: Run, { azure }: Scenario): Run {
  const secrets = createSecrets();
  azure.secrets().forEach(secrets.add);
  const shown = [run.rawStderr, ...run.summaries, ...Object.values(run.outputs)].join('\n');
  const leaks = [
    ...findLeaksInOutput('stdout', run.rawStdout, secrets),
    ...findLeaksInOutput('stderr', shown, secrets),
  ];
  assert.deepEqual(leaks, []);
  assert.ok(documentsOf(run).length <= 1, 'A stage attaches one document.');
  return run;
}

/** Asserts that the step succeeded. A failure shows the log. */
export function assertSucceeded(run: Run): void {
  assert.equal(run.result, 'Succeeded', run.log.join('\n'));
}

/**
 * Asserts that the step failed, and that the failure begins with its code and contains every value that a reader needs.
 */
export function assertFailed(run: Run, code: string, ...values: readonly (string | RegExp)[]): void {
  assert.equal(run.result, 'Failed', run.log.join('\n'));
  assert.equal(run.message.slice(0, code.length + 1), `${code}:`, run.message);
  const errors = run.issues.filter(({ type }) => type === 'error');
  assert.deepEqual(
    errors.map(({ message }) => message),
    [run.message],
  );
  assertNames(run.message, ...values);
}

/** Asserts that a text contains every value. IDs are compared without case. */
export function assertNames(text: string, ...values: readonly (string | RegExp)[]): void {
  for (const value of values) {
    const found =
      typeof value === 'string' ? text.toLowerCase().includes(value.toLowerCase()) : value.test(text);
    assert.ok(found, `"${String(value)}" is not in: ${text}`);
  }
}

/** Returns the texts of the warnings on the run's page. */
export const warningsOf = ({ issues }: Run): readonly string[] =>
  issues.filter(({ type }) => type === 'warning').map(({ message }) => message);

/** Asserts that a warning contains all of these values. */
export function assertWarns(run: Run, ...values: readonly string[]): void {
  const warnings = warningsOf(run);
  const found = warnings.some((text) =>
    values.every((value) => text.toLowerCase().includes(value.toLowerCase())),
  );
  assert.ok(found, `No warning names ${values.join(' and ')}: ${warnings.join(' | ') || 'there is none'}`);
}

/** A port in a request as it was sent. */
export interface SentPort {
  readonly number: number;
  readonly endTimeUtc: string;
  readonly allowedSourceAddressPrefix?: string;
  readonly allowedSourceAddressPrefixes?: readonly string[];
}

/** A request for access as it was sent. */
export interface SentRequest {
  readonly virtualMachines: readonly { readonly id: string; readonly ports: readonly SentPort[] }[];
  readonly justification?: string;
}

/** Returns the requests for access that were sent, in order. */
export const requestsOf = ({ azure }: Scenario): readonly SentRequest[] =>
  azure.callsTo('initiate').map(({ body }) => body as SentRequest);

/** Returns all requested ports, over all requests and VMs. */
export const requestedPorts = (scenario: Scenario): readonly SentPort[] =>
  requestsOf(scenario).flatMap(({ virtualMachines }) => virtualMachines.flatMap(({ ports }) => ports));

/** One entry of the output `endpoints`. */
export interface Endpoint {
  readonly vmResourceId: string;
  readonly vmName: string;
  readonly port: number;
  readonly host: string;
  readonly connectPort: number;
  readonly privateIpAddress: string;
  readonly publicIpAddress: string;
  readonly sourceAddresses: readonly string[];
  readonly expiresAtUtc: string;
  readonly status: string;
}

/** Returns the parsed output `endpoints`, or an empty list if it was not set. */
export const endpointsOf = ({ outputs }: Run): readonly Endpoint[] =>
  JSON.parse(outputs['endpoints'] ?? '[]') as readonly Endpoint[];

/** Runs the post-job step, and moves Azure's clock over the seconds until the end that closing requests. */
export function closeAfter(stage: PackagedStep, step: Run | StepOptions): Promise<Run> {
  const { azure } = stage;
  const edit = (body: unknown): unknown => {
    azure.advance(10_000);
    return body;
  };
  azure.faults.next('initiate', { edit });
  return stage.after(step);
}

/** Runs an action when Azure receives the first call of a kind, before it responds. */
export function onFirst({ azure }: Scenario, kind: Kind, act: () => void): void {
  let done = false;
  azure.faults.always((target) => {
    if (target.kind === kind && !done) {
      done = true;
      act();
    }
    return false;
  }, 'pass');
}
