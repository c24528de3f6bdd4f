/** A table: the text above its columns, and its rows. */
export interface Table {
  readonly title: string;
  readonly text: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const OPENING = `# Reliability

\`npm run reliability\` writes this page. It starts the packaged task as an agent does, against a simulated Azure in which one thing fails, and records the outcome of each run. The debug log is on in every run.

Every run must also meet these conditions. The script fails if one does not:

- One result, exit code 0, no stack trace.
- No secret in the output, the files, the summary, or the variables.
- Access is requested once. After a lost response, the task reads the policy's requests before it sends another one.
- A port that stays open is named, with its end, in the outputs, the error, or a warning.
- The task makes only calls that the real services support, and follows no page link to another host than Azure Resource Manager.

\`recovered\` means that the step succeeded. A code is the one at the start of the error; [troubleshooting.md](troubleshooting.md) explains it.
`;

/** Formats the entire page. It contains no times, so that it changes only together with the task. */
export const formatPage = (tables: readonly Table[]): string =>
  [OPENING, ...tables.map(formatTable)].join('\n');

/** Formats one chapter of the page. */
export function formatTable({ title, text, head, rows }: Table): string {
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return `## ${title}\n\n${text}\n\n${lines.join('\n')}\n`;
}
