/** The texts of the dashboard widget and of its configuration. */

export const UNCONFIGURED =
  'Choose a pipeline in the configuration of this widget: one that runs JitReport@1.';
export const NO_REPORT = 'None of the latest runs of this pipeline has a report of JitReport@1.';
export const NO_PROJECT = 'This is no page of a project in Azure DevOps.';
export const LOADING = 'Loading the latest report.';

export const TILES = {
  configured: 'Configured',
  notConfigured: 'Not configured',
  openPorts: 'Open ports',
  openToInternet: 'Open to the internet',
} as const;

export const runText = (name: string): string => `Run ${name}`;
export const writtenText = (time: string): string => `as of ${time} UTC`;
export const INCOMPLETE = 'Some parts could not be read.';

export const daysText = (count: number, days: number): string =>
  `${count} ${count === 1 ? 'request' : 'requests'} in the last ${days === 1 ? 'day' : `${days} days`}`;
export const dayText = (day: string, count: number): string => `${day}: ${count}`;

export const PIPELINE = 'Pipeline';
export const CHOOSE = 'Choose a pipeline';
export const PIPELINE_HELP = 'A pipeline of this project that runs JitReport@1.';
export const NO_PIPELINES = 'This project has no pipelines that you may see.';
