import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isFields, type Fields } from './jit/fields';
import { parseSwitch, SWITCH_NAMES, type SwitchName, type Switches } from './switches';

/** How well a fact is known: measured, not determined by a run, or assumed without a run. */
export const STANDS = ['settled', 'unsettled', 'assumed'] as const;
export type Stand = (typeof STANDS)[number];

/** What is known about one fact of Azure. */
export interface Finding {
  /** The ID of the fact in docs/fidelity.md. */
  readonly fact: string;
  readonly stand: Stand;
  /** One sentence. */
  readonly answer: string;
  /** The switches that it determines, or none if it is not settled. */
  readonly switches: Partial<Switches>;
  /** Times in milliseconds, by name. */
  readonly times: Readonly<Record<string, number>>;
}

/** The number of the file format. A file in another format is rejected. */
export const FINDINGS_FORMAT = 1;

/** Invalid findings, with all their errors. */
export class FindingsError extends Error {
  override readonly name = 'FindingsError';
  constructor(readonly problems: readonly string[]) {
    super(`The findings cannot be used:\n- ${problems.join('\n- ')}`);
  }
}

/**
 * Parses a findings file. Ignores what the simulation does not use, such as evidence.
 *
 * @throws FindingsError with all errors: another format, unknown switches, values that a switch cannot have, or two
 * findings that set one switch differently
 */
export function parseFindings(text: string): readonly Finding[] {
  const problems: string[] = [];
  const items = itemsIn(text, problems);
  const findings = items.map((item, index) => toFinding(item, `findings[${index}]`, problems));
  const seen = new Map<string, unknown>();
  for (const { fact, switches } of findings) {
    for (const [name, value] of Object.entries(switches)) {
      if (seen.has(name) && seen.get(name) !== value)
        problems.push(`${fact} sets ${name} another time, differently.`);
      seen.set(name, value);
    }
  }
  if (problems.length > 0) throw new FindingsError(problems);
  return findings;
}

function itemsIn(text: string, problems: string[]): readonly Fields[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    problems.push('It is no JSON.');
    return [];
  }
  if (!isFields(value) || value['format'] !== FINDINGS_FORMAT) {
    problems.push(`It has another format than ${FINDINGS_FORMAT}.`);
    return [];
  }
  const items = value['findings'];
  if (Array.isArray(items) && items.every(isFields)) return items;
  problems.push('It has no list of findings.');
  return [];
}

function toFinding(item: Fields, where: string, problems: string[]): Finding {
  const { fact, answer } = item;
  const stand = STANDS.find((one) => one === item['stand']);
  if (typeof fact !== 'string' || fact === '') problems.push(`${where} names no fact.`);
  if (typeof answer !== 'string') problems.push(`${where} has no answer.`);
  if (!stand) problems.push(`${where} has the stand ${JSON.stringify(item['stand'])}.`);
  const switches = Object.entries(isFields(item['switches']) ? item['switches'] : {}).flatMap(
    ([key, value]) => {
      const name = SWITCH_NAMES.find((one) => one === key);
      const parsed = name && parseSwitch(name, value);
      if (!name) problems.push(`${where} sets ${key}, which is no switch.`);
      else if (parsed === undefined) problems.push(`${where} sets ${key} to ${JSON.stringify(value)}.`);
      return name && parsed !== undefined ? [[name, parsed] as const] : [];
    },
  );
  const times = Object.entries(isFields(item['times']) ? item['times'] : {}).flatMap(([name, value]) => {
    if (typeof value === 'number' && value >= 0) return [[name, value] as const];
    problems.push(`${where} has the time ${name} of ${JSON.stringify(value)}.`);
    return [];
  });
  return {
    fact: String(fact),
    stand: stand ?? 'unsettled',
    answer: String(answer),
    switches: Object.fromEntries(switches),
    times: Object.fromEntries(times),
  };
}

/** Returns the switches of all findings. */
export const switchesIn = (findings: readonly Finding[]): Partial<Switches> =>
  Object.assign({}, ...findings.map(({ switches }) => switches)) as Partial<Switches>;

/** The assumptions that apply until someone has measured the facts. They set every switch. */
export const ASSUMED_FILE = path.resolve(__dirname, '../../findings/assumed.json');

/** @throws FindingsError also for switches that are not set. */
export function readSwitches(file: string): Switches {
  const assumed = switchesIn(parseFindings(readFileSync(ASSUMED_FILE, 'utf8')));
  const missing = SWITCH_NAMES.filter((name: SwitchName) => assumed[name] === undefined);
  if (missing.length > 0) throw new FindingsError(missing.map((name) => `${name} is not set.`));
  const measured = file === ASSUMED_FILE ? {} : switchesIn(parseFindings(readFileSync(file, 'utf8')));
  return { ...assumed, ...measured } as Switches;
}

const fileNamed = (name = ''): string => (name === '' ? ASSUMED_FILE : name);

let read: Switches | undefined;

/**
 * Returns the switches of this process: the assumed ones, or those of the findings file that the variable `FINDINGS`
 * names.
 */
export const currentSwitches = (): Switches => (read ??= readSwitches(fileNamed(process.env['FINDINGS'])));
