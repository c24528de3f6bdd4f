import { isAccepted, statusText, type Answer } from '../azure';
import { toEntries } from '../bench';
import { MINUTE_MS, NOBODY, type Experiment } from '../experiment';

export const ends: Experiment = {
  fact: 'ends',
  question:
    'Does Azure accept an end, a duration, or both? Can an end be in the past, or within five minutes?',
  does: 'Makes five requests with different ends. Accepted requests last 20 minutes at most.',
  minutes: 1,
  ports: [{}],
  async run(bench, [port = 0]) {
    const ask = (
      index: number,
      more: { readonly endInMs?: number; readonly duration?: string },
    ): Promise<Answer> => bench.request({ port, source: NOBODY.nth(index), ...more });
    const neither = await ask(1, {});
    const duration = await ask(2, { duration: 'PT10M' });
    const both = await ask(3, { endInMs: 8 * MINUTE_MS, duration: 'PT20M' });
    const past = await ask(4, { endInMs: -MINUTE_MS });
    const short = await ask(5, { endInMs: MINUTE_MS });
    return {
      answer: `Neither: ${statusText(neither)}. Duration alone: ${statusText(duration)}. Both: ${statusText(both)}${lasts(both)}. An end in the past: ${statusText(past)}. An end in one minute: ${statusText(short)}.`,
      switches: {
        acceptsDuration: isAccepted(duration),
        bothEnds: !isAccepted(both) ? 'refused' : minutesOf(both) > 12 ? 'duration' : 'endTimeUtc',
        pastEnds: isAccepted(past) ? 'accepted' : 'refused',
        refusesShortEnds: !isAccepted(short),
      },
    };
  },
};

function minutesOf({ body }: Answer): number {
  const [entry] = toEntries(body);
  return entry ? (Date.parse(entry.endTimeUtc) - Date.parse(entry.startTimeUtc)) / MINUTE_MS : NaN;
}

const lasts = (answer: Answer): string =>
  isAccepted(answer) ? `, for ${String(Math.round(minutesOf(answer)))} minutes` : '';
