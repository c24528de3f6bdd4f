import { EXPERIMENTS } from '../../../scripts/live/experiments';
import { switchesIn } from '../azure/findings';
import { SWITCH_NAMES, type SwitchName, type Switches } from '../azure/switches';
import { startKitBed } from './kitBed';

/** A setting of the simulation, and the facts that the kit must determine in it. Without facts, all of them. */
export interface Case {
  readonly name: string;
  readonly set: Partial<Switches>;
  readonly only?: readonly string[];
}

/** What the kit determined. */
export interface CaseResult {
  readonly set: Partial<Switches>;
  readonly found: Partial<Switches>;
  /** The switches for which it found another value, or none. */
  readonly missed: readonly SwitchName[];
  readonly left: readonly string[];
}

/** What no experiment can determine, because it would have to delete a VM. */
export const NOT_TRIED: readonly SwitchName[] = ['goneVms'];

/** Every switch with another value than assumed. */
const OTHERWISE: Partial<Switches> = {
  verbatimSources: false,
  hostPrefixIsAddress: true,
  outsidePolicyStatus: 403,
  outsidePolicyCode: 'RequestNotSubset',
  acceptsDuration: false,
  bothEnds: 'endTimeUtc',
  pastEnds: 'accepted',
  refusesShortEnds: true,
  supersession: 'vm+port',
  honoursEarlyEnd: false,
  deletedRuleReturns: true,
  ruleTargets: 'nic',
  acceptsPrefixLists: false,
  putEndsRequests: true,
  refusesWhileUpdating: false,
  subscriptionListOmits: false,
  changesIdCase: false,
  lowerCaseStatus: true,
  activityLogCarries: 'nothing',
  initiateNeedsVmWrite: true,
};

const one = (name: string, fact: string, set: Partial<Switches>): Case => ({ name, set, only: [fact] });

/** How requests end each other: all combinations, because one hides another. */
const REPLACING: readonly Case[] = (['none', 'vm+port', 'vm+port+source'] as const).flatMap((supersession) =>
  [true, false].flatMap((honoursEarlyEnd) =>
    [true, false].map((refusesShortEnds): Case => ({
      name: `${supersession}, near ends ${honoursEarlyEnd ? 'close' : 'do not close'}, short ones are ${refusesShortEnds ? 'refused' : 'accepted'}`,
      set: { supersession, honoursEarlyEnd, refusesShortEnds },
      only: ['supersession', 'near-end', 'ends'],
    })),
  ),
);

const ENDS: readonly Case[] = (
  [
    [true, 'refused'],
    [true, 'endTimeUtc'],
    [true, 'duration'],
    [false, 'endTimeUtc'],
  ] as const
).flatMap(([acceptsDuration, bothEnds]) =>
  (['refused', 'accepted'] as const).map((pastEnds) =>
    one(
      `durations ${acceptsDuration ? 'are read' : 'are ignored'}, both: ${bothEnds}, over: ${pastEnds}`,
      'ends',
      { acceptsDuration, bothEnds, pastEnds },
    ),
  ),
);

export const CASES: readonly Case[] = [
  { name: 'as it is assumed', set: {} },
  { name: 'all otherwise', set: OTHERWISE },
  ...REPLACING,
  ...ENDS,
  one('addresses in a CIDR are accepted', 'contained-sources', {
    verbatimSources: false,
    hostPrefixIsAddress: true,
  }),
  one('/32 is the address', 'contained-sources', { hostPrefixIsAddress: true }),
  one('another refusal', 'outside-policy', { outsidePolicyStatus: 409, outsidePolicyCode: 'NotAllowed' }),
  ...(['nic', 'subnet', 'both'] as const).map((ruleTargets) =>
    one(`rules on ${ruleTargets}`, 'rule-places', { ruleTargets }),
  ),
  ...[2, 10, 100].map((mostSources) => one(`${mostSources} sources`, 'many-sources', { mostSources })),
  one('no lists of sources', 'many-sources', { acceptsPrefixLists: false }),
  one('deleted rules come back', 'deleted-rule', { deletedRuleReturns: true }),
  ...[true, false].flatMap((putEndsRequests) =>
    [true, false].map((refusesWhileUpdating) =>
      one(
        `a write ${putEndsRequests ? 'ends' : 'leaves'} requests, another one is ${refusesWhileUpdating ? 'refused' : 'accepted'}`,
        'policy-writes',
        { putEndsRequests, refusesWhileUpdating },
      ),
    ),
  ),
  ...(['nothing', 'justification', 'requestBody'] as const).map((activityLogCarries) =>
    one(`the log carries ${activityLogCarries}`, 'activity-log', { activityLogCarries }),
  ),
  one('the subscription’s list is whole', 'subscription-list', { subscriptionListOmits: false }),
  one('requests need the right to write VMs', 'needed-rights', { initiateNeedsVmWrite: true }),
];

/** Runs the experiments for the facts of the case only, and compares the results with the settings. */
export async function runCase({ set, only }: Case): Promise<CaseResult> {
  const bed = await startKitBed(set);
  try {
    const { findings, left } = await bed.run({ ...(only && { only }) });
    const found = switchesIn(findings);
    const expected = only
      ? (Object.keys(set) as SwitchName[])
      : SWITCH_NAMES.filter((name) => isSeen(name, set));
    const missed = expected.filter((name) => found[name] !== bed.azure.settings[name]);
    const wrong = (Object.keys(found) as SwitchName[]).filter(
      (name) => found[name] !== bed.azure.settings[name],
    );
    return { set, found, missed: [...new Set([...missed, ...wrong])], left };
  } finally {
    await bed.close();
  }
}

/** Whether a switch has a visible effect. The maximum length of a list has none if no list is read. */
const isSeen = (name: SwitchName, set: Partial<Switches>): boolean =>
  !NOT_TRIED.includes(name) && !(name === 'mostSources' && set.acceptsPrefixLists === false);

/** The facts for which the kit has experiments. */
export const FACTS: readonly string[] = EXPERIMENTS.map(({ fact }) => fact);
