/** Names from Azure, or names that everyone uses: they identify no one, and some have a meaning. */
const COMMON = new Set(
  [
    ...[
      'default',
      'management',
      'jit-live-kit',
      'GatewaySubnet',
      'AzureFirewallSubnet',
      'AzureBastionSubnet',
      'NetworkWatcherRG',
    ],
    ...['Basic', 'Standard', 'StandardV2', 'Premium', 'AZFW_VNet', 'AZFW_Hub'],
    ...['AllowVnetInBound', 'AllowAzureLoadBalancerInBound', 'DenyAllInBound'],
    ...['AllowVnetOutBound', 'AllowInternetOutBound', 'DenyAllOutBound'],
  ].map((name) => name.toLowerCase()),
);

/** `…-JITRule_<int>_<32 HEX>` is the rule of a policy, and with dashes that of a request. Its prefix is kept. */
const JIT_RULE = /^((?:MicrosoftDefenderForCloud|SecurityCenter)-JITRule)([_-])(-?\d+)[_-]([\dA-F]{32})$/i;

/** Stable replacements, in order of their first occurrence, regardless of case. Capital letters remain capital. */
export interface Names {
  /** A name that a person chose. */
  name(text: string, kind?: string): string;
  guid(text: string): string;
  person(text: string): string;
  url(text: string): string;
  text(text: string): string;
  token(text: string): string;
  ipv6(text: string): string;
  /** Whether a text is a replacement. */
  isOwn(text: string): boolean;
  /** The known names, longest first, with their replacements. */
  known(): readonly (readonly [string, string])[];
}

export function createNames(): Names {
  const seen = new Map<string, string>();
  const given = new Map<string, string>();
  const counts = new Map<string, number>();
  const next = (kind: string): number => {
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return count;
  };
  const stable = (kind: string, text: string, make: (count: number) => string): string => {
    const key = `${kind} ${text.toLowerCase()}`;
    const found = seen.get(key) ?? make(next(kind));
    seen.set(key, found);
    return text.length > 1 && text === text.toUpperCase() && /[A-Z]/.test(text) ? found.toUpperCase() : found;
  };
  const hex = (count: number, length: number): string => count.toString(16).padStart(length, '0');
  // If a text is scrubbed twice, it already contains replacements, which are kept.
  const isOwn = (text: string): boolean =>
    [...seen.values()].some((one) => one.toLowerCase() === text.toLowerCase());
  const once =
    (make: (text: string) => string) =>
    (text: string): string =>
      isOwn(text) ? text : make(text);

  return {
    name(text, kind = 'name') {
      if (COMMON.has(text.toLowerCase()) || isOwn(text)) return text;
      if (/^NetworkWatcher_\w+$/i.test(text)) return text;
      const rule = JIT_RULE.exec(text);
      if (rule) {
        const [, head = '', sign = '-'] = rule;
        return stable(
          'rule',
          text,
          (count) => `${head}${sign}${count}${sign}${hex(count, 32).toUpperCase()}`,
        );
      }
      const known = [...given].find(([one]) => one === text.toLowerCase());
      const made = known?.[1] ?? stable(kind, text.toLowerCase(), (count) => `${kind}-${count}`);
      given.set(text.toLowerCase(), made);
      return text.length > 1 && text === text.toUpperCase() && /[A-Z]/.test(text) ? made.toUpperCase() : made;
    },
    guid: once((text) => stable('guid', text, (count) => `00000000-0000-4000-8000-${hex(count, 12)}`)),
    person: once((text) => stable('person', text, (count) => `person-${count}@example.com`)),
    url: once((text) => stable('url', text, (count) => `https://example.com/${count}`)),
    text: once((text) => (text === '' ? '' : stable('text', text, (count) => `text-${count}`))),
    token: once((text) => stable('token', text, (count) => `token-${count}`)),
    ipv6: once((text) => stable('ipv6', text, (count) => `2001:db8::${hex(count, 1)}`)),
    isOwn,
    known: () => [...given].sort(([one], [other]) => other.length - one.length),
  };
}
