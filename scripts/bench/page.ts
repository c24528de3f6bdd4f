import os from 'node:os';
import { median, type Comparison } from './pairs';
import type { Trust } from './processes';
import type { ProgramSize } from './programs';

/** The results with one version of Node. */
export interface NodeResults {
  /** `20.19.0` */
  readonly version: string;
  readonly trust: Trust;
  /** By the name of what was compared with the bare process. */
  readonly comparisons: ReadonlyMap<string, Comparison>;
}

/** The calls of one run of JitOpenPorts for one VM. */
export interface CallCounts {
  readonly calls: number;
  readonly inSeries: number;
  /** Only the calls to Azure Resource Manager. */
  readonly armInSeries: number;
}

/** Everything that the page shows. */
export interface Results {
  readonly nodes: readonly NodeResults[];
  readonly pairs: number;
  readonly programs: readonly ProgramSize[];
  readonly vsixBytes: number;
  readonly counts: CallCounts;
}

/** Returns the measured part of docs/performance.md as Markdown. */
export function formatResults({ nodes, pairs, programs, vsixBytes, counts }: Results): string[] {
  const versions = [...new Set(nodes.map(({ version }) => version))].join(' and ');
  const by = (trust: Trust): string[] => ratioTable(nodes.filter((node) => node.trust === trust));
  return [
    `${new Date().toISOString().slice(0, 10)}, ${machine()}, Node ${versions}. Medians of ${pairs} pairs.`,
    '',
    'The agent names the certificate authority:',
    '',
    ...by('agent'),
    '',
    'The machine names it in `NODE_EXTRA_CA_CERTS`, for both processes:',
    '',
    ...by('machine'),
    '',
    'The machine names a bundle with it and all public authorities, for both processes:',
    '',
    ...by('bundle'),
    '',
    ...sizeTable(programs),
    '',
    `The package has ${count(vsixBytes)} bytes. One run of \`JitOpenPorts\` for one VM makes ${counts.calls} calls, ${counts.inSeries} of them in series. Of the calls to Azure Resource Manager, ${counts.armInSeries} are in series.`,
  ];
}

function machine(): string {
  const cpus = os.cpus();
  const memory = `${(os.totalmem() / 2 ** 30).toFixed(1)} GiB of memory`;
  return [
    cpus[0]?.model.trim() ?? 'an unknown processor',
    `${cpus.length} cores`,
    memory,
    `${os.type()} ${os.release().split('.').slice(0, 2).join('.')} on ${os.arch()}`,
  ].join(', ');
}

function ratioTable(nodes: readonly NodeResults[]): string[] {
  const major = ({ version }: NodeResults): string => version.split('.')[0] ?? '';
  const head = nodes.flatMap((node) =>
    ['wall', 'CPU', 'memory'].map((what) => `${what}, Node ${major(node)}`),
  );
  const titles = [...(nodes[0]?.comparisons.keys() ?? [])];
  const ratio = (value: number | undefined): string => (value ?? NaN).toFixed(2);
  return [
    row(['', ...head]),
    row(['---', ...head.map(() => '---:')]),
    row(['`node -e 0`', ...nodes.flatMap(bareCells)]),
    ...titles.map((title) => {
      const cells = nodes.flatMap(({ comparisons }) => {
        const ratios = comparisons.get(title)?.ratios;
        return [ratio(ratios?.wallMs), ratio(ratios?.cpuMs), ratio(ratios?.peakBytes)];
      });
      return row([title, ...cells]);
    }),
  ];
}

function bareCells({ comparisons }: NodeResults): string[] {
  const all = [...comparisons.values()].flatMap(({ bare }) => bare);
  const ms = (values: readonly number[]): string => `${Math.round(median(values))} ms`;
  const peak = median(all.map(({ peakBytes }) => peakBytes)) / 1_000_000;
  return [ms(all.map(({ wallMs }) => wallMs)), ms(all.map(({ cpuMs }) => cpuMs)), `${Math.round(peak)} MB`];
}

const sizeTable = (programs: readonly ProgramSize[]): string[] => [
  row(['program', 'bytes, unpacked', 'modules']),
  row(['---', '---:', '---:']),
  ...programs.map(({ target, bytes, modules }) =>
    row([`\`${target.replace(/^tasks\//, '')}\``, count(bytes), count(modules)]),
  ),
];

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const count = (value: number): string => value.toLocaleString('en-US');
