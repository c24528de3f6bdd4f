import { fitOutputs, printableJson, type OutputFile, type StepOutputs } from '../core/outputs';
import * as say from '../messages/outputs';
import type { Host } from '../host/host';
import { reasonOf, writeTemporary } from '../host/files';

/**
 * Sets the outputs of this step, `$(step.name)`. Tasks set outputs only through this function. No output is longer than
 * `LONGEST_OUTPUT`; a warning names each one that is cut. A file in the agent's temporary folder has all entries of the
 * table until the job ends. If the file cannot be written, its path is empty, and a warning says why.
 */
export function setOutputs(host: Host, outputs: StepOutputs): void {
  const { table, files = {} } = outputs;
  const pathName = table ? `${table.name}Path` : '';
  const file = table
    ? leaveOutputFile(host, pathName, {
        name: `${table.name}.json`,
        text: `${printableJson(table.entries, 2)}\n`,
      })
    : '';
  for (const [name, other] of Object.entries(files)) leaveOutputFile(host, name, other);
  for (const fitted of fitOutputs(outputs)) {
    host.setOutput(fitted.name, fitted.text);
    if (fitted.shown < fitted.total) host.log.warning(say.outputCut(fitted, pathName, file));
  }
}

/**
 * Shows Markdown on the run's page. If the file cannot be written, that is a warning and not a failure.
 *
 * @param heading of the section, which must be a valid file name
 */
export function showSummary(host: Host, heading: string, markdown: string): void {
  const written = leaveFile(host, `${heading}.md`, markdown);
  if ('path' in written) host.showSummary(written.path);
  else host.log.warning(say.summaryNotShown(written.reason));
}

/** Writes a file for the rest of the job, and sets the output that names it: empty if the file cannot be written. */
function leaveOutputFile(host: Host, output: string, { name, text }: OutputFile): string {
  const written = leaveFile(host, name, text);
  const path = 'path' in written ? written.path : '';
  if ('reason' in written) host.log.warning(say.fileNotWritten(output, written.reason));
  host.setOutput(output, path);
  return path;
}

/**
 * Writes a file for the rest of the job.
 *
 * @returns The path, or the reason why the file cannot be written.
 */
export function leaveFile(
  host: Host,
  name: string,
  text: string,
): { readonly path: string } | { readonly reason: string } {
  const folder = host.readVariable('Agent.TempDirectory');
  if (!folder) return { reason: say.NO_TEMPORARY_FOLDER };
  try {
    return { path: writeTemporary(folder, name, text) };
  } catch (error) {
    return { reason: reasonOf(error) };
  }
}
