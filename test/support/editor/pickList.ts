import type { InputDefinition, TaskDefinition } from '../agent/taskDefinition';
import { executeRequest, type DataSourceBinding, type Endpoint, type ProxyResult } from './endpointProxy';
import type { Reply } from '../azure/caller';

/** The part of a task.json that defines lists. */
export interface BoundTask extends TaskDefinition {
  readonly dataSourceBindings?: readonly DataSourceBinding[];
}

/** An open list in an editor: the value that is saved for an entry, by the text that it shows. */
export interface OpenList {
  readonly saved: ReadonlyMap<string, string>;
  /** The last response. For an error of another service, an editor shows only an empty list. */
  readonly last: ProxyResult | undefined;
  readonly calls: number;
}

/** What an editor uses to get its entries. */
export interface EditorContext {
  readonly endpoint: Endpoint;
  readonly query: (url: string) => Promise<Reply>;
  /** The maximum number of pages that the editor reads. The documentation says five, but its program has no limit. */
  readonly mostCalls?: number;
}

/**
 * Opens the list of an input. If an input that its binding names has no value, nothing is called and the list is empty.
 * Pages are read one after the other. If one of them fails, the entries of earlier pages are lost.
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
 * Returns what an editor saves if the field of an input shows this text. In a flat list with several selected entries,
 * they are joined with a comma and a space. A text that is not an entry is saved as it was typed if the input is
 * editable, and is lost otherwise.
 */
export function savedValue({ properties = {} }: InputDefinition, list: OpenList, shown: string): string {
  const has = (property: string): boolean => String(properties[property]).toLowerCase() === 'true';
  const parts = has('MultiSelectFlatList') ? shown.split(', ') : [shown];
  return parts
    .flatMap((part) => list.saved.get(part.trim()) ?? (has('EditableOptions') && part.trim() ? part : []))
    .join(',');
}
