import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const TFX = path.join(import.meta.dirname, 'node_modules/tfx-cli/_build/tfx-cli.js');

/**
 * The arguments with which tfx publishes a package, and shares it with organisations. tfx knows no other place for
 * the token than this one; `pat` is also the way for a token of Microsoft Entra.
 * (https://learn.microsoft.com/azure/devops/extend/publish/command-line)
 */
export function publishArguments(vsix: string, token: string, shareWith: readonly string[]): string[] {
  return [
    ...['extension', 'publish', '--vsix', vsix],
    ...(shareWith.length > 0 ? ['--share-with', ...shareWith] : []),
    ...['--auth-type', 'pat', '--token', token, '--no-prompt', '--no-color'],
  ];
}

/**
 * Runs tfx, which tells on this process's outputs what it does.
 *
 * @throws Error when tfx fails. It does not name the arguments, since one of them may be a token.
 */
export async function runTfx(args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [TFX, ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, TFX_TRACE: '0' },
  });
  const [exitCode] = (await once(child, 'close')) as [number | null];
  if (exitCode !== 0) throw new Error(`tfx failed with the exit code ${String(exitCode)}.`);
}
