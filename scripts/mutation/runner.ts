import { PluginKind, commonTokens, declareClassPlugin } from '@stryker-mutator/api/plugin';
import type { InstrumenterContext, StrykerOptions } from '@stryker-mutator/api/core';
import {
  DryRunStatus,
  TestStatus,
  determineHitLimitReached,
  toMutantRunResult,
  type DryRunOptions,
  type DryRunResult,
  type MutantRunOptions,
  type MutantRunResult,
  type TestResult,
  type TestRunner,
} from '@stryker-mutator/api/test-runner';
import Mocha from 'mocha';

/**
 * The option with the test files. Stryker's own, `testFiles`, does not work with code that runs while files are loaded.
 */
export const TESTS = 'mochaFiles';

/** The time limit of a test. A mutant that leaves a test waiting dies by this, and its process continues. */
const TEST_MS = 30_000;

/** The context that instrumented code reads and writes. */
const instrumented = (): InstrumenterContext =>
  ((globalThis as { __stryker__?: InstrumenterContext }).__stryker__ ??= {});

/** Stryker reports the progress, so Mocha does not. */
const Silence = function () {
  return;
};

/** Mocha's own setting only applies to suites that do not exist yet. */
function setBail(suite: Mocha.Suite, bail: boolean): void {
  suite.bail(bail);
  for (const one of suite.suites) setBail(one, bail);
}

/** Runs the tests in the process with the instrumented files. Stryker's own runner does not support Mocha 12. */
class MochaRunner implements TestRunner {
  static readonly inject = [commonTokens.options] as [typeof commonTokens.options];
  private readonly mocha: Mocha;
  private isLoaded = false;

  constructor(options: StrykerOptions) {
    this.mocha = new Mocha({ reporter: Silence as unknown as Mocha.ReporterConstructor, timeout: TEST_MS });
    this.mocha.cleanReferencesAfterRun(false);
    for (const file of options[TESTS] as readonly string[]) this.mocha.addFile(file);
  }

  capabilities() {
    // A loaded module is not loaded again, so code that runs while files are loaded needs a separate process.
    return { reloadEnvironment: false };
  }

  async dryRun({ disableBail }: DryRunOptions): Promise<DryRunResult> {
    this.mocha.suite.beforeEach(function () {
      const title = this.currentTest?.fullTitle();
      if (title !== undefined) instrumented().currentTestId = title;
    });
    const result = await this.run(disableBail, undefined);
    const { mutantCoverage } = instrumented();
    return result.status === DryRunStatus.Complete && mutantCoverage ? { ...result, mutantCoverage } : result;
  }

  async mutantRun(options: MutantRunOptions): Promise<MutantRunResult> {
    const { testFilter, hitLimit, activeMutant, mutantActivation, disableBail } = options;
    const names = new Set(testFilter);
    const filter = { test: (title: string) => !testFilter || names.has(title) };
    (this.mocha as unknown as { options: { grep: typeof filter } }).options.grep = filter;
    const context = instrumented();
    delete context.hitLimit;
    delete context.hitCount;
    if (hitLimit !== undefined) Object.assign(context, { hitLimit, hitCount: 0 });
    if (mutantActivation === 'static') context.activeMutant = activeMutant.id;
    return toMutantRunResult(await this.run(disableBail, activeMutant.id));
  }

  private async run(disableBail: boolean, mutant: string | undefined): Promise<DryRunResult> {
    const context = instrumented();
    try {
      if (!this.isLoaded) await this.mocha.loadFilesAsync();
      this.isLoaded = true;
      if (mutant === undefined) delete context.activeMutant;
      else context.activeMutant = mutant;
      setBail(this.mocha.suite, !disableBail);
      const tests = await this.runTests();
      const overLimit = determineHitLimitReached(context.hitCount, context.hitLimit);
      return overLimit ?? { status: DryRunStatus.Complete, tests };
    } catch (error) {
      return { status: DryRunStatus.Error, errorMessage: String(error) };
    }
  }

  private runTests(): Promise<TestResult[]> {
    const tests: TestResult[] = [];
    return new Promise((resolve) => {
      const runner = this.mocha.run(() => {
        resolve(tests);
      });
      const read = (test: Mocha.Runnable) => ({
        id: test.fullTitle(),
        name: test.fullTitle(),
        timeSpentMs: test.duration ?? 0,
      });
      runner.on('pass', (test) => tests.push({ ...read(test), status: TestStatus.Success }));
      runner.on('fail', (test, error) => {
        tests.push({ ...read(test), status: TestStatus.Failed, failureMessage: String(error) });
      });
    });
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'mocha', MochaRunner)];
