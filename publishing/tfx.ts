import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';

const TFX = path.join(import.meta.dirname, 'node_modules/tfx-cli/_build/tfx-cli.js');

/**
 * How tfx signs in. It accepts the token only on its command line, and `pat` is also the type for a Microsoft Entra
 * token. (https://learn.microsoft.com/azure/devops/extend/publish/command-line)
 */
const signIn = (token: string): string[] => [
  ...['--auth-type', 'pat', '--token', token, '--no-prompt', '--no-color'],
];

/**
 * Returns the arguments of tfx to publish a package. It does not wait for the validation, which can take 20 minutes.
 */
export const publishArguments = (vsix: string, token: string): string[] => [
  ...['extension', 'publish', '--vsix', vsix, '--no-wait-validation'],
  ...signIn(token),
];

/** Returns the arguments of tfx to read the status of the validation of a package, as JSON. */
export const isValidArguments = (vsix: string, version: string, token: string): string[] => [
  ...['extension', 'isvalid', '--vsix', vsix, '--version', version, '--json'],
  ...signIn(token),
];

/** Returns the arguments of tfx to share a published package with organizations. */
export const shareArguments = (vsix: string, organizations: readonly string[], token: string): string[] => [
  ...['extension', 'share', '--vsix', vsix, '--share-with', ...organizations],
  ...signIn(token),
];

/** Runs tfx with arguments, and returns its output. @throws Error if it fails. */
export type Tfx = (args: readonly string[]) => Promise<string>;

/**
 * Runs tfx. Its errors are written to the error output of this process.
 *
 * @throws Error if tfx fails. It does not name the arguments, because one of them can be a token.
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
