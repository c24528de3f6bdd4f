import { parsePrefix, type Prefix } from '../../tasks/shared/core/prefixes';

/** The same type with texts instead of the product's prefixes, as tests write them. */
export type Written<T> = {
  [Name in keyof T]: readonly Prefix[] extends T[Name]
    ? Exclude<T[Name], readonly Prefix[]> | readonly (string | Prefix)[]
    : T[Name];
};

/**
 * Returns the product's value for what a test has written: texts become prefixes in the fields where the product has
 * them.
 */
export const read = <T extends object>(written: Written<T>): T =>
  Object.fromEntries(
    Object.entries(written).map(([name, value]) => [name, FIELDS.includes(name) ? readAll(value) : value]),
  ) as T;

const FIELDS = ['sources', 'destinations', 'certain', 'possible', 'source', 'wantedSources', 'own'];

const readAll = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map((one: unknown) => (typeof one === 'string' ? parsePrefix(one) : one))
    : value;
