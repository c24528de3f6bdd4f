import { parsePrefix, type Prefix } from '../../tasks/shared/core/prefixes';

/** The same with texts where the product has prefixes, as tests write them. */
export type Written<T> = {
  [Name in keyof T]: readonly Prefix[] extends T[Name]
    ? Exclude<T[Name], readonly Prefix[]> | readonly (string | Prefix)[]
    : T[Name];
};

/** The product's value of what a test has written: texts become prefixes in the fields that the product has them in. */
export const read = <T extends object>(written: Written<T>): T =>
  Object.fromEntries(
    Object.entries(written).map(([name, value]) => [name, FIELDS.includes(name) ? readAll(value) : value]),
  ) as T;

const FIELDS = ['sources', 'destinations', 'certain', 'possible', 'source', 'wantedSources', 'own'];

const readAll = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map((one: unknown) => (typeof one === 'string' ? parsePrefix(one) : one))
    : value;
