import { styleText } from 'node:util';
import type { TaskName } from './scenes';

/** Characters per line. */
export const WIDTH = 100;
const INDENT = '  ';

/** Colors only in a terminal, and never in a file, in a pipe, or with NO_COLOR. */
const isColored = process.stdout.isTTY && !process.env['NO_COLOR'];

type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green';

const paint = (style: Style, text: string): string => (isColored ? styleText(style, text) : text);

/** Formats a line across the page that begins a scene. */
export const heading = (text: string): string =>
  `\n${paint('bold', `-- ${text} ${'-'.repeat(Math.max(2, WIDTH - text.length - 4))}`)}`;

/** Formats the heading of one of several jobs. */
export const jobHeading = (number: number): string => `\n${paint('bold', `Job ${number}`)}`;

/** Formats the name of a part of a scene, followed by its lines. */
export const part = (name: string, lines: readonly string[]): string =>
  ['', paint('bold', name), ...lines.map((line) => INDENT + line)].join('\n');

/**
 * Wraps text into lines of at most 100 characters, with the prefix `first` for the first line, and `next` for the
 * others.
 */
export function wrap(text: string, first = '', next = ''): string[] {
  const [start = '', ...words] = text.split(' ');
  const lines: string[] = [];
  let line = first + start;
  for (const word of words) {
    if (line.length + word.length < WIDTH - INDENT.length) {
      line = `${line} ${word}`;
    } else {
      lines.push(line);
      line = next + word;
    }
  }
  return [...lines, line];
}

/** Formats a step as YAML in a pipeline. */
export function formatStep(task: TaskName, inputs: Readonly<Record<string, string>>): string[] {
  const lines = Object.entries(inputs).flatMap(([name, value]) =>
    value.includes('\n')
      ? [`${name}: |`, ...value.split('\n').map((line) => `  ${line}`)]
      : [`${name}: ${value}`],
  );
  const head = [`- task: ${task}@1`, `  name: ${stepName(task)}`, '  inputs:'];
  return [...head, ...lines.map((line) => `    ${line}`)];
}

/** The name that later steps use for the outputs. */
export const stepName = (task: TaskName): string => STEP_NAMES[task];

const STEP_NAMES = { JitOpenPorts: 'jit', JitConfigurePolicy: 'policy', JitReport: 'report' } as const;

/** Formats a step's log like the run page, with expanded groups, and marked warnings and errors. */
export function formatLog(log: readonly string[]): string[] {
  let indent = '';
  return log.flatMap((line) => {
    const [, command, rest = ''] = /^##\[(\w+)\](.*)$/.exec(line) ?? [];
    if (command === 'group') {
      indent = INDENT;
      return [paint('bold', rest)];
    }
    if (command === 'endgroup') {
      indent = '';
      return [];
    }
    if (command === undefined) return wrap(line, indent, indent + INDENT);
    const lines = wrap(`${command}: ${rest}`, indent, indent + INDENT);
    return lines.map((text) => paint(command === 'error' ? 'red' : 'yellow', text));
  });
}

/** Formats names and values in two columns. */
export function formatPairs(pairs: readonly (readonly [name: string, value: string])[]): string[] {
  const width = Math.max(0, ...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
}

/** Formats the last line of a step. */
export function verdict(complaints: readonly string[], result: string, durationMs: number): string {
  const took = `${result} after ${(durationMs / 1000).toFixed(1)} s`;
  if (complaints.length === 0) return `\n${paint('green', `${took}, as expected.`)}`;
  return `\n${paint('red', [`${took}. Not as expected:`, ...complaints].join('\n  '))}`;
}
