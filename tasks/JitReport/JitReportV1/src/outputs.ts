import type { StepOutputs } from '../../../shared/core/outputs';
import type { Report } from '../../../shared/view/report';

/** Returns the outputs of a run: counts, and the full path of `jit-report.json`. */
export const toOutputs = ({ counts }: Report, reportPath: string): StepOutputs => ({
  texts: {
    configured: String(counts.configured),
    notConfigured: String(counts.notConfigured),
    unsupported: String(counts.unsupported),
    openPorts: String(counts.openPorts),
    reportPath,
  },
});
