import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The handlers with which an agent starts the tasks of this project. */
export type Handler = 'Node20_1' | 'Node24';

/** How the main or the post-job step of a task is started. */
export interface HandlerEntry {
  readonly target: string;
  readonly workingDirectory?: string;
}

export type Handlers = Readonly<Partial<Record<Handler, HandlerEntry>>>;

export interface InputDefinition {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly type: string;
  readonly label: string;
  readonly defaultValue?: string;
  readonly required?: boolean;
  readonly helpMarkDown?: string;
  readonly groupName?: string;
  readonly options?: Readonly<Record<string, string>>;
  readonly properties?: Readonly<Record<string, string | boolean>>;
  /** When the editors show the input. The agent passes the input on in any case. */
  readonly visibleRule?: string;
  /** The check of the editors before a pipeline is saved, unless the value contains a variable. */
  readonly validation?: { readonly expression: string; readonly message: string };
}

/** The parts of a task.json that the agent and the service read. */
export interface TaskDefinition {
  readonly id: string;
  readonly name: string;
  readonly friendlyName: string;
  readonly helpMarkDown: string;
  readonly version: { readonly Major: number; readonly Minor: number; readonly Patch: number };
  readonly minimumAgentVersion: string;
  readonly instanceNameFormat: string;
  readonly category: string;
  readonly visibility: readonly string[];
  readonly runsOn: readonly string[];
  readonly groups?: readonly {
    readonly name: string;
    readonly displayName: string;
    readonly isExpanded?: boolean;
  }[];
  readonly inputs: readonly InputDefinition[];
  readonly outputVariables?: readonly { readonly name: string; readonly description: string }[];
  readonly execution: Handlers;
  readonly postjobexecution?: Handlers;
  readonly restrictions?: { readonly settableVariables?: { readonly allowed: readonly string[] } };
}

/** Reads the task.json of a task's folder. */
export function readTaskDefinition(folder: string): TaskDefinition {
  return JSON.parse(readFileSync(path.join(folder, 'task.json'), 'utf8')) as TaskDefinition;
}
