import type { OddEntry } from '../../core/policy';
import { parseVmId } from '../../core/resourceIds';
import { shapeOf, ShapeError, type Shape } from './shape';

/** What is known of an entry before it is read. */
export type OddPlace = Pick<OddEntry, 'part'> & Partial<OddEntry>;

/** Gives what `read` makes of a thing, or notes why it makes no sense. */
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
 * What `read` makes of every item of a list. One that makes no sense is noted in `odd`, with the VM and the port that it
 * names, and hides no other.
 *
 * @param read gives nothing for an item that is not wanted
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

/** The VM that an entry names, by its id in lower case. */
export function vmKeyIn(raw: unknown): string | undefined {
  const id = fieldOf(raw, 'id');
  return typeof id === 'string' ? (parseVmId(id)?.key ?? id.toLowerCase()) : undefined;
}

/** The port that an entry names, also in a way that is not taken for granted. */
export function portIn(raw: unknown): number | undefined {
  const number = fieldOf(raw, 'number');
  const port = typeof number === 'string' && /^\d{1,5}$/.test(number) ? Number(number) : number;
  return typeof port === 'number' && Number.isInteger(port) ? port : undefined;
}

export const fieldOf = (raw: unknown, name: string): unknown =>
  typeof raw === 'object' && raw !== null ? (raw as Readonly<Record<string, unknown>>)[name] : undefined;
