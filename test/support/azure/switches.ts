import type { Settings } from './settings';

/** The values that a switch can have. */
export type Form =
  | { readonly kind: 'flag' | 'code' }
  | { readonly kind: 'choice'; readonly of: readonly string[] }
  /** An integer of at least `least`. `endless`: the word for an infinite one. */
  | { readonly kind: 'number'; readonly least: number; readonly endless?: 'any' };

const flag = { kind: 'flag' } as const;
const choice = (...of: readonly string[]): Form => ({ kind: 'choice', of });

/**
 * The settings for what is unknown about the real Azure, with their possible values. A findings file has the values.
 * All other settings are circumstances, which tests choose.
 */
export const SWITCHES = {
  acceptsDuration: flag,
  acceptsPrefixLists: flag,
  activityLogCarries: choice('nothing', 'justification', 'requestBody'),
  bothEnds: choice('refused', 'endTimeUtc', 'duration'),
  changesIdCase: flag,
  deletedRuleReturns: flag,
  goneVms: choice('refused', 'dropped', 'kept', 'fails'),
  honoursEarlyEnd: flag,
  hostPrefixIsAddress: flag,
  initiateNeedsVmWrite: flag,
  lowerCaseStatus: flag,
  mostSources: { kind: 'number', least: 1, endless: 'any' },
  outsidePolicyCode: { kind: 'code' },
  outsidePolicyStatus: { kind: 'number', least: 400 },
  pastEnds: choice('refused', 'accepted'),
  putEndsRequests: flag,
  refusesShortEnds: flag,
  refusesWhileUpdating: flag,
  ruleTargets: choice('nic', 'subnet', 'both'),
  subscriptionListOmits: flag,
  supersession: choice('none', 'vm+port', 'vm+port+source'),
  verbatimSources: flag,
} as const satisfies Partial<Record<keyof Settings, Form>>;

export type SwitchName = keyof typeof SWITCHES;
export type Switches = Pick<Settings, SwitchName>;

export const SWITCH_NAMES = Object.keys(SWITCHES) as readonly SwitchName[];

/** Returns a value for a findings file, because JSON has no infinity. */
export function formatSwitch(name: SwitchName, value: unknown): unknown {
  const form: Form = SWITCHES[name];
  return form.kind === 'number' && value === Infinity ? form.endless : value;
}

/** Parses the value of a switch, or returns undefined if the switch cannot have it. */
export function parseSwitch(name: SwitchName, value: unknown): unknown {
  const form: Form = SWITCHES[name];
  switch (form.kind) {
    case 'flag':
      return typeof value === 'boolean' ? value : undefined;
    case 'choice':
      return form.of.find((one) => one === value);
    case 'code':
      return typeof value === 'string' && /^\w{1,80}$/.test(value) ? value : undefined;
    case 'number':
      if (form.endless !== undefined && value === form.endless) return Infinity;
      return Number.isInteger(value) && Number(value) >= form.least ? value : undefined;
  }
}
