import type { OddEntry } from '../../core/policy';
import { parseVmId } from '../../core/resourceIds';
import { shapeOf, ShapeError, type Shape } from './shape';

/** What is known about an entry before it is read. */
export type OddPlace = Pick<OddEntry, 'part'> & Partial<OddEntry>;

/** Returns the result of `read`, or passes the problem of a `ShapeError` to `onOdd` and returns `undefined`. */
export function readOr<T>(read: () => T, onOdd: (problem: string) => void): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    onOdd(error.problem);
    return undefined;
  }
}

/**
 * Returns the results of `read` for all items of a list. An invalid item is added to `odd`, with the VM and the port
 * that it names, and does not affect the others.
 *
 * @param read returns `undefined` for an item to leave out
 */
export function readEach<Model, T>(
  items: () => readonly unknown[],
  what: string,
  place: OddPlace,
  odd: OddEntry[],
  read: (item: Shape<Model>) => T | undefined,
): readonly T[] {
  const note = (raw: unknown) => (problem: string) => {
    odd.push({ vmKey: vmKeyIn(raw), port: portIn(raw), mayLastUntil: 0, ...place, problem });
  };
  const list = readOr(items, note(undefined)) ?? [];
  return list.flatMap((item) => readOr(() => read(shapeOf(item, what)), note(item)) ?? []);
}

/** Returns the ID of the VM that an entry names, in lower case. */
export function vmKeyIn(raw: unknown): string | undefined {
  const id = fieldOf(raw, 'id');
  return typeof id === 'string' ? (parseVmId(id)?.key ?? id.toLowerCase()) : undefined;
}

/** Returns the port that an entry names, also if it is a text. */
export function portIn(raw: unknown): number | undefined {
  const number = fieldOf(raw, 'number');
  const port = typeof number === 'string' && /^\d{1,5}$/.test(number) ? Number(number) : number;
  return typeof port === 'number' && Number.isInteger(port) ? port : undefined;
}

export const fieldOf = (raw: unknown, name: string): unknown =>
  typeof raw === 'object' && raw !== null ? (raw as Readonly<Record<string, unknown>>)[name] : undefined;
