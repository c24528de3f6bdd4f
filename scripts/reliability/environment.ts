import { ENVIRONMENT_NAMES, type EnvironmentName } from '../../tasks/shared/host/environmentNames';
import type { Table } from './page';

const BECOMES: Readonly<Record<EnvironmentName['becomes'], string>> = {
  never: 'always removed',
  machine: 'used when the machine sets it; removed when a pipeline variable sets it',
  kept: 'not changed',
};

/** Returns how each name that the libraries read from the environment is handled. */
export const environmentTable = (): Table => ({
  title: 'Names in the environment',
  text: 'The libraries in the packages, or Node itself, read these names from the environment. A test searches the packed programs for such reads, and fails for a name that is not in this list. A warning names what a pipeline variable had set. In a job that does not list its variables, names that are used when the machine sets them are removed as well.',
  head: ['Name', 'Effect', 'Handling'],
  rows: ENVIRONMENT_NAMES.map(({ name, does, becomes }) => [`\`${name}\``, does, BECOMES[becomes]]),
});
