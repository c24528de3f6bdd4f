import { spawnSync } from 'node:child_process';
import type { Ended } from './wine';

/** Files that also pass under Wine 8. If the time is not sufficient, the last ones are not run. */
export const KNOWN = [
  ...['files', 'bypassList', 'cleanEnvironment', 'clock', 'routes'].map(
    (name) => `test/unit/host/${name}.test.ts`,
  ),
  ...['agentEnvironment', 'agentCancelling'].map((name) => `test/unit/support/${name}.test.ts`),
  ...[
    ...['temporaryFolder', 'reportFolder', 'outputs', 'configureTrouble', 'reportTrouble'],
    ...['cancellation', 'inputs', 'report', 'proxy', 'connections', 'closing'],
  ].map((name) => `test/e2e/${name}.test.ts`),
] as const;

/** The result of one file. `wine` means that it did not finish, which is not a problem of the product. */
export type Verdict = 'passed' | 'failed' | 'wine';

/**
 * Evaluates mocha's summary. A file without a summary, or one that was stopped without a failure, only indicates a
 * problem of Wine.
 */
export function judge({ code, output }: Ended): Verdict {
  if (/^ +[1-9]\d* failing/m.test(output)) return output.includes('wineserver crashed') ? 'wine' : 'failed';
  return code === 0 && /^ +[1-9]\d* passing/m.test(output) ? 'passed' : 'wine';
}

/** The time limit of one file, so that a file that hangs leaves time for the others. */
const LONGEST_FILE_MS = 120_000;

/** Runs files one after the other while there is time, and a failed one twice, for `.ci/run`. */
export function runLeg(
  files: readonly string[],
  runFile: (file: string, timeoutMs: number) => Ended,
  leftMs: () => number,
): ReadonlyMap<string, Verdict | 'notReached'> {
  const verdicts = new Map<string, Verdict | 'notReached'>();
  for (const file of files) {
    const once = (): Verdict | 'notReached' =>
      leftMs() > 0 ? judge(runFile(file, Math.min(leftMs(), LONGEST_FILE_MS))) : 'notReached';
    const first = once();
    // Wine can cause failures too, so only a repeated failure belongs to the product.
    verdicts.set(file, first === 'failed' && once() !== 'failed' ? 'wine' : first);
  }
  return verdicts;
}

/** Summarizes all results in one line. */
export function describeLeg(verdicts: ReadonlyMap<string, Verdict | 'notReached'>): string {
  const named = (wanted: string): string => {
    const files = [...verdicts].filter(([, verdict]) => verdict === wanted).map(([file]) => file);
    return files.length === 0 ? '' : `${String(files.length)} (${files.join(', ')})`;
  };
  const passed = [...verdicts.values()].filter((verdict) => verdict === 'passed').length;
  const parts = [
    `${String(passed)} of ${String(verdicts.size)} files passed`,
    named('failed') && `failed: ${named('failed')}`,
    named('wine') && `failed because of Wine: ${named('wine')}`,
    named('notReached') && `not run, no time left: ${named('notReached')}`,
  ];
  return `The Windows leg: ${parts.filter(Boolean).join('; ')}.`;
}

/** Installs Wine if that is possible without a prompt: as root, with apt-get. */
export function installWine(): void {
  if (process.getuid?.() !== 0) return;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const options = { env, stdio: 'ignore', timeout: 180_000 } as const;
  spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'wine', 'wine64'], options);
}

export const endsWell = (verdicts: ReadonlyMap<string, Verdict | 'notReached'>): boolean =>
  ![...verdicts.values()].includes('failed');
