import * as refusals from '../../tasks/shared/messages/refusals';
import type { Makers } from './hostileMakers';

export const REFUSAL_MAKERS = {
  forbidden: ({ text }) =>
    [{}, { words: text() }, { condition: true, words: text() }, { unnamed: true, words: text() }].flatMap(
      (detail) => {
        const failure = refusals.forbidden(text(), text(), detail);
        return [failure, failure.why];
      },
    ),
  forbiddenBy: ({ text }) =>
    (['denyAssignment', 'policy', 'lock', 'disabledSubscription'] as const).flatMap((barrier) => {
      const failure = refusals.forbiddenBy(barrier, text(), text());
      return [failure, failure.why];
    }),
  versionRefused: ({ text }) => {
    const failure = refusals.versionRefused(text(), text());
    return [failure, failure.why];
  },
  defenderPlanOff: ({ text }) => [refusals.defenderPlanOff(text(), text())],
  notOnboarded: ({ text }) => [refusals.notOnboarded(text(), text())],
  tokenOfOtherTenant: ({ text, texts }) => [
    refusals.tokenOfOtherTenant(texts(), text()),
    refusals.tokenOfOtherTenant([], text()),
  ],
  refusedByAzure: ({ text }) => [refusals.refusedByAzure(text(), text())],
} satisfies Makers<typeof refusals>;
