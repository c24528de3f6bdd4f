import { ENVIRONMENT_NAMES, type EnvironmentName } from '../../tasks/shared/host/environmentNames';
import type { Table } from './page';

const BECOMES: Readonly<Record<EnvironmentName['becomes'], string>> = {
  never: 'taken out, whoever set it',
  machine: 'counts when the machine sets it; taken out when a variable of the pipeline does',
  kept: 'left alone',
};

/** What becomes of each name that the libraries read from the environment. */
export const environmentTable = (): Table => ({
  title: 'Names in the environment',
  text: 'The libraries in the packages read these names from the environment. A test looks for reads in the packed programs and fails for a name that is not in this list. What a variable of the pipeline had set is named in a warning. In a job that does not tell its variables, names that count for the machine are taken out as well.',
  head: ['name', 'what it does', 'what becomes of it'],
  rows: ENVIRONMENT_NAMES.map(({ name, does, becomes }) => [`\`${name}\``, does, BECOMES[becomes]]),
});
