import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Report, VmReport } from '../../tasks/shared/view/report';
import type { Run } from './agent/step';

/** The folder of JitReport@1 in the package. */
export const REPORT_TASK = 'tasks/JitReport/JitReportV1';

/** Returns the parsed report that a run wrote. */
export const reportOf = (run: Run): Report =>
  JSON.parse(readFileSync(run.outputs['reportPath'] ?? '', 'utf8')) as Report;

/** Returns another file of the report that a run wrote. */
export const fileOf = (run: Run, name: string): string =>
  readFileSync(path.join(path.dirname(run.outputs['reportPath'] ?? ''), name), 'utf8');

/** Returns `state reason` of every VM by its name. */
export const coverOf = ({ vms }: Report): Readonly<Record<string, string>> =>
  Object.fromEntries(vms.map(({ name, state, reason }) => [name, `${state} ${reason}`]));

/** Returns one VM of a report. Throws if it is missing. */
export function vmIn({ vms }: Report, name: string): VmReport {
  const found = vms.find((vm) => vm.name === name);
  if (!found) throw new Error(`The report has no VM ${name}.`);
  return found;
}
