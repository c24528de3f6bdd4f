import { CLOSING_SURVIVORS } from './explained/closing';
import { PLANNING_SURVIVORS } from './explained/planning';
import { POLICY_CHANGE_SURVIVORS } from './explained/policyChange';
import { RULES_SURVIVORS } from './explained/rules';
import type { ExplainedSurvivor } from './judge';

/** Mutants that may live, each with the reason: nobody can see a difference, or it is one of speed or wording alone. */
export const SURVIVORS: readonly ExplainedSurvivor[] = [
  ...RULES_SURVIVORS,
  ...POLICY_CHANGE_SURVIVORS,
  ...PLANNING_SURVIVORS,
  ...CLOSING_SURVIVORS,
];
