import { parseTime } from '../../core/times';
import { CodedError } from '../../core/errors';
import { senselessAnswer } from '../../messages/failures';

/** JIT604: a part of a response is invalid. */
export class ShapeError extends CodedError {
  /**
   * @param what the sender of the response, for the message
   * @param problem what is invalid, as foreign text
   */
  constructor(
    what: string,
    readonly problem: string,
  ) {
    super(senselessAnswer(what, problem));
  }
}

/** The model for JSON that Microsoft has no model of: any name can be a field of any type. */
type NoModel = Readonly<Record<string, never>>;

/** The names of a model's fields that have a type. */
type Names<T, Type> = string & { [K in keyof T]-?: NonNullable<T[K]> extends Type ? K : never }[keyof T];
type Inner<T> = [T] extends [never] ? NoModel : NonNullable<T>;
type Item<T> = [T] extends [never] ? NoModel : NonNullable<T> extends readonly (infer I)[] ? I : never;

/**
 * Reads Azure's JSON field by field, because a service does not always keep what Microsoft's models promise. A field of
 * another type is JIT604; null is the same as absent.
 *
 * @typeParam T Microsoft's model: a name that the model does not have, or has with another type, does not compile
 */
export interface Shape<T = NoModel> {
  /** Throws JIT604 if it is absent. */
  text(name: Names<T, string>): string;
  optionalText(name: Names<T, string>): string | undefined;
  /** The priority of a rule. Throws JIT604 if it is absent or not a whole number from 0 to 65535. */
  priority(name: Names<T, number>): number;
  /** A port number. Throws JIT604 if it is absent or not a valid port number. */
  port(name: Names<T, number>): number;
  optionalPort(name: Names<T, number>): number | undefined;
  /** Milliseconds since 1970. Throws JIT604 if it is absent. */
  time(name: Names<T, Date>): number;
  isTrue(name: Names<T, boolean>): boolean;
  isFalse(name: Names<T, boolean>): boolean;
  /** Empty if it is absent. */
  texts(name: Names<T, readonly string[]>): readonly string[];
  list<K extends Names<T, readonly object[]>>(name: K): readonly Shape<Item<T[K]>>[];
  /** The items of a list, of any type. Empty if it is absent. */
  items(name: Names<T, readonly unknown[]>): readonly unknown[];
  optional<K extends Names<T, object>>(name: K): Shape<Inner<T[K]>> | undefined;
}

/**
 * Returns a reader for the fields of an object. Throws JIT604 if the value is not an object.
 *
 * @param what the sender of the response, for failure messages
 */
export function shapeOf<T = NoModel>(value: unknown, what: string): Shape<T> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ShapeError(what, `${textOf(value)} instead of an object`);
  }
  const fields = value as Readonly<Record<string, unknown>>;
  const read = <T>(name: string, accepts: (field: unknown) => field is T): T | undefined => {
    const field = fields[name] ?? undefined;
    if (field === undefined || accepts(field)) return field;
    throw new ShapeError(what, `the field ${name} has the value ${textOf(field)}`);
  };
  const need = <T>(name: string, field: T | undefined): T => {
    if (field === undefined) throw new ShapeError(what, `the field ${name} is missing`);
    return field;
  };
  const items = (name: string): readonly unknown[] => read(name, isList) ?? [];
  return {
    optionalText: (name) => read(name, isText),
    text: (name) => need(name, read(name, isText)),
    priority: (name) => need(name, read(name, isPriority)),
    port: (name) => need(name, read(name, isPort)),
    optionalPort: (name) => read(name, isPort),
    time: (name) => parseTime(need(name, read(name, isTime))),
    isTrue: (name) => fields[name] === true,
    isFalse: (name) => fields[name] === false,
    texts: (name) => read(name, isTexts) ?? [],
    list: (name) => items(name).map((item) => shapeOf(item, what)),
    items,
    optional: (name) => {
      const field = fields[name] ?? undefined;
      return field === undefined ? undefined : shapeOf(field, what);
    },
  };
}

const LONGEST = 80;

/** Returns a value as JSON, shortened to `LONGEST` characters. */
function textOf(value: unknown): string {
  // JSON has no `undefined`.
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

const isText = (field: unknown): field is string => typeof field === 'string';
const isList = (field: unknown): field is readonly unknown[] => Array.isArray(field);
const isInteger = (field: unknown): field is number => Number.isInteger(field);
const isPort = (field: unknown): field is number => isInteger(field) && field >= 0 && field <= 65535;
/** NSGs have up to 65500, and classic rules of Azure Firewall up to 65000. */
const isPriority = isPort;
const isTexts = (field: unknown): field is readonly string[] => Array.isArray(field) && field.every(isText);
const isTime = (field: unknown): field is string =>
  typeof field === 'string' && !Number.isNaN(parseTime(field));
