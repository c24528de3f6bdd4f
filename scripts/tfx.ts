import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';
import { ROOT } from './stage';

const TFX = path.join(ROOT, 'node_modules/tfx-cli/_build/tfx-cli.js');

/**
 * Packs a staged folder with tfx-cli.
 *
 * @param vsix - The path of the package to write.
 * @throws Error if tfx fails, or if it warns: it exits with 0 even after problems in a task.json.
 */
export async function createVsix(stageFolder: string, vsix: string): Promise<void> {
  const place = ['--root', stageFolder, '--manifests', 'vss-extension.json', '--output-path', vsix];
  const args = [TFX, 'extension', 'create', ...place, '--no-prompt', '--no-color'];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, {
    cwd: stageFolder,
    env: { ...process.env, NODE_NO_WARNINGS: '1', TFX_TRACE: '0' },
  });
  const complaints = findComplaints(stdout, stderr);
  if (complaints.length > 0) throw new Error(`tfx reported problems:\n${complaints.join('\n')}`);
}

/** Returns the lines with complaints of tfx: warnings in its output, and everything in its error output. */
export function findComplaints(stdout: string, stderr: string): string[] {
  const lines = (text: string): string[] => stripVTControlCharacters(text).split(/\r?\n/);
  return [
    ...lines(stdout).filter((line) => /^\s*(warning|error)\b/i.test(line)),
    ...lines(stderr).filter((line) => line.trim() !== ''),
  ];
}
