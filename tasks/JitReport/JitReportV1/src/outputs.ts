import type { Report } from './model';

/** The outputs of a run by name, as text: counts, and the full path of `jit-report.json`. */
export type Outputs = Readonly<
  Record<'configured' | 'notConfigured' | 'unsupported' | 'openPorts' | 'reportPath', string>
>;

export const toOutputs = ({ counts }: Report, reportPath: string): Outputs => ({
  configured: String(counts.configured),
  notConfigured: String(counts.notConfigured),
  unsupported: String(counts.unsupported),
  openPorts: String(counts.openPorts),
  reportPath,
});
