/** Whether a value has the expected shape. Unknown fields are accepted: a later minor version can add some. */
export type Is = (value: unknown) => boolean;

/** A check for every field of a type, so that none can be forgotten. */
type Fields<T> = { readonly [K in keyof T]-?: Is };

export const text: Is = (value) => typeof value === 'string';
export const flag: Is = (value) => typeof value === 'boolean';
export const number: Is = (value) => typeof value === 'number' && Number.isFinite(value);
export const time: Is = (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value));

export const oneOf =
  (...words: readonly string[]): Is =>
  (value) =>
    typeof value === 'string' && words.includes(value);

export const orNull =
  (is: Is): Is =>
  (value) =>
    value === null || is(value);

export const optional =
  (is: Is): Is =>
  (value) =>
    value === undefined || is(value);

export const list =
  (is: Is): Is =>
  (value) =>
    Array.isArray(value) && value.every(is);

export const object =
  <T>(fields: Fields<T>): Is =>
  (value) =>
    isRecord(value) && Object.entries<Is>(fields).every(([name, is]) => is(value[name]));

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
