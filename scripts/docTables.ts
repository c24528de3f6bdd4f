import { readFileSync } from 'node:fs';
import path from 'node:path';
import { CODES } from '../tasks/shared/core/codes';
import { withMarkedPart } from './markedPart';
import { SHORT_CODES } from './shortCodes';
import { SHORT_INPUTS } from './shortInputs';

/** The part of a task.json that the documents show. */
export interface DocumentedTask {
  readonly inputs: readonly DocumentedInput[];
  readonly outputVariables: readonly { readonly name: string; readonly description: string }[];
}

interface DocumentedInput {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly type: string;
  readonly required: boolean;
  readonly defaultValue: string;
  readonly options?: Readonly<Record<string, string>>;
  readonly helpMarkDown: string;
}

/** Every documented task: its name, the name of its step in the documents, and the file of its role. */
export const DOCUMENTED = [
  { task: 'JitOpenPorts', step: 'jit', role: 'docs/roles/jit-open-ports.json' },
  { task: 'JitConfigurePolicy', step: 'policy', role: 'docs/roles/jit-configure-policy.json' },
  { task: 'JitReport', step: 'report', role: 'docs/roles/jit-report.json' },
] as const;

/** Reads the task.json of a task in the repository. */
export const readTask = (root: string, task: string): DocumentedTask =>
  JSON.parse(
    readFileSync(path.join(root, 'tasks', task, `${task}V1`, 'task.json'), 'utf8'),
  ) as DocumentedTask;

/** Returns an item for each input with its names in YAML: the default, the possible values, and the help. */
export function inputsList({ inputs }: DocumentedTask): readonly string[] {
  return inputs.flatMap((input) => [
    '',
    `- ${namesOf(input).map(bold).join(' or ')}: ${[defaultOf(input), ...valuesOf(input)].join('; ')}.`,
    '',
    `  ${fromDocs(input.helpMarkDown)}`,
  ]);
}

/** Returns an item for each output, in the form that later steps use if the step has this name. */
export const outputsList = ({ outputVariables }: DocumentedTask, step: string): readonly string[] =>
  outputVariables.flatMap(({ name, description }) => [
    '',
    `- ${bold(`$(${step}.${name})`)}: ${fromDocs(description)}`,
  ]);

/** Returns a short table of the inputs of `JitOpenPorts@1`. @throws Error for an input without a sentence. */
export const shortInputs = ({ inputs }: DocumentedTask): readonly string[] =>
  table(
    ['Input', 'Default', 'What it does'],
    inputs.map((input) => {
      const sentence = SHORT_INPUTS[input.name];
      if (sentence === undefined) throw new Error(`scripts/shortInputs.ts lacks ${input.name}.`);
      return [
        code(namesOf(input)[0] ?? input.name),
        defaultOf(input).replace(/ by default|default /, ''),
        sentence,
      ];
    }),
  );

/** Returns a table of all codes, with their resolutions. */
export const shortCodes = (): readonly string[] =>
  table(
    ['Code', 'What it means', 'What to do'],
    CODES.map((one) => [one, ...SHORT_CODES[one]]),
  );

/** Returns a role as a JSON block. */
export const roleBlock = (root: string, role: string): readonly string[] => [
  '```json',
  readFileSync(path.join(root, role), 'utf8').trim(),
  '```',
];

/** The documents, with the content of each of their generated parts. */
export type GeneratedParts = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** Returns what `npm run docs` generates from the task.json files, the roles, and the codes. */
export function generatedParts(root: string): GeneratedParts {
  const open = readTask(root, 'JitOpenPorts');
  return {
    'README.md': { inputs: shortInputs(open) },
    'docs/marketplace.md': {
      inputs: shortInputs(open),
      codes: shortCodes(),
      ...Object.fromEntries(DOCUMENTED.map(({ task, role }) => [`role of ${task}`, roleBlock(root, role)])),
    },
    'docs/reference.md': Object.fromEntries(
      DOCUMENTED.flatMap(({ task, step }) => {
        const definition = readTask(root, task);
        return [
          [`inputs of ${task}`, inputsList(definition)],
          [`outputs of ${task}`, outputsList(definition, step)],
        ];
      }),
    ),
  };
}

/** Returns a document with its generated parts. @throws Error if one is missing. */
export async function withGeneratedParts(
  file: string,
  text: string,
  parts: Readonly<Record<string, readonly string[]>>,
): Promise<string> {
  let changed = text;
  for (const [name, lines] of Object.entries(parts)) {
    changed = await withMarkedPart(file, changed, name, lines);
  }
  return changed;
}

/** Pipelines use the alias of the connection: azureSubscription. */
const namesOf = ({ name, aliases = [], type }: DocumentedInput): readonly string[] =>
  type.startsWith('connectedService:') ? [...aliases, name] : [name, ...aliases];

const defaultOf = ({ required, defaultValue }: DocumentedInput): string =>
  required ? 'required' : defaultValue === '' ? 'empty by default' : `default ${code(defaultValue)}`;

function valuesOf({ type, options }: DocumentedInput): readonly string[] {
  const values = type === 'boolean' ? ['true', 'false'] : Object.keys(options ?? {});
  return values.length === 0 ? [] : [`one of ${values.map(code).join(', ')}`];
}

/** Links in a help text are relative to the root of the repository, but the documents are in `docs`. */
const fromDocs = (help: string): string => help.replaceAll('](docs/', '](');

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

const code = (text: string): string => `\`${text}\``;
const bold = (text: string): string => `**${code(text)}**`;
