import { partSigns } from './text';

/**
 * The most characters (UTF-16 units) of an output. Outputs become variables of the job, and therefore part of the
 * environment of every later process, including the post-job step of the same task. No process starts if one of them is
 * too long: Linux allows 131,072 bytes for `name=value` (MAX_ARG_STRLEN), and Windows 32,767 characters for a value.
 * This many characters are at most 90,000 bytes of UTF-8, and leave room for the name on both.
 */
export const LONGEST_OUTPUT = 30_000;

/** What a step passes to later steps, by the names of the outputs in task.json. */
export interface StepOutputs {
  /** Single values. An output that would be too long is empty. */
  readonly texts: Readonly<Record<string, string>>;
  /** Comma-separated values. Those at the end that do not fit are left out. */
  readonly lists?: Readonly<Record<string, readonly string[]>>;
  /** A JSON array of the first entries that fit. A file has all of them, and its path is the output `<name>Path`. */
  readonly table?: { readonly name: string; readonly entries: readonly object[] };
  /** Other files, by the outputs that contain their paths. */
  readonly files?: Readonly<Record<string, OutputFile>>;
}

export interface OutputFile {
  /** The name of the file, in a new folder inside the agent's temporary folder. */
  readonly name: string;
  readonly text: string;
}

/** An output that is short enough, and how many of its entries it has. */
export interface FittedOutput {
  readonly name: string;
  readonly text: string;
  readonly shown: number;
  readonly total: number;
}

/**
 * Formats JSON that sends no command to the agent when a step prints it, whatever names it has. Parses to the same
 * value.
 */
export const printableJson = (value: object, indent = 0): string =>
  partSigns(JSON.stringify(value, null, indent), '\\u0023');

/** Returns the outputs, none longer than `LONGEST_OUTPUT`, without the path of the table's file. */
export function fitOutputs({ texts, lists = {}, table }: StepOutputs): readonly FittedOutput[] {
  return [
    ...Object.entries(texts).map(([name, text]) => fit(name, [text])),
    ...Object.entries(lists).map(([name, items]) => fit(name, items)),
    ...(table
      ? [
          fit(
            table.name,
            table.entries.map((entry) => printableJson(entry)),
            ['[', ']'],
          ),
        ]
      : []),
  ];
}

function fit(name: string, parts: readonly string[], [open, close] = ['', '']): FittedOutput {
  let length = open.length + close.length - 1;
  const tooLong = parts.findIndex((part) => (length += part.length + 1) > LONGEST_OUTPUT);
  const shown = tooLong === -1 ? parts : parts.slice(0, tooLong);
  return {
    name,
    text: open + shown.join(',') + close,
    shown: shown.length,
    total: parts.length,
  };
}
