import { CodedError } from '../../errors';
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

/**
 * Azure's JSON, read field by field: the SDK's types promise more than a service keeps. A field of another type is
 * JIT604; null is the same as absent.
 */
export interface Shape {
  /** Throws when it is absent. */
  text(name: string): string;
  optionalText(name: string): string | undefined;
  /** A whole number. Throws when it is absent. */
  integer(name: string): number;
  optionalInteger(name: string): number | undefined;
  /** Milliseconds since 1970. Throws when it is absent. */
  time(name: string): number;
  isTrue(name: string): boolean;
  isFalse(name: string): boolean;
  /** Absent is empty. */
  texts(name: string): readonly string[];
  list(name: string): readonly Shape[];
  /** The items of a list, whatever they are. Absent is empty. */
  items(name: string): readonly unknown[];
  optional(name: string): Shape | undefined;
}

/** @param what what a failure says made no sense */
export function shapeOf(value: unknown, what: string): Shape {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ShapeError(what, `${textOf(value)} in the place of an object`);
  }
  const fields = value as Readonly<Record<string, unknown>>;
  const read = <T>(name: string, accepts: (field: unknown) => field is T): T | undefined => {
    const field = fields[name] ?? undefined;
    if (field === undefined || accepts(field)) return field;
    throw new ShapeError(what, `the field ${name} with the value ${textOf(field)}`);
  };
  const need = <T>(name: string, field: T | undefined): T => {
    if (field === undefined) throw new ShapeError(what, `no field ${name}`);
    return field;
  };
  const shape: Shape = {
    optionalText: (name) => read(name, isText),
    text: (name) => need(name, shape.optionalText(name)),
    optionalInteger: (name) => read(name, isInteger),
    integer: (name) => need(name, shape.optionalInteger(name)),
    time: (name) => new Date(need(name, read(name, isTime))).getTime(),
    isTrue: (name) => fields[name] === true,
    isFalse: (name) => fields[name] === false,
    texts: (name) => read(name, isTexts) ?? [],
    list: (name) => shape.items(name).map((item) => shapeOf(item, what)),
    items: (name) => read(name, isList) ?? [],
    optional: (name) => {
      const field = fields[name] ?? undefined;
      return field === undefined ? undefined : shapeOf(field, what);
    },
  };
  return shape;
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
const isTexts = (field: unknown): field is readonly string[] => Array.isArray(field) && field.every(isText);
const isTime = (field: unknown): field is string | Date =>
  (typeof field === 'string' || field instanceof Date) && !Number.isNaN(new Date(field).getTime());
