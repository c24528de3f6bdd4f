import path from 'node:path';
import { findTasks } from '../../../scripts/tasks';
import { readInputs as readConfigureInputs } from '../../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/inputs';
import { readInputs as readOpenInputs } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/inputs';
import { readInputs as readReportInputs } from '../../../tasks/JitReport/JitReportV1/src/inputs';
import { readTaskDefinition, type InputDefinition, type TaskDefinition } from '../agent/taskDefinition';
import { ROOT } from './documents';

/** The part of a task's program that checks its inputs. Throws JIT101 if they are invalid. */
export type InputCheck = (read: (name: string) => string, subscriptionId: string | undefined) => unknown;

/** One of this project's tasks, as YAML refers to it. */
export interface OwnTask {
  /** Such as `JitOpenPorts@1`. */
  readonly reference: string;
  readonly definition: TaskDefinition;
  /** Absent for a task whose program is not listed here. */
  readonly check: InputCheck | undefined;
}

const CHECKS: Readonly<Record<string, InputCheck>> = {
  JitOpenPorts: readOpenInputs,
  JitConfigurePolicy: readConfigureInputs,
  JitReport: readReportInputs,
};

/** Returns every task of the repository. */
export async function findOwnTasks(): Promise<readonly OwnTask[]> {
  return (await findTasks(ROOT)).map(({ folder }) => {
    const definition = readTaskDefinition(path.join(ROOT, folder));
    const { name, version } = definition;
    return { reference: `${name}@${version.Major}`, definition, check: CHECKS[name] };
  });
}

/** Returns the names that YAML can use for an input. */
export const namesOf = ({ name, aliases = [] }: InputDefinition): readonly string[] => [name, ...aliases];
