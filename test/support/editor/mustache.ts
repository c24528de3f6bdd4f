/** What a template may speak of. */
export type Context = Readonly<Record<string, unknown>>;

type Helper = (parts: readonly string[], context: unknown) => string;

/**
 * Fills a template as the service endpoints of Azure DevOps do: Mustache in their own dialect, of which this knows
 * what the project's bindings use. `{{x}}` is escaped for HTML, `{{{x}}}` is not; a path that leads nowhere is empty.
 * The helpers are listed in microsoft/azure-pipelines-extensions, docs/authoring/endpoints/mustacheHelpers.md.
 *
 * @throws Error for a helper or a block that is not known here, so that nothing passes unread.
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
  /** The segment of an Azure id that follows the one named; case does not matter. */
  '#extractResource': ([path = '', type = ''], context) => {
    const segments = textAt(path, context).split('/');
    return segments[segments.findIndex((segment) => segment.toLowerCase() === type.toLowerCase()) + 1] ?? '';
  },
  isTokenPresent: ([path = ''], context) => (valueAt(path, context) === undefined ? 'False' : 'True'),
  /** Out of the address that is the context: `key=value` of the first key that it has, undecoded. */
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
