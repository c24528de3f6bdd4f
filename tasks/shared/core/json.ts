/** JSON as Azure wrote it. Fields that this product does not know are written back unchanged. */
export type Json = Readonly<Record<string, unknown>>;

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Returns the items of a list, or none if there is no list. */
export function itemsIn(json: Json, name: string): readonly unknown[] {
  const list = json[name];
  return Array.isArray(list) ? list : [];
}

/** Returns all fields except these. */
export const without = (json: Json, names: readonly string[]): Json =>
  Object.fromEntries(Object.entries(json).filter(([name]) => !names.includes(name)));

/** Returns a field by its name, regardless of case. */
export function valueIn(json: Json, name: string): unknown {
  const wanted = name.toLowerCase();
  const key = name in json ? name : Object.keys(json).find((one) => one.toLowerCase() === wanted);
  return key !== undefined && Object.hasOwn(json, key) ? json[key] : undefined;
}

/** Returns a text by its name, regardless of case, or an empty text if there is none. */
export function textIn(json: Json, name: string): string {
  const found = valueIn(json, name);
  return typeof found === 'string' ? found : '';
}
