import { parseDuration } from '../core/durations';
import { findInvisible, trimInvisible, trimParts } from '../core/invisible';
import { parseOtherMachine, parseSubscription, parseVmId, type VmId } from '../core/resourceIds';
import { findFilterProblem, type VmQuery } from '../core/vmQuery';
import { wrongInputs, type InputMistake } from '../messages/failures';
import * as wrong from '../messages/inputs';

/** The input that every task has. */
type CommonInput = 'connectedServiceName';

/** Reads the inputs of a task, and gathers what is wrong with them. */
export interface InputReader<Name extends string> {
  /** Notes a mistake. */
  readonly add: (input: Name, problem: string) => void;
  /** Reads free text, unless it holds an unresolved variable. What nobody sees at its ends is taken away. */
  readonly text: (name: Name) => string;
  /**
   * Reads an input, unless it holds an unresolved variable or a character that nobody sees: one kind of mistake for one
   * input. Such characters at the ends of its parts are taken away.
   */
  readonly parsed: <T>(name: Name, fallback: T, parse: (value: string) => T) => T;
  /** `true` or `false` in any case; empty is false. */
  readonly flag: (name: Name) => boolean;
  /** One of the choices in any case; empty is the first one. */
  choice<T extends string>(name: Name, choices: readonly [T, ...T[]]): T;
  /** Notes a mistake when no connection is named. */
  needConnection(): void;
  /** Throws JIT101 with every mistake that was noted, or gives the inputs frozen. */
  checked<T extends object>(inputs: T): Readonly<T>;
}

const HOUR_MS = 3_600_000;

/** @param read gives an input's text, empty when it is not set */
export function createInputReader<Name extends string>(
  read: (name: Name | CommonInput) => string,
): InputReader<Name | CommonInput> {
  type Input = Name | CommonInput;
  const mistakes: InputMistake[] = [];
  const add = (input: Input, problem: string): void => {
    // In YAML the connection goes by its alias.
    mistakes.push({ input: input === 'connectedServiceName' ? 'azureSubscription' : input, problem });
  };
  const isResolved = (name: Input, value: string): boolean => {
    const unresolved = /\$\([^)]*\)/.exec(value)?.[0];
    if (unresolved !== undefined) add(name, wrong.unresolved(unresolved));
    return unresolved === undefined;
  };
  const parsed = <T>(name: Input, fallback: T, parse: (value: string) => T): T => {
    const value = trimParts(read(name));
    if (!isResolved(name, value)) return fallback;
    const invisible = findInvisible(value);
    if (invisible.length === 0) return parse(value);
    for (const found of invisible) add(name, wrong.invisible(found));
    return fallback;
  };
  return {
    add,
    text(name) {
      const value = trimInvisible(read(name));
      return isResolved(name, value) ? value : '';
    },
    parsed,
    flag: (name) =>
      parsed(name, false, (value) => {
        const choice = (value || 'false').toLowerCase();
        if (choice !== 'true' && choice !== 'false') add(name, wrong.choice(value, ['true', 'false']));
        return choice === 'true';
      }),
    choice: (name, choices) =>
      parsed(name, choices[0], (value) => {
        const wanted = (value || choices[0]).toLowerCase();
        const found = choices.find((choice) => choice.toLowerCase() === wanted);
        if (!found) add(name, wrong.choice(value, choices));
        return found ?? choices[0];
      }),
    needConnection() {
      parsed('connectedServiceName', undefined, (value) => {
        if (!value) add('connectedServiceName', wrong.noConnection);
      });
    },
    checked(inputs) {
      if (mistakes.length > 0) throw wrongInputs(mistakes);
      return Object.freeze(inputs);
    },
  };
}

/** How many VMs a query, or a pattern, may ever stand for. */
export const MOST_VMS = 5000;

/** The inputs of a query for VMs. */
export type QueryInput = 'vmQuery' | 'subscriptions' | 'maxVms' | 'allowEmpty';

