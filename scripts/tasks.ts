import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** The part of a task.json that packaging needs. */
export interface TaskDefinition {
  readonly id: string;
  readonly name: string;
  readonly friendlyName: string;
  readonly version: { readonly Major: number; readonly Minor: number; readonly Patch: number };
  readonly execution?: Handlers;
  readonly prejobexecution?: Handlers;
  readonly postjobexecution?: Handlers;
}

type Handlers = Readonly<Record<string, { readonly target: string }>>;

/** One major version of a task, in the repository and in the package. */
export interface Task {
  /** Relative, with slashes: `tasks/JitOpenPorts/JitOpenPortsV1`. */
  readonly folder: string;
  readonly definition: TaskDefinition;
}

/** A program of a task: its TypeScript source, and the file that the agent starts. */
export interface EntryPoint {
  /** Relative to the repository: `tasks/JitOpenPorts/JitOpenPortsV1/src/index.ts`. */
  readonly source: string;
  /** Relative to the package: `tasks/JitOpenPorts/JitOpenPortsV1/index.js`. */
  readonly target: string;
}

/** Finds every `tasks/<Name>/<Name>V<major>` with a task.json, sorted by name. */
export async function findTasks(root: string): Promise<Task[]> {
  const names = (await foldersIn(path.join(root, 'tasks'))).filter((name) => name !== 'shared');
  const tasks: Task[] = [];
  for (const name of names) {
    for (const major of await foldersIn(path.join(root, 'tasks', name))) {
      const folder = `tasks/${name}/${major}`;
      const text = await readFile(path.join(root, folder, 'task.json'), 'utf8');
      tasks.push({ folder, definition: JSON.parse(text) as TaskDefinition });
    }
  }
  return tasks;
}

/** Returns every file that a handler of the task starts, each once: `x.js` is built from `src/x.ts`. */
export function entryPoints(task: Task): EntryPoint[] {
  const { execution, prejobexecution, postjobexecution } = task.definition;
  const targets = [execution, prejobexecution, postjobexecution].flatMap((handlers) =>
    Object.values(handlers ?? {}).map((handler) => handler.target),
  );
  return [...new Set(targets)].map((target) => ({
    source: `${task.folder}/src/${path.basename(target, '.js')}.ts`,
    target: `${task.folder}/${target}`,
  }));
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}
