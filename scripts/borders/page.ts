import type { Borders } from './check';
import { PARTS, partOf, type Part } from './parts';

/** The groups in the diagram, by the beginning of their parts' names: the tasks, and the pages in Azure DevOps. */
const TASKS = ['open ports', 'configure policy', 'report', 'web'] as const;

/**
 * Draws the parts and their imports as a Mermaid flowchart, based on the code. An arrow is omitted if a chain of other
 * arrows implies it.
 */
export function picture({ files }: Borders): readonly string[] {
  const count = (part: Part) => files.filter((file) => partOf(file) === part).length;
  const node = (part: Part): string => {
    const [task, own] = split(part);
    const files_ = count(part);
    return `${idOf(part.name)}["${own ?? task}<br/>${String(files_)} ${files_ === 1 ? 'file' : 'files'}"]`;
  };
  const group = (title: string, parts: readonly Part[]) => [
    `  subgraph ${idOf(`${title} group`)}["${title}"]`,
    ...parts.map((part) => `    ${node(part)}`),
    '  end',
  ];
  const groups = [
    ...TASKS.flatMap((task) =>
      group(
        task,
        PARTS.filter((part) => split(part)[0] === task),
      ),
    ),
    ...group(
      'shared',
      PARTS.filter(({ folder }) => folder.startsWith('tasks/shared/')),
    ),
  ];
  const arrows = PARTS.flatMap(({ name, may }) =>
    may
      .filter((other) => !may.some((between) => between !== other && reaches(between, other)))
      .map((other) => `  ${idOf(name)} --> ${idOf(other)}`),
  );
  return ['```mermaid', 'flowchart TD', ...groups, ...arrows, '```'];
}

/** Returns the table of arrows. */
export function table(): readonly string[] {
  const row = ({ name, folder, files, may, packages = [] }: Part) => {
    const own = files ? `${folder}/${files.test('context.ts') ? 'context.ts' : '*.ts'}` : `${folder}/`;
    const others = [...may, ...packages.map((one) => `\`${one === 'node' ? 'node:*' : one}\``)];
    return `| ${name} | \`${own}\` | ${others.join(', ') || 'nothing'} |`;
  };
  return ['| Part | Files | May import |', '| --- | --- | --- |', ...PARTS.map(row)];
}

/**
 * Splits the name into a task and its part. There is no part for the code that assembles a task, or for shared code.
 */
function split({ name }: Part): readonly [task: string, own: string | undefined] {
  const [task = '', own] = name.split(': ');
  return [task, own];
}

const idOf = (name: string): string => name.replace(/[^a-z]+/g, '_');

function reaches(from: string, to: string): boolean {
  const part = PARTS.find(({ name }) => name === from);
  return part?.may.some((next) => next === to || reaches(next, to)) ?? false;
}
