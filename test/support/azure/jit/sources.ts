import type { Settings } from '../settings';

/** Whether the text is `*`, an IPv4 address, or an IPv4 CIDR. The service accepts nothing else. */
export const isSource = (text: string): boolean => text === '*' || toRange(text) !== undefined;

/**
 * Whether a policy's sources allow a requested source. Verbatim: only the policy's own text is allowed, or anything if
 * it is `*`. Otherwise, an address or a CIDR within an allowed CIDR is allowed too. `1.2.3.4` and `1.2.3.4/32` are one
 * text or two.
 */
export function allowsSource(
  allowed: readonly string[],
  requested: string,
  { verbatimSources, hostPrefixIsAddress }: Pick<Settings, 'verbatimSources' | 'hostPrefixIsAddress'>,
): boolean {
  const spell = (text: string): string => (hostPrefixIsAddress ? text.replace(/\/32$/, '') : text);
  if (allowed.includes('*') || allowed.map(spell).includes(spell(requested))) return true;
  const wanted = toRange(requested);
  if (verbatimSources || !wanted) return false;
  return allowed.map(toRange).some((range) => range && range[0] <= wanted[0] && wanted[1] <= range[1]);
}

const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/;

/** Returns the first and last address of an address or a CIDR, as numbers. */
function toRange(text: string): readonly [number, number] | undefined {
  const found = IPV4.exec(text);
  if (!found) return undefined;
  const [a = 0, b = 0, c = 0, d = 0] = found.slice(1, 5).map(Number);
  const bits = Number(found[5] ?? 32);
  if (Math.max(a, b, c, d) > 255 || bits > 32) return undefined;
  const size = 2 ** (32 - bits);
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  const first = Math.floor(address / size) * size;
  return [first, first + size - 1];
}
