import { parseTime } from '../../core/times';
import { CodedError } from '../../core/errors';
import { senselessAnswer } from '../../messages/failures';

/** JIT604: a part of an answer makes no sense. */
export class ShapeError extends CodedError {
  /** @param problem what makes no sense, as foreign text; `what` gave it */
  constructor(
    what: string,
    readonly problem: string,
  ) {
    super(senselessAnswer(what, problem));
  }
}

/** What is read where Microsoft has no model: any name may be a field of any type. */
type NoModel = Readonly<Record<string, never>>;

/** The names of the fields of a model that are of a type. */
type Names<T, Type> = string & { [K in keyof T]-?: NonNullable<T[K]> extends Type ? K : never }[keyof T];
type Inner<T> = [T] extends [never] ? NoModel : NonNullable<T>;
type Item<T> = [T] extends [never] ? NoModel : NonNullable<T> extends readonly (infer I)[] ? I : never;

/**
 * Azure's JSON, read field by field: Microsoft's models promise more than a service keeps. A field of another type is
 * JIT604; null is the same as absent.
 *
 * @typeParam T Microsoft's model of it: a name that the model does not have, or has with another type, does not compile
 */
export interface Shape<T = NoModel> {
  /** Throws when it is absent. */
  text(name: Names<T, string>): string;
  optionalText(name: Names<T, string>): string | undefined;
  /** A whole number. Throws when it is absent. */
  integer(name: Names<T, number>): number;
  /** The number of a port. Throws when it is absent, or when no port has such a number. */
  port(name: Names<T, number>): number;
  optionalPort(name: Names<T, number>): number | undefined;
  /** Milliseconds since 1970. Throws when it is absent. */
  time(name: Names<T, Date>): number;
  isTrue(name: Names<T, boolean>): boolean;
  isFalse(name: Names<T, boolean>): boolean;
  /** Absent is empty. */
  texts(name: Names<T, readonly string[]>): readonly string[];
  list<K extends Names<T, readonly object[]>>(name: K): readonly Shape<Item<T[K]>>[];
  /** The items of a list, whatever they are. Absent is empty. */
  items(name: Names<T, readonly unknown[]>): readonly unknown[];
  optional<K extends Names<T, object>>(name: K): Shape<Inner<T[K]>> | undefined;
}

/** @param what what a failure says made no sense */
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
    integer: (name) => need(name, read(name, isInteger)),
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

/** A value as JSON, cut where it is long. */
function textOf(value: unknown): string {
  // Nothing has no JSON.
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

const isText = (field: unknown): field is string => typeof field === 'string';
const isList = (field: unknown): field is readonly unknown[] => Array.isArray(field);
const isInteger = (field: unknown): field is number => Number.isInteger(field);
const isPort = (field: unknown): field is number => isInteger(field) && field >= 0 && field <= 65535;
const isTexts = (field: unknown): field is readonly string[] => Array.isArray(field) && field.every(isText);
const isTime = (field: unknown): field is string =>
  typeof field === 'string' && !Number.isNaN(parseTime(field));
