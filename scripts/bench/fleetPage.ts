import { LATENCY_MS, PAGE_SIZE, type FleetCost } from './fleet';

const MB = 1_000_000;

/** Returns the table of fleets for docs/performance.md. The other costs are compared with the first one. */
export function formatFleet(costs: readonly FleetCost[], times: number, plot: string): readonly string[] {
  const [one] = costs;
  if (!one) return [];
  const ratio = (value: number, first: number): string => (value / first).toFixed(2);
  const rows = costs.map(({ vms, policies, calls, wallMs, peakBytes }) => {
    const cells = [
      String(vms),
      String(policies),
      String(calls),
      `${(wallMs / 1000).toFixed(2)} s`,
      ratio(wallMs, one.wallMs),
      `${String(Math.round(peakBytes / MB))} MB`,
      ratio(peakBytes, one.peakBytes),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    `Opening a fleet that a query finds, on Node 20, with ${String(LATENCY_MS)} ms for every response and ${String(PAGE_SIZE)} entries per page. The values are medians of ${String(times)} runs, and ratios to one VM.`,
    '',
    '| VMs | Policies | Calls | Wall | to one VM | Memory | to one VM |',
    '| ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...rows,
    '',
    `![Calls, wall time and memory by the number of VMs, as ratios to one VM](${plot})`,
  ];
}

/** The lines of the plot: one for each value, over the sizes with the most policies that were measured. */
const SERIES = [
  { name: 'calls', color: '#0078d4', of: ({ calls }: FleetCost) => calls },
  { name: 'wall time', color: '#d83b01', of: ({ wallMs }: FleetCost) => wallMs },
  { name: 'memory', color: '#107c10', of: ({ peakBytes }: FleetCost) => peakBytes },
] as const;

const [WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM] = [720, 360, 56, 24, 110, 48];

/**
 * Plots the ratios to one VM against the number of VMs, both on logarithmic axes, with ten policies, or as many as
 * there are VMs.
 */
export function plotFleet(costs: readonly FleetCost[]): string {
  const shown = costs.filter(({ vms, policies }) => policies === Math.min(vms, 10));
  const [one] = shown;
  if (!one) return '';
  const most = Math.max(10, ...shown.flatMap((cost) => SERIES.map(({ of }) => of(cost) / of(one))));
  const x = (vms: number): number => LEFT + ((WIDTH - LEFT - RIGHT) * Math.log10(vms)) / 3;
  const y = (value: number): number =>
    HEIGHT - BOTTOM - ((HEIGHT - TOP - BOTTOM) * Math.log10(Math.max(1, value))) / Math.log10(most);
  const ticks = [1, 2, 5, 10, 20, 50].filter((tick) => tick <= most);
  const grid = ticks.map(
    (tick) =>
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(tick).toFixed(1)}" y2="${y(tick).toFixed(1)}" stroke="#8a8886" stroke-opacity="0.35"/>` +
      `<text x="${LEFT - 8}" y="${(y(tick) + 4).toFixed(1)}" text-anchor="end">${String(tick)}</text>`,
  );
  const below = shown.map(
    ({ vms }) =>
      `<text x="${x(vms).toFixed(1)}" y="${HEIGHT - BOTTOM + 20}" text-anchor="middle">${String(vms)}</text>`,
  );
  const lines = SERIES.map(({ name, color, of }) => {
    const points = shown.map((cost) => [x(cost.vms), y(of(cost) / of(one))] as const);
    const [, lastY] = points.at(-1) ?? [0, 0];
    const path = points.map(([px, py]) => `${px.toFixed(1)},${py.toFixed(1)}`).join(' ');
    return (
      `<polyline points="${path}" fill="none" stroke="${color}" stroke-width="2"/>` +
      points
        .map(([px, py]) => `<circle cx="${px.toFixed(1)}" cy="${py.toFixed(1)}" r="3" fill="${color}"/>`)
        .join('') +
      `<text x="${WIDTH - RIGHT + 10}" y="${(lastY + 4).toFixed(1)}" fill="${color}">${name}</text>`
    );
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="13" fill="#605e5c" role="img">`,
    '<title>Cost of opening a fleet, as ratios to one VM</title>',
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    ...grid,
    ...below,
    `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 10}" text-anchor="middle">VMs, with ten policies</text>`,
    ...lines,
    '</svg>',
    '',
  ].join('\n');
}
