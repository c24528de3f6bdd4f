import type { Experiment } from './experiment';
import { activityLog } from './experiments/activityLog';
import { containedSources } from './experiments/containedSources';
import { deletedRule } from './experiments/deletedRule';
import { ends } from './experiments/ends';
import { flowVerify } from './experiments/flowVerify';
import { lostAnswers } from './experiments/lostAnswers';
import { manySources } from './experiments/manySources';
import { nearEnd } from './experiments/nearEnd';
import { neededRights } from './experiments/neededRights';
import { outsidePlan } from './experiments/outsidePlan';
import { outsidePolicy } from './experiments/outsidePolicy';
import { policyWrites } from './experiments/policyWrites';
import { rulePlaces } from './experiments/rulePlaces';
import { ruleTimes } from './experiments/ruleTimes';
import { spelling } from './experiments/spelling';
import { subscriptionList } from './experiments/subscriptionList';
import { supersession } from './experiments/supersession';

/** The experiments of the kit, in this order. The first one uses the named port. */
export const EXPERIMENTS: readonly Experiment[] = [
  rulePlaces,
  containedSources,
  outsidePolicy,
  ends,
  spelling,
  lostAnswers,
  manySources,
  supersession,
  nearEnd,
  deletedRule,
  policyWrites,
  subscriptionList,
  neededRights,
  outsidePlan,
  flowVerify,
  ruleTimes,
  activityLog,
];
