import { agentConnection, type Host } from '../../../shared/host/host';
import { createContext } from './createContext';
import { isWindows, outputFolder, workFolders } from './host/folders';
import { writeFiles } from './host/writeFiles';
import { setOutputs, showSummary } from '../../../shared/task/outputs';
import { runStep } from '../../../shared/task/step';
import { SUMMARY_HEADING } from '../../../shared/view/messages/report';
import * as say from './messages/reporting';
import { readInputs } from './inputs';
import { makeReport } from './makeReport';
import { toOutputs } from './outputs';
import { toCsv } from '../../../shared/view/csv';
import { FILES } from '../../../shared/view/fileNames';
import { toHtml } from './pages/html';
import { toJson } from './pages/json';
import { toSummary } from './pages/summary';
import { toSvg } from './pages/svg';
import type { Report } from '../../../shared/view/report';
import { judgeReport } from './judge/verdict';

/**
 * Runs JitReport@1: reads the inputs from the host, runs the workflow, writes the files, and sets outputs, summary, and
 * result.
 */
export function runMain(host: Host): Promise<void> {
  let report: Report | undefined;
  return runStep(host, {
    task: 'JitReport',
    content: () => (report ? { kind: 'report', report } : { kind: 'none' }),
    leftOpen: () => say.nothingChanged,
    async work(signal) {
      const connection = host.readConnection(host.readInput('connectedServiceName'));
      const inputs = readInputs(
        (name) => host.readInput(name),
        connection.property('subscriptionId') || undefined,
        isWindows,
      );
      const home = agentConnection(host).url;
      const made = await makeReport(inputs, createContext(host, connection, signal), home);
      if (signal.aborted) return undefined;
      report = made.report;
      const folder = outputFolder(host, inputs.outputFolder);
      const paths = await writeFiles(
        folder,
        {
          [FILES.json]: toJson(report),
          [FILES.csv]: toCsv(report),
          [FILES.html]: toHtml(report),
          [FILES.svg]: toSvg(report),
        },
        workFolders(host),
      );
      host.log.line(say.written(folder, Object.keys(paths)));
      setOutputs(host, toOutputs(report, paths[FILES.json]));
      showSummary(host, SUMMARY_HEADING, toSummary(report, Object.values(paths)));
      const failure = judgeReport(report, made.gaps, inputs.failOn);
      if (failure) throw failure;
      host.log.progress(100, 'Done');
      return undefined;
    },
  });
}