/** The query for VMs, when there is one. `maxVms`: how many it may find. */
export function readVmQuery(reader: InputReader<QueryInput>, maxVms: number): VmQuery | undefined {
  // Empty when it cannot be read: then it is not said that there is none.
  const filter = reader.parsed<string | undefined>('vmQuery', '', (value) => {
    const problem = findFilterProblem(value);
    if (problem) reader.add('vmQuery', wrong.vmFilter(problem));
    return value === '' ? undefined : value;
  });
  const subscriptionIds = reader.parsed<readonly string[]>('subscriptions', [], (value) => {
    const entries = splitLines(value);
    const ids = entries.flatMap((entry) => parseSubscription(entry) ?? []);
    for (const entry of entries)
      if (parseSubscription(entry) === undefined) reader.add('subscriptions', wrong.subscriptionId(entry));
    if (entries.length > 0 && filter === undefined) reader.add('subscriptions', wrong.onlyWithQuery);
    return [...new Set(ids.map((id) => id.toLowerCase()))];
  });
  const allowEmpty = reader.flag('allowEmpty');
  return filter === undefined ? undefined : { filter, subscriptionIds, maxVms, allowEmpty };
}

/** How many VMs may be found: 1 to 5,000; 50 where nothing else is usual. */
export const readMaxVms = (reader: InputReader<'maxVms'>, usual = 50): number =>
  reader.parsed('maxVms', 0, (value) => {
    const count = /^\d{1,4}$/.test(value || String(usual)) ? Number(value || usual) : 0;
    if (count < 1 || count > MOST_VMS) reader.add('maxVms', wrong.maxVms(value, MOST_VMS));
    return count;
  });

/**
 * The VMs of `vmResourceId`, each once, or the query of `vmQuery`: one of the two.
 *
 * @param subscriptionId the connection's, for VMs written as `group/name`
 */
export function readWantedVms(
  reader: InputReader<'vmResourceId' | QueryInput>,
  subscriptionId: string | undefined,
): readonly VmId[] | VmQuery {
  const query = readVmQuery(reader, readMaxVms(reader));
  const vms = reader.parsed<readonly VmId[]>('vmResourceId', [], (value) => {
    const entries = splitLines(value);
    const add = (problem: string): void => {
      reader.add('vmResourceId', problem);
    };
    if (entries.length === 0 && !query) add(wrong.noVmNorQuery);
    if (entries.length > 0 && query?.filter) add(wrong.bothVmsAndQuery);
    const vms = new Map<string, VmId>();
    for (const entry of entries) {
      const vm = parseVmId(entry, subscriptionId);
      if (vm) vms.set(vm.key, vms.get(vm.key) ?? vm);
      else add(vmProblem(entry));
    }
    return [...vms.values()];
  });
  return query ?? vms;
}

/** What is wrong with the id of a machine that just-in-time access does not support; nothing for any other text. */
export function otherMachineProblem(entry: string): string | undefined {
  const other = parseOtherMachine(entry.replace(/\/$/, ''));
  return other && wrong.otherMachine(entry, other);
}

/** What is wrong with a text that names no VM. */
export function vmProblem(entry: string): string {
  const other = otherMachineProblem(entry);
  if (other !== undefined) return other;
  return parseVmId(entry, '00000000-0000-0000-0000-000000000000')
    ? wrong.vmWithoutSubscription(entry)
    : wrong.vm(entry);
}

export const readPolicyName = (reader: InputReader<'policyName'>): string =>
  reader.parsed('policyName', '', (value) => {
    // Per cent signs and hashes are legal, and encoded in every path; dots alone and slashes would lead to another resource.
    if (/^(?:\.|%2e){1,2}$|[/\\?\p{Cc}\p{Cs}]|%2f|%5c/iu.test(value))
      reader.add('policyName', wrong.policyName(value));
    return value;
  });

/** Milliseconds: 1 second to 1 hour; empty is 5 minutes. */
export const readWaitTimeoutMs = (reader: InputReader<'waitTimeout'>): number =>
  reader.parsed('waitTimeout', 0, (value) => {
    const ms = parseDuration(value || '5m', { seconds: true });
    if (ms === undefined) reader.add('waitTimeout', wrong.waitTimeout(value));
    else if (ms < 1000 || ms > HOUR_MS) reader.add('waitTimeout', wrong.waitTimeoutRange(value));
    return ms ?? 0;
  });

/** What stands between line breaks and commas. */
export const splitLines = (value: string): readonly string[] =>
  value
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter(Boolean);
