import { isJson, type Json } from '../../core/json';
import { senselessAnswer } from '../../messages/failures';
import { ShapeError } from './shape';

/** An object. Throws JIT604 when it is none. */
export function toJson(value: unknown, what: string): Json {
  if (isJson(value)) return value;
  throw new ShapeError(what, 'a value that is not an object');
}

const MOST_DEPTH = 100;

/**
 * The JSON with the properties of every object in it beside its other fields, as Microsoft's models have it. Throws
 * JIT604 for what is no object, and for objects nested so deeply that Azure cannot have written them.
 */
export const flat = (body: unknown, what: string): Json => flatten(toJson(body, what), 0);

function flatten(body: Json, depth: number): Json {
  if (depth > MOST_DEPTH) throw senselessAnswer('Azure Resource Manager', 'too many nested objects');
  const inside = (value: unknown): unknown => (isJson(value) ? flatten(value, depth + 1) : value);
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
