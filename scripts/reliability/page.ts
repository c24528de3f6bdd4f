/** A table: what stands above its columns, and its rows. */
export interface Table {
  readonly title: string;
  readonly text: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const OPENING = `# Reliability

\`npm run reliability\` writes this page. It starts the packaged task as an agent does, against a simulated Azure in which one thing goes wrong, and notes how each run ends. The debug log is on in every run.

Every run also has to keep these promises; the script fails when one does not:

- One result, exit code 0, no stack trace.
- No secret in the output, the files, the summary, the variables.
- Access is asked for once. When an answer gets lost, the policy's requests are looked at before anything is asked again.
- A port that stays open is named, with its end, in the outputs, the error or a warning.
- Nothing is asked that the real services do not have, and no page link leads away from Azure Resource Manager.

\`recovered\` means that the step succeeded. A code is the one that its error begins with; [troubleshooting.md](troubleshooting.md) tells what it means.
`;

/** The whole page. It has no times in it, so that it changes only when the task does. */
export const formatPage = (tables: readonly Table[]): string =>
  [OPENING, ...tables.map(formatTable)].join('\n');

/** One chapter of the page. */
export function formatTable({ title, text, head, rows }: Table): string {
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return `## ${title}\n\n${text}\n\n${lines.join('\n')}\n`;
}
