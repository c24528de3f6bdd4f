/** JSON as Azure wrote it: what this product does not know of it goes back as it came. */
export type Json = Readonly<Record<string, unknown>>;

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The items of a list; none where there is no list. */
export function itemsIn(json: Json, name: string): readonly unknown[] {
  const list = json[name];
  return Array.isArray(list) ? list : [];
}

/** The fields but these. */
export const without = (json: Json, names: readonly string[]): Json =>
  Object.fromEntries(Object.entries(json).filter(([name]) => !names.includes(name)));

/** A field by its name in any case. */
export function valueIn(json: Json, name: string): unknown {
  const wanted = name.toLowerCase();
  const key = name in json ? name : Object.keys(json).find((one) => one.toLowerCase() === wanted);
  return key !== undefined && Object.hasOwn(json, key) ? json[key] : undefined;
}

/** A text by its name in any case; empty where there is none. */
export function textIn(json: Json, name: string): string {
  const found = valueIn(json, name);
  return typeof found === 'string' ? found : '';
}
