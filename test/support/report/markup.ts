import assert from 'node:assert/strict';

/** One tag of a generated page, with its attributes in the form that text between tags would have. */
export interface Tag {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
}

/** The content of a page: its tags in order, and the texts between them. */
export interface Markup {
  readonly tags: readonly Tag[];
  readonly texts: readonly string[];
}

/** Elements of HTML that have no end tag. */
const VOID = ['meta'];

const TAG = /<(\/?)([a-z][a-z0-9]*)((?:\s[\w:-]+="[^"<>]*")*)\s*(\/?)>/gi;
const ENTITY = /&(?:amp|lt|gt|quot|#39);/g;

/**
 * Parses HTML or SVG more strictly than a browser: attributes in double quotes, every element closed, and `<`, `>`, and
 * `&` in text as entities only. Foreign text that breaks out of its place therefore fails the test. Styles are separate
 * texts.
 */
export function readMarkup(page: string): Markup {
  const body = page
    .replace(/^<!doctype html>|^<\?xml [^>]*\?>/, '')
    .replace(/(<style>)[^<]*(<\/style>)/g, '$1$2');
  const tags: Tag[] = [];
  const open: string[] = [];
  for (const [, slash, name = '', attributes = '', empty] of body.matchAll(TAG)) {
    if (slash) {
      assert.equal(open.pop(), name, `</${name}> closes another element`);
      continue;
    }
    tags.push({ name, attributes: readAttributes(attributes) });
    if (!empty && !VOID.includes(name)) open.push(name);
  }
  assert.deepEqual(open, [], 'elements that are not closed');
  const texts = body.split(TAG_OUTSIDE).map(unescaped);
  return { tags, texts: texts.filter((text) => text.trim() !== '') };
}

const TAG_OUTSIDE = new RegExp(TAG.source.replaceAll(/\((?!\?)/g, '(?:'), 'gi');

function readAttributes(text: string): ReadonlyMap<string, string> {
  const pairs = [...text.matchAll(/\s([\w:-]+)="([^"]*)"/g)].map(
    ([, name = '', value = '']) => [name, unescaped(value)] as const,
  );
  assert.equal(new Set(pairs.map(([name]) => name)).size, pairs.length, 'an attribute that comes twice');
  return new Map(pairs);
}

function unescaped(text: string): string {
  assert.doesNotMatch(text.replace(ENTITY, ''), /[<>&]/, text);
  const names: Readonly<Record<string, string>> = {
    ...{ '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" },
  };
  return text.replace(ENTITY, (entity) => names[entity] ?? entity);
}
