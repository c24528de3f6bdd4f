import type { Range } from './ranges';

/** The requested ports: every port of the policy, or a list as written, without duplicates. */
export type Ports =
  | { readonly kind: 'all' }
  | { readonly kind: 'list'; readonly ports: readonly number[] }
  | { readonly kind: 'wrong'; readonly parts: readonly string[] };

/** The most ports in one request. More are a typing mistake, such as `1-65535`. */
export const MOST_PORTS = 64;

const NAMES: ReadonlyMap<string, number> = new Map([
  ['ssh', 22],
  ['rdp', 3389],
  ['winrm', 5985],
  ['winrm-https', 5986],
]);

function parsePort(text: string): number | undefined {
  return /^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65535 ? Number(text) : undefined;
}

function parsePart(text: string): Range | undefined {
  const named = NAMES.get(text.toLowerCase());
  const [from = '', to = from, ...rest] = text.split('-').map((side) => side.trim());
  const first = named ?? parsePort(from);
  const last = named ?? parsePort(to);
  if (first === undefined || last === undefined || (named === undefined && rest.length > 0)) return undefined;
  return first <= last ? { first, last } : undefined;
}

/** Returns the list with the range added, or `undefined` if this makes it too long. */
function withRange(ports: readonly number[], { first, last }: Range): readonly number[] | undefined {
  const added = Array.from({ length: last - first + 1 }, (_, at) => first + at);
  const all = [...new Set([...ports, ...added])];
  return all.length <= MOST_PORTS ? all : undefined;
}

/**
 * Reads comma-separated ports: numbers from 1 to 65535, ranges such as `5985-5986`, the names `ssh`, `rdp`, `winrm`,
 * and `winrm-https`, or only `all`. Returns every part as wrong that cannot be read, reverses a range, or makes the
 * list longer than 64 ports.
 */
export function parsePorts(text: string): Ports {
  if (text.trim().toLowerCase() === 'all') return { kind: 'all' };
  const wrong: string[] = [];
  let ports: readonly number[] = [];
  for (const part of text.split(',').map((piece) => piece.trim())) {
    const range = parsePart(part);
    const longer = range && withRange(ports, range);
    if (longer) ports = longer;
    else wrong.push(part);
  }
  return wrong.length > 0 ? { kind: 'wrong', parts: wrong } : { kind: 'list', ports };
}
