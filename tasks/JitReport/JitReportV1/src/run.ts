import * as agent from '../../../shared/host/agent';
import { writeFiles } from './host/writeFiles';
import { setOutputs, showSummary } from '../../../shared/task/outputs';
import { runStep } from '../../../shared/task/step';
import { SUMMARY_HEADING } from './messages/report';
import * as say from './messages/reporting';
import { readInputs } from './inputs';
import { makeReport } from './makeReport';
import { toOutputs } from './outputs';
import { toCsv } from './pages/csv';
import { FILES } from './pages/fileNames';
import { toHtml } from './pages/html';
import { toJson } from './pages/json';
import { toSummary } from './pages/summary';
import { toSvg } from './pages/svg';
import { judgeReport } from './judge/verdict';

/** The one stage of JitReport@1: the real world, the story, and what the agent learns of it. */
export function runMain(): Promise<void> {
  return runStep({
    leftOpen: () => say.nothingChanged,
    async work(signal) {
      const connection = agent.readConnection(agent.readInput('connectedServiceName'));
      const inputs = readInputs(agent.readInput, connection.property('subscriptionId') || undefined);
      const home = agent.readHome();
      // A step with a wrong input ends without what speaks to Azure, which is most of the program.
      const { createWorld } = await import('./dependencies');
      const made = await makeReport(inputs, createWorld(connection, signal), home);
      if (signal.aborted) return;
      const { report } = made;
      const folder = agent.outputFolder(inputs.outputFolder);
      const paths = await writeFiles(
        folder,
        {
          [FILES.json]: toJson(report),
          [FILES.csv]: toCsv(report),
          [FILES.html]: toHtml(report),
          [FILES.svg]: toSvg(report),
        },
        agent.workFolders(),
      );
      agent.agentLog.line(say.written(folder, Object.keys(paths)));
      setOutputs(toOutputs(report, paths[FILES.json]));
      showSummary(SUMMARY_HEADING, toSummary(report, Object.values(paths)));
      const failure = judgeReport(report, made.gaps, inputs.failOn);
      if (failure) throw failure;
      agent.agentLog.progress(100, 'Done');
    },
  });
}
