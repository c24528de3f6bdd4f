import { CLOSING_SURVIVORS } from './explained/closing';
import { PLANNING_SURVIVORS } from './explained/planning';
import { POLICY_CHANGE_SURVIVORS } from './explained/policyChange';
import { RULES_SURVIVORS } from './explained/rules';
import type { ExplainedSurvivor } from './judge';

/**
 * Mutants that are allowed to survive, each with the reason: no difference can be observed, or only in speed or
 * wording.
 */
export const SURVIVORS: readonly ExplainedSurvivor[] = [
  ...RULES_SURVIVORS,
  ...POLICY_CHANGE_SURVIVORS,
  ...PLANNING_SURVIVORS,
  ...CLOSING_SURVIVORS,
];
