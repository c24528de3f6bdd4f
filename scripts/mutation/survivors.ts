import type { ExplainedSurvivor } from './judge';

/** Mutants that may live, each with the reason: nobody can see a difference, or it is one of speed or wording alone. */
export const SURVIVORS: readonly ExplainedSurvivor[] = [];
