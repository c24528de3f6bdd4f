import { format, resolveConfig } from 'prettier';

/** The part of a task.json that the tables show. */
export interface DocumentedTask {
  readonly inputs: readonly {
    readonly name: string;
    readonly aliases?: readonly string[];
    readonly type: string;
    readonly required: boolean;
    readonly defaultValue: string;
    readonly helpMarkDown: string;
  }[];
  readonly outputVariables: readonly { readonly name: string; readonly description: string }[];
}

/** A table of all inputs, by the names that YAML uses. */
export function inputsTable({ inputs }: DocumentedTask): string {
  return table(
    ['Input', 'Default', 'What it is'],
    inputs.map(({ name, aliases = [], type, required, defaultValue, helpMarkDown }) => [
      // Everybody writes the alias of the connection: azureSubscription.
      (type.startsWith('connectedService:') ? [...aliases, name] : [name, ...aliases]).map(code).join(' or '),
      required ? 'required' : defaultValue === '' ? 'empty' : code(defaultValue),
      helpMarkDown,
    ]),
  );
}

/** A table of all outputs, as later steps write them when the step has this name. */
export function outputsTable({ outputVariables }: DocumentedTask, step: string): string {
  return table(
    ['Output', 'What it is'],
    outputVariables.map(({ name, description }) => [code(`$(${step}.${name})`), description]),
  );
}

/** Where the tables of a task stand, and how the README names its step. */
export interface TablePlace {
  /** In front of `inputs` and `outputs` in the markers. */
  readonly prefix: string;
  readonly step: string;
}

/** Every documented task: its folder below `tasks`, and its place in the README. */
export const DOCUMENTED: readonly (readonly [folder: string, place: TablePlace])[] = [
  ['JitOpenPorts/JitOpenPortsV1', { prefix: '', step: 'jit' }],
  ['JitConfigurePolicy/JitConfigurePolicyV1', { prefix: 'policy ', step: 'policy' }],
  ['JitReport/JitReportV1', { prefix: 'report ', step: 'report' }],
];

/**
 * Puts the tables between their markers, `<!-- inputs -->` to `<!-- /inputs -->` and the same for outputs.
 *
 * @throws Error when the text lacks a marker.
 */
export async function withTables(
  markdown: string,
  file: string,
  task: DocumentedTask,
  { prefix, step }: TablePlace = { prefix: '', step: 'jit' },
): Promise<string> {
  const inputs = between(markdown, `${prefix}inputs`, inputsTable(task));
  const both = between(inputs, `${prefix}outputs`, outputsTable(task, step));
  return format(both, { ...(await resolveConfig(file)), parser: 'markdown' });
}

function between(markdown: string, name: string, content: string): string {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [markdown.indexOf(start), markdown.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`The text lacks ${start} or ${end}.`);
  return `${markdown.slice(0, from)}${start}\n\n${content}\n\n${markdown.slice(to)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replace(/\|/g, '\\|').replace(/\s*\n\s*/g, ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const code = (text: string): string => `\`${text}\``;
