import type { Reply } from '../azure/caller';
import { render, type Context } from './mustache';

/** The definition in a task.json of where the entries of an input come from. */
export interface DataSourceBinding {
  readonly target: string;
  readonly endpointId: string;
  readonly endpointUrl: string;
  readonly resultSelector: string;
  readonly resultTemplate: string;
  readonly initialContextTemplate?: string;
  readonly callbackContextTemplate?: string;
  readonly callbackRequiredTemplate?: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

/** The data of a service connection that templates can use. */
export interface Endpoint {
  /** With a slash at the end, as .NET formats a URL without a path. */
  readonly url: string;
  readonly subscriptionId?: string;
}

export interface ProxyResult {
  readonly statusCode: number;
  readonly errorMessage: string;
  /** One text for each entry, created with the result template, without duplicates. */
  readonly result: readonly string[];
  readonly callbackRequired: boolean;
  /** The parameters of the next call. */
  readonly callbackContext: Readonly<Record<string, string>>;
}

type Parameters = Readonly<Record<string, string>>;

/**
 * Does what the service does for an editor: fills in the URL, calls it with the connection's sign-in, and creates
 * entries from the response. Fields and order are as in microsoft/azure-pipelines-extensions,
 * docs/authoring/endpoints/dataSources.md and pagination.md. An unsuccessful response has no entries.
 *
 * @param request - Sends a GET to a complete URL.
 */
export async function executeRequest(
  binding: DataSourceBinding,
  endpoint: Endpoint,
  parameters: Parameters,
  request: (url: string) => Promise<Reply>,
): Promise<ProxyResult> {
  const initial = JSON.parse(binding.initialContextTemplate ?? '{}') as Parameters;
  const known: Context = { endpoint, ...initial, ...parameters };
  const url = render(binding.endpointUrl, known);
  if (!url.startsWith(endpoint.url)) throw new Error(`Not an address of the connection: ${url}`);
  const { status, text } = await request(url);
  if (status !== 200) {
    return {
      statusCode: status,
      errorMessage: text,
      result: [],
      callbackRequired: false,
      callbackContext: {},
    };
  }
  const response = JSON.parse(text) as Context;
  const entries = select(binding.resultSelector, response).map((entry) =>
    render(binding.resultTemplate, { ...known, ...entry }),
  );
  const after: Context = { ...known, response, result: { count: entries.length } };
  return {
    statusCode: status,
    errorMessage: '',
    result: [...new Set(entries)],
    callbackRequired: /^true$/i.test(render(binding.callbackRequiredTemplate ?? '', after)),
    callbackContext: JSON.parse(render(binding.callbackContextTemplate ?? '{}', after)) as Parameters,
  };
}

/** The selectors that this project uses: all entries of a field that is an array. */
function select(selector: string, response: Context): readonly Context[] {
  const field = /^jsonpath:\$\.(\w+)\[\*\]$/.exec(selector)?.[1];
  if (field === undefined) throw new Error(`Unknown selector: ${selector}`);
  return (response[field] ?? []) as readonly Context[];
}
