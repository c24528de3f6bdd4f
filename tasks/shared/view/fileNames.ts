/** The names of the files that a report becomes. */
export const FILES = {
  json: 'jit-report.json',
  csv: 'jit-requests.csv',
  html: 'jit-report.html',
  svg: 'jit-windows.svg',
} as const;
