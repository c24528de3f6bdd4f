/** The data that a template can use. */
export type Context = Readonly<Record<string, unknown>>;

type Helper = (parts: readonly string[], context: unknown) => string;

/**
 * Renders a template as the service endpoints of Azure DevOps do: in their own dialect of Mustache, of which this
 * supports what the project's bindings use. `{{x}}` is escaped for HTML, `{{{x}}}` is not, and an unknown path is
 * empty. The helpers are documented in microsoft/azure-pipelines-extensions,
 * docs/authoring/endpoints/mustacheHelpers.md.
 *
 * @throws Error for a helper or a block that is not supported, so that nothing is ignored.
 */
export function render(template: string, context: unknown): string {
  const block = /\{\{#getTokenValue ([\w.]+)\}\}(.*?)\{\{\/getTokenValue\}\}/gs;
  const unfolded = template.split(block);
  return unfolded
    .map((part, at) => {
      if (at % 3 === 0) return renderTags(part, context);
      if (at % 3 === 1) return '';
      const token = textAt(unfolded[at - 1] ?? '', context);
      return token === '' ? '' : renderTags(part, token);
    })
    .join('');
}

function renderTags(template: string, context: unknown): string {
  return template.replace(
    /\{\{\{(.+?)\}\}\}|\{\{(.+?)\}\}/g,
    (_tag, raw: string | undefined, escaped: string | undefined) => {
      const [name = '', ...parts] = (raw ?? escaped ?? '').trim().split(/\s+/);
      const helper = HELPERS[name];
      if (helper) return helper(parts, context);
      if (!/^\w[\w.]*$/.test(name) || parts.length > 0)
        throw new Error(`Unknown in a template: {{${name}}}.`);
      const value = textAt(name, context);
      return raw === undefined ? escapeHtml(value) : value;
    },
  );
}

const HELPERS: Readonly<Record<string, Helper>> = {
  '#jsonEscape': ([path = ''], context) => JSON.stringify(textAt(path, context)).slice(1, -1),
  /** Returns the segment of an Azure ID that follows the given one, regardless of case. */
  '#extractResource': ([path = '', type = ''], context) => {
    const segments = textAt(path, context).split('/');
    return segments[segments.findIndex((segment) => segment.toLowerCase() === type.toLowerCase()) + 1] ?? '';
  },
  isTokenPresent: ([path = ''], context) => (valueAt(path, context) === undefined ? 'False' : 'True'),
  /** Returns `key=value` from the URL in the context, for the first key that it has, without decoding it. */
  extractUrlQueryParamKeyValue: ([keys = ''], context) => {
    const pairs = new URL(String(context)).search.slice(1).split('&');
    const spellings = keys.split(',').flatMap((key) => [key, decodeURIComponent(key)]);
    const found = spellings.flatMap((key) => pairs.filter((pair) => pair.startsWith(`${key}=`)));
    return found[0] ?? '';
  },
};

const valueAt = (path: string, context: unknown): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (value, key) => (typeof value === 'object' && value !== null ? (value as Context)[key] : undefined),
      context,
    );

function textAt(path: string, context: unknown): string {
  const value = valueAt(path, context);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

const escapeHtml = (text: string): string =>
  text.replace(/[<>"'&]/g, (character) => `&#${String(character.charCodeAt(0))};`);
