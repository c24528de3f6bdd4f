import type { InputDefinition, TaskDefinition } from '../agent/taskDefinition';
import { executeRequest, type DataSourceBinding, type Endpoint, type ProxyResult } from './endpointProxy';
import type { Reply } from '../azure/caller';

/** The part of a task.json that fills lists. */
export interface BoundTask extends TaskDefinition {
  readonly dataSourceBindings?: readonly DataSourceBinding[];
}

/** A list as it stands open in an editor: what is saved for an entry, by what it shows. */
export interface OpenList {
  readonly saved: ReadonlyMap<string, string>;
  /** The last answer; an editor shows no error of a foreign service, only an empty list. */
  readonly last: ProxyResult | undefined;
  readonly calls: number;
}

/** Where an editor gets its entries from. */
export interface EditorContext {
  readonly endpoint: Endpoint;
  readonly query: (url: string) => Promise<Reply>;
  /** How many pages the editor reads; the documentation says five, its program none. */
  readonly mostCalls?: number;
}

/**
 * Opens the list of an input. Inputs that its binding names must have a value, else nothing is asked and the list is
 * empty. Pages are read one after the other; when one of them fails, nothing is left of those before it.
 */
export async function openList(
  binding: DataSourceBinding,
  values: Readonly<Record<string, string>>,
  context: EditorContext,
): Promise<OpenList> {
  const parameters: Record<string, string> = {};
  for (const [name, text] of Object.entries({ ...binding.parameters, '': binding.endpointId })) {
    const input = /\$\((\w+)\)/.exec(text)?.[1];
    const value = input === undefined ? text : (values[input] ?? '').trim();
    if (value === '' || (name === '' && value.startsWith('$(')))
      return { saved: new Map(), last: undefined, calls: 0 };
    if (name !== '') parameters[name] = value;
  }
  const entries: string[] = [];
  let last: ProxyResult | undefined;
  let calls = 0;
  do {
    last = await executeRequest(binding, context.endpoint, parameters, context.query);
    calls += 1;
    entries.push(...last.result);
    Object.assign(parameters, last.callbackContext);
  } while (last.callbackRequired && calls < (context.mostCalls ?? Infinity));
  return { saved: toList(last.statusCode === 200 ? entries : []), last, calls };
}

function toList(entries: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    entries.map((entry) => {
      const { Value, DisplayValue } = JSON.parse(entry) as { Value: string; DisplayValue: string };
      return [DisplayValue, Value];
    }),
  );
}

/**
 * What an editor saves when the field of an input shows this text. In a flat list of several, entries are joined with
 * a comma and a space; a text that is no entry is saved as it was typed when the input is editable, else it is lost.
 */
export function savedValue({ properties = {} }: InputDefinition, list: OpenList, shown: string): string {
  const has = (property: string): boolean => String(properties[property]).toLowerCase() === 'true';
  const parts = has('MultiSelectFlatList') ? shown.split(', ') : [shown];
  return parts
    .flatMap((part) => list.saved.get(part.trim()) ?? (has('EditableOptions') && part.trim() ? part : []))
    .join(',');
}
