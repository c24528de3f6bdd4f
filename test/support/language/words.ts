/** A wording that confuses readers, and what to write instead. */
export interface Unwanted {
  readonly pattern: RegExp;
  readonly instead: string;
}

const unwanted = (pattern: string, instead: string): Unwanted => ({
  pattern: new RegExp(String.raw`(?<![\w-])(?:${pattern})(?![\w-])`, 'giu'),
  instead,
});

/**
 * Wordings that are not used in texts for people, for one of three reasons: the field has another term, the wording is
 * translated word for word from another language, or it has two meanings.
 */
export const UNWANTED: readonly Unwanted[] = [
  // The terms of Azure, Azure DevOps, and networks.
  unwanted('cures?|cured|remedy|remedies', 'resolution, or say what to do'),
  unwanted('live (?:request|grant|access)s?', 'active request'),
  unwanted('rivals?|rival requests?', 'concurrent request'),
  unwanted('standing (?:access|rules?)', 'permanent access'),
  unwanted('rehears\\w*', 'dry run'),
  unwanted('ask(?:s|ed|ing)? (?:Azure )?for (?:access|ports?|both|more|less|nothing)', 'request'),
  unwanted('(?:is|are|was|were|be|been) asked for', 'requested'),
  unwanted('asked of', 'requested from'),
  unwanted('(?:Azure|it) (?:took|takes|has taken) (?:the|a|this|that) requests?', 'accepted the request'),
  unwanted('let(?:s|ting)? (?:(?:the|this|a|an|your|every|each|more) )?(?:\\w+ )?in', 'allow'),
  unwanted('(?:gets?|getting|got) in', 'can connect, or is allowed'),
  unwanted('keeps? (?:\\w+ ){0,3}out', 'deny, or block'),
  unwanted('shut', 'closed, or blocked'),
  unwanted('verdicts?', 'result (IP flow verify), or assessment (Defender for Cloud)'),
  unwanted('fates?|stories|story', 'outcome, or run'),
  unwanted('hand-?made', 'created manually'),
  unwanted('by hand', 'manually'),
  // American spelling, as in Azure DevOps.
  unwanted('organis\\w+|authoris\\w+|recognis\\w+|minimis\\w+|summaris\\w+|normalis\\w+', 'spelling with z'),
  unwanted('behaviours?|colours?|favours?|honours?|neighbours?|licences?|centres?|grey', 'American spelling'),
  unwanted('catalogues?|cancelled|cancelling|analys(?:e|es|ed|ing)', 'American spelling'),
  // Ambiguous.
  unwanted('may not', 'is not allowed to, or might not'),
  unwanted('(?:is|are|was|were) to (?:be|come|go|have|say|allow|open|close|decide)', 'should, must, or will'),
  // Translated word for word.
  unwanted('makes? no sense|made no sense|making no sense', 'unexpected response'),
  unwanted('by (?:line|comma|line or comma|comma or line)', 'one per line, or comma-separated'),
  unwanted('comma lists?', 'comma-separated list'),
  unwanted('any ?more', 'no longer'),
  unwanted('not to be had|to be had', 'not available'),
  unwanted('nobody|everybody', 'no one, anyone, or everyone'),
  unwanted('by way of', 'through'),
  unwanted('beside', 'next to, in addition to, or apart from'),
  unwanted('stands? behind|stood behind', 'belongs to'),
  unwanted('stands? (?:in the way|there|here)|(?:is|are|be|stays?|remains?) in the way', 'blocks'),
  unwanted('(?:opens?|on|in) the way to', 'on the path to'),
  unwanted('the way is (?:really )?open', 'the connection is allowed'),
  unwanted(
    'made anew|(?:write|writes|take|takes|draw|draws|ask|asks|made|sign|signs)(?: \\w+){0,3} anew',
    'again',
  ),
  unwanted('anew', 'again'),
  unwanted('troubles?', 'problem, error, or failure'),
  unwanted('faults?', 'error, bug, or failure'),
  unwanted('crowds?', 'many'),
  unwanted('oddit(?:y|ies)|odd', 'unexpected'),
  unwanted('tells? (?:of|what|which|whether|how|why|that|the|apart)', 'says, shows, or reports'),
  unwanted('leads? (?:nowhere|somewhere)', 'broken link, or says where it points'),
  unwanted('looks? at (?:them|it|the rule)', 'check, or review'),
  unwanted('whoever', 'anyone who, or the person who'),
  unwanted('what(?:soever)? (?:is|was) (?:asked|wanted) for', 'what was requested'),
  unwanted('(?:is|are|was|were) believed|believes? (?:Azure|it|the)', 'trusted, or used'),
  unwanted('out of the way|under way', 'in progress'),
  unwanted('as good as|at a stroke|in one sitting|by chance', 'plain words'),
  unwanted('for ever', 'permanently'),
  unwanted('as well as that|does as well', 'also works'),
  unwanted('at last', 'finally'),
  unwanted('a moment', 'a few seconds'),
  unwanted('mend(?:s|ed|ing)?', 'fix'),
  unwanted('ought to|shall', 'should, or must'),
  unwanted('(?:is|are) not there', 'is missing, or does not exist'),
  unwanted('makes? of (?:it|them|that)', 'handles it, or responds to it'),
  unwanted('as a whole', 'completely'),
  unwanted("Azure's (?:own )?word", 'what Azure reports'),
  unwanted('(?:its|the|own) notes', 'saved state'),
  unwanted('holes?', 'vulnerability, or gap'),
  unwanted('photographs?|photographed', 'takes a screenshot of'),
];

/** Returns the unwanted wordings in a text, each with the surrounding words and what to write instead. */
export function findUnwanted(text: string): readonly string[] {
  return UNWANTED.flatMap(({ pattern, instead }) =>
    [...text.matchAll(pattern)].map(({ 0: words, index }) => {
      const around = text.slice(Math.max(0, index - 40), index + words.length + 40).replaceAll(/\s+/g, ' ');
      return `"${words}" in "… ${around} …": ${instead}`;
    }),
  );
}
