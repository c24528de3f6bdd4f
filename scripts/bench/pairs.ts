import type { Usage } from './meter';

/** The costs of one process. */
export interface Cost extends Usage {
  /** From the start of the process until it ended and its output was read. */
  readonly wallMs: number;
}

/** Runs a process once until it ends. */
export type Measure = () => Promise<Cost>;

/** A process compared with a bare one, measured alternately. */
export interface Comparison {
  /** Medians over the pairs, of the costs of the process as a multiple of the bare one in its pair. */
  readonly ratios: Cost;
  /** The costs of the bare processes. */
  readonly bare: readonly Cost[];
}

/**
 * Measures pairs of a bare process and another one. A pair before them warms up the machine, and does not count. The
 * ratio is calculated within each pair, because a machine that is slow for a while is slow for both.
 */
export async function comparePairs(bare: Measure, measured: Measure, count: number): Promise<Comparison> {
  const pairs: { readonly bare: Cost; readonly measured: Cost }[] = [];
  for (let index = 0; index <= count; index += 1) {
    const pair = { bare: await bare(), measured: await measured() };
    if (index > 0) pairs.push(pair);
  }
  const ratio = (key: keyof Cost): number => median(pairs.map((pair) => pair.measured[key] / pair.bare[key]));
  return {
    ratios: { wallMs: ratio('wallMs'), cpuMs: ratio('cpuMs'), peakBytes: ratio('peakBytes') },
    bare: pairs.map((pair) => pair.bare),
  };
}

/** Returns the median of some numbers, or NaN without any. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low = NaN, high = NaN] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[sorted.length >> 1]];
  return (low + high) / 2;
}
