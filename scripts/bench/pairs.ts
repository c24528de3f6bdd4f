import type { Usage } from './meter';

/** What one process cost. */
export interface Cost extends Usage {
  /** From starting the process until it is gone and its output was read. */
  readonly wallMs: number;
}

/** Runs a process to its end, once. */
export type Measure = () => Promise<Cost>;

/** A process beside a bare one, both measured in turn. */
export interface Comparison {
  /** Medians over the pairs, of what the process cost as a multiple of the bare one in its pair. */
  readonly ratios: Cost;
  /** What the bare processes cost. */
  readonly bare: readonly Cost[];
}

/**
 * Measures so many pairs of a bare process and another one. A pair before them warms the machine up, and does not count.
 * The ratio is taken within each pair, so that a machine that is slow for a while is slow for both.
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

/** The median of some numbers; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low = NaN, high = NaN] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[sorted.length >> 1]];
  return (low + high) / 2;
}
