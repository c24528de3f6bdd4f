import { isJson, type Json } from '../../core/json';
import { ShapeError } from './shape';

/** An object. Throws JIT604 when it is none. */
export function toJson(value: unknown, what: string): Json {
  if (isJson(value)) return value;
  throw new ShapeError(what, 'a value that is not an object');
}

/**
 * The JSON with the properties of every object in it beside its other fields, as Microsoft's models have it. Throws
 * JIT604 for what is no object.
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
  // Its own fields come last, and count.
  return Object.fromEntries([...rest, ...outer]);
}
