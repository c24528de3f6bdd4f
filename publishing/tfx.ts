import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';

const TFX = path.join(import.meta.dirname, 'node_modules/tfx-cli/_build/tfx-cli.js');

/**
 * How tfx signs in. It knows no other place for the token than its command line; `pat` is also the type for a token of
 * Microsoft Entra. (https://learn.microsoft.com/azure/devops/extend/publish/command-line)
 */
const signIn = (token: string): string[] => [
  ...['--auth-type', 'pat', '--token', token, '--no-prompt', '--no-color'],
];

/** The arguments with which tfx publishes a package. It does not wait for the validation, which can take 20 minutes. */
export const publishArguments = (vsix: string, token: string): string[] => [
  ...['extension', 'publish', '--vsix', vsix, '--no-wait-validation'],
  ...signIn(token),
];

/** The arguments with which tfx says, as JSON, how far the validation of a package is. */
export const isValidArguments = (vsix: string, version: string, token: string): string[] => [
  ...['extension', 'isvalid', '--vsix', vsix, '--version', version, '--json'],
  ...signIn(token),
];

/** The arguments with which tfx shares a published package with organizations. */
export const shareArguments = (vsix: string, organizations: readonly string[], token: string): string[] => [
  ...['extension', 'share', '--vsix', vsix, '--share-with', ...organizations],
  ...signIn(token),
];

/** Runs tfx with arguments, and gives its output. @throws Error when it fails. */
export type Tfx = (args: readonly string[]) => Promise<string>;

/**
 * Runs tfx. Its errors go to this process's error output.
 *
 * @throws Error when tfx fails. It does not name the arguments, since one of them may be a token.
 */
export const runTfx: Tfx = async (args) => {
  const child = spawn(process.execPath, [TFX, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TFX_TRACE: '0' },
  });
  const [output, [exitCode]] = await Promise.all([
    text(child.stdout),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  if (exitCode === 0) return output;
  process.stderr.write(output);
  throw new Error(`tfx ${args.slice(0, 2).join(' ')} failed with the exit code ${String(exitCode)}.`);
};
