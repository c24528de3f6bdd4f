/** The names of the files of a report. */
export const FILES = {
  json: 'jit-report.json',
  csv: 'jit-requests.csv',
  html: 'jit-report.html',
  svg: 'jit-windows.svg',
} as const;
