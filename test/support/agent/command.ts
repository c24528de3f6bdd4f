/** A logging command, as a task writes it: `##vso[area.event key=value;]data`. */
export interface Command {
  /** In lower case, such as `task.setvariable`. */
  readonly name: string;
  /** By key in lower case. */
  readonly properties: ReadonlyMap<string, string>;
  readonly data: string;
}

const PREFIX = '##vso[';

/**
 * Finds a command in a line, wherever it begins. The agent searches the whole line, on both outputs. Anything that is
 * not a well-formed command is text. (microsoft/azure-pipelines-agent, Command.TryParse)
 */
export function parseCommand(line: string): Command | undefined {
  const start = line.indexOf(PREFIX);
  const end = line.indexOf(']', start);
  if (start < 0 || end < 0) return undefined;
  const head = line.slice(start + PREFIX.length, end);
  const [, name, rest = ''] = /^(\S*)(?:\s(.*))?$/s.exec(head) ?? [];
  const parts = (name ?? '').split('.').filter((part) => part !== '');
  if (name === undefined || parts.length !== 2) return undefined;
  const properties = new Map<string, string>();
  for (const pair of rest.split(';')) {
    const equals = pair.indexOf('=');
    if (equals > 0)
      properties.set(pair.slice(0, equals).trim().toLowerCase(), unescape(pair.slice(equals + 1)));
  }
  return { name: name.toLowerCase(), properties, data: unescape(line.slice(end + 1)) };
}

const ESCAPES: Readonly<Record<string, string>> = {
  '%3B': ';',
  '%0D': '\r',
  '%0A': '\n',
  '%5D': ']',
  '%AZP25': '%',
};

/** Decodes the escape sequences of logging commands. */
export function unescape(text: string): string {
  return text.replace(/%(?:3B|0D|0A|5D|AZP25)/g, (escape) => ESCAPES[escape] ?? escape);
}
