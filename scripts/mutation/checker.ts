import type { Checker, CheckResult } from '@stryker-mutator/api/check';
import type { Mutant, Position, StrykerOptions } from '@stryker-mutator/api/core';
import { commonTokens, declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../stage';
import { createTypeCheck, type TypeCheck } from './types';

/** In this API, Stryker counts lines and columns from 0, and in its results from 1. */
const fromOne = ({ line, column }: Position) => ({ line: line + 1, column: column + 1 });

/** Excludes mutants that are not valid TypeScript before any test runs. */
class TypeChecker implements Checker {
  static readonly inject = [commonTokens.options] as [typeof commonTokens.options];
  private readonly types: TypeCheck;

  constructor({ mutate }: StrykerOptions) {
    this.types = createTypeCheck(mutate);
  }

  init(): Promise<void> {
    return Promise.resolve();
  }

  check(mutants: Mutant[]): Promise<Record<string, CheckResult>> {
    return Promise.resolve(Object.fromEntries(mutants.map((one) => [one.id, this.checkOne(one)])));
  }

  private checkOne({ fileName, location: { start, end }, replacement }: Mutant): CheckResult {
    const location = { start: fromOne(start), end: fromOne(end) };
    const file = path.relative(ROOT, fileName);
    const isRefused = this.types.isRefused({ file, location, replacement }, readFileSync(fileName, 'utf8'));
    // Stryker's results are an enum that only exists in its types.
    const result: unknown = isRefused
      ? { status: 'compileError', reason: 'It is not valid TypeScript.' }
      : { status: 'passed' };
    return result as CheckResult;
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.Checker, 'types', TypeChecker)];
