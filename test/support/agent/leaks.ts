import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseCommand, unescape } from './command';
import type { Secrets } from './secrets';

/** The commands whose purpose is to pass a secret to the agent. */
const CARRIES_SECRET = ['task.setsecret', 'task.setvariable'];

/**
 * Searches the output of a process for secrets, before any masking.
 *
 * @returns A sentence for every line with a secret, without the secret.
 */
export function findLeaksInOutput(stream: 'stdout' | 'stderr', text: string, secrets: Secrets): string[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    if (mayCarrySecret(line)) return [];
    const forms = new Set([...secrets.find(line), ...secrets.find(unescape(line))]);
    const shown = secrets.mask(line).slice(0, 120);
    return [...forms].map((form) => `Line ${index + 1} of ${stream} holds a secret ${form}: ${shown}`);
  });
}

function mayCarrySecret(line: string): boolean {
  const command = line.startsWith('##vso[') ? parseCommand(line) : undefined;
  if (command === undefined || !CARRIES_SECRET.includes(command.name)) return false;
  return command.name === 'task.setsecret' || command.properties.get('issecret')?.toLowerCase() === 'true';
}

/** Searches the files of a folder for secrets, at any depth. */
export function findLeaksInFiles(folder: string, secrets: Secrets): string[] {
  return listFiles(folder).flatMap((file) =>
    secrets
      .find(readFileSync(path.join(folder, file), 'latin1'))
      .map((form) => `The file ${file} that was left behind holds a secret ${form}.`),
  );
}

/** Lists the files of a folder at any depth, as sorted relative paths with slashes. */
export function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
}
