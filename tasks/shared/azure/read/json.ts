import { isJson, type Json } from '../../core/json';
import { ShapeError } from './shape';

/** Returns the value if it is an object. Otherwise throws JIT604. */
export function toJson(value: unknown, what: string): Json {
  if (isJson(value)) return value;
  throw new ShapeError(what, 'a value that is not an object');
}

/**
 * Returns the JSON with the `properties` of every object merged into the object, as in Microsoft's models. Throws
 * JIT604 if the body is not an object.
 */
export const flat = (body: unknown, what: string): Json => flatten(toJson(body, what));

function flatten(body: Json): Json {
  const inside = (value: unknown): unknown => (isJson(value) ? flatten(value) : value);
  const { properties, ...own } = body;
  const inner = inside(properties);
  const rest = inner === undefined ? [] : Object.entries(isJson(inner) ? inner : { properties: inner });
  const outer = Object.entries(own).map(([name, value]): [string, unknown] => [
    name,
    Array.isArray(value) ? value.map(inside) : inside(value),
  ]);
  const isNull = ([, value]: [string, unknown]): boolean => value === null;
  // The object's own fields take precedence, except for null, which is the same as absent.
  return Object.fromEntries([...outer.filter(isNull), ...rest, ...outer.filter((one) => !isNull(one))]);
}
