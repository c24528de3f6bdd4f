import { LONGEST_OUTPUT, type FittedOutput } from '../core/outputs';
import { say } from '../core/text';

/** Messages for the log about outputs, their file, the summary, and the document for the run's tab. */

/** `30,000`. It does not use the locale, because loading its data takes longer than most of the program. */
const MOST = String(LONGEST_OUTPUT).replace(/(?=\d{3}$)/, ',');

/** @param pathName the output that names the file with everything. Empty if there is none */
export const outputCut = ({ name, shown, total }: FittedOutput, pathName: string, file: string): string =>
  say`The output ${name} has ${amountText(shown, total)}, because no output may be longer than ${MOST} characters.` +
  (pathName === '' || file === '' ? '' : say` The file in ${pathName} has everything: ${file}.`);

const amountText = (shown: number, total: number): string =>
  shown > 0
    ? `the first ${String(shown)} of ${String(total)} entries`
    : total > 1
      ? `none of ${String(total)} entries`
      : 'no value';

export const fileNotWritten = (pathName: string, reason: string): string =>
  say`The file for the output ${pathName} could not be written (${reason}), so ${pathName} is empty.`;

export const summaryNotShown = (reason: string): string =>
  say`The summary for the page of the run could not be written (${reason}).`;

/** @param reason the code from the file system, such as `EACCES` */
export const notAttached = (reason: string): string =>
  say`The document of this step for the tab of the run could not be attached (${reason}).`;

export const NO_TEMPORARY_FOLDER = 'the agent has no folder for temporary files';
