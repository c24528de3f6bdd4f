import { refuse } from '../http/answers';

/** A JSON object with unknown fields. */
export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads JSON that must be an object. @throws Refusal 400 `InvalidRequestContent`. */
export function parseFields(text: string): Fields {
  try {
    const value: unknown = JSON.parse(text);
    if (isFields(value)) return value;
  } catch {
    // The error below covers both broken JSON and JSON of another shape.
  }
  throw refuse(
    400,
    'InvalidRequestContent',
    'The request content was invalid and could not be deserialized.',
  );
}

/** Reads a list of objects. @throws Refusal 400 with this code, also for an empty list. */
export function objectsIn(fields: Fields, key: string, code: string): readonly Fields[] {
  const value = fields[key];
  if (Array.isArray(value) && value.length > 0 && value.every(isFields)) return value;
  throw refuse(400, code, `The field '${key}' must be a list of objects that is not empty.`);
}

/** Returns the unknown fields. A robust service would ignore them, but a thorough test must not. */
export const strangeFields = (fields: Fields, known: readonly string[]): readonly string[] =>
  Object.keys(fields).filter((key) => !known.includes(key));
