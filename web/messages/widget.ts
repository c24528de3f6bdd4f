/** The texts of the dashboard widget and of its configuration. */

export const UNCONFIGURED = 'Configure this widget: choose a pipeline that runs JitReport@1.';
export const NO_REPORT = 'None of the latest runs of this pipeline has a report from JitReport@1.';
export const NO_REPORT_READ =
  'No report of this pipeline could be read. The tabs of its latest runs list what could not be read, and why.';
export const NO_PROJECT = 'This page works only in a project in Azure DevOps.';
export const LOADING = 'Loading the latest report.';

export const TILES = {
  configured: 'Configured',
  notConfigured: 'Not configured',
  openPorts: 'Open ports',
  openToInternet: 'Open to the internet',
} as const;

/** Describes the VMs that are not configured. */
export const shouldBeText = (count: number): string => `${count} should be configured`;

export const runText = (name: string): string => `Run ${name}`;
export const writtenText = (time: string): string => `as of ${time} UTC`;
export const MAYBE_NEWER = 'There may be a newer report: some documents could not be read.';
export const INCOMPLETE = 'Some data could not be read.';

export const daysText = (count: number, days: number): string =>
  `${count} ${count === 1 ? 'request' : 'requests'} in the last ${days === 1 ? 'day' : `${days} days`}`;
export const dayText = (day: string, count: number): string => `${day}: ${count}`;

export const PIPELINE = 'Pipeline';
export const CHOOSE = 'Choose a pipeline';
export const PIPELINE_HELP = 'A pipeline of this project that runs JitReport@1.';
export const NO_PIPELINES = 'This project has no pipelines that you are allowed to view.';
