import { partSigns } from './text';

/**
 * Outputs become variables of the job, and so a part of the environment of every process that it starts afterwards, the
 * post-job step of the same task included. No process starts when one of them is too long: Linux takes 131,072 bytes for
 * `name=value` (MAX_ARG_STRLEN), Windows 32,767 characters for a value. So many characters (UTF-16 units) are 90,000
 * bytes of UTF-8 at most, and leave room for the name on both.
 */
export const LONGEST_OUTPUT = 30_000;

/** What a step hands to later steps, by the names that task.json gives the outputs. */
export interface StepOutputs {
  /** One value each; an output that would be too long is empty. */
  readonly texts: Readonly<Record<string, string>>;
  /** Values by comma; those that do not fit are left out at the end. */
  readonly lists?: Readonly<Record<string, readonly string[]>>;
  /** A JSON array of the first entries that fit. A file has all of them; its path is the output `<name>Path`. */
  readonly table?: { readonly name: string; readonly entries: readonly object[] };
  /** Other files, by the outputs that name them. */
  readonly files?: Readonly<Record<string, OutputFile>>;
}

export interface OutputFile {
  /** Its name in the agent's folder, as far as that is free. */
  readonly name: string;
  readonly text: string;
}

/** An output that is short enough, and how much of it there is. */
export interface FittedOutput {
  readonly name: string;
  readonly text: string;
  readonly shown: number;
  readonly total: number;
}

/** JSON that commands the agent nothing when a step prints it, whatever names are in it; read, it is the same. */
export const printableJson = (value: object, indent = 0): string =>
  partSigns(JSON.stringify(value, null, indent), '\\u0023');

/** The outputs, none longer than `LONGEST_OUTPUT`, without the path of the table's file. */
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
