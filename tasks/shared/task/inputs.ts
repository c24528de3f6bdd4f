import { parseDuration } from '../core/durations';
import { findInvisible, trimInvisible, trimParts } from '../core/invisible';
import { parseOtherMachine, parseSubscription, parseVmId, type VmId } from '../core/resourceIds';
import { findFilterProblem, type VmQuery } from '../core/vmQuery';
import { wrongInputs, type InputMistake } from '../messages/failures';
import * as wrong from '../messages/inputs';

/** The input that every task has. */
type CommonInput = 'connectedServiceName';

/** Reads the inputs of a task, and collects their mistakes. */
export interface InputReader<Name extends string> {
  /** Adds a mistake. */
  readonly add: (input: Name, problem: string) => void;
  /** Reads free text, unless it contains an unresolved variable. Invisible characters at its ends are removed. */
  readonly text: (name: Name) => string;
  /**
   * Reads an input, unless it contains an unresolved variable or an invisible character: an input has one kind of
   * mistake only. Invisible characters at the ends of its parts are removed.
   */
  readonly parsed: <T>(name: Name, fallback: T, parse: (value: string) => T) => T;
  /** `true` or `false` in any case; empty is false. */
  readonly flag: (name: Name) => boolean;
  /** One of the choices in any case; empty is the first one. */
  choice<T extends string>(name: Name, choices: readonly [T, ...T[]]): T;
  /** Adds a mistake if no connection is named. */
  needConnection(): void;
  /** Throws JIT101 with all mistakes, or returns the inputs frozen. */
  checked<T extends object>(inputs: T): Readonly<T>;
}

const HOUR_MS = 3_600_000;

/** @param read returns an input's text, empty if it is not set */
export function createInputReader<Name extends string>(
  read: (name: Name | CommonInput) => string,
): InputReader<Name | CommonInput> {
  type Input = Name | CommonInput;
  const mistakes: InputMistake[] = [];
  const add = (input: Input, problem: string): void => {
    // In YAML, this input has an alias.
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

/** The maximum number of VMs of a query or a pattern. */
export const MOST_VMS = 5000;

/** The inputs of a query for VMs. */
export type QueryInput = 'vmQuery' | 'subscriptions' | 'maxVms' | 'allowEmpty';

/** Reads the query for VMs, if there is one. `maxVms` is the maximum number of VMs that it can find. */
export function readVmQuery(reader: InputReader<QueryInput>, maxVms: number): VmQuery | undefined {
  // Empty if it cannot be read, so that it does not count as absent.
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

/** Reads the maximum number of VMs to find: 1 to 5,000; `usual` if the input is empty. */
export const readMaxVms = (reader: InputReader<'maxVms'>, usual = 50): number =>
  reader.parsed('maxVms', 0, (value) => {
    const count = /^\d{1,4}$/.test(value || String(usual)) ? Number(value || usual) : 0;
    if (count < 1 || count > MOST_VMS) reader.add('maxVms', wrong.maxVms(value, MOST_VMS));
    return count;
  });

/**
 * Reads the VMs of `vmResourceId`, each once, or the query of `vmQuery`. Only one of the two can be set.
 *
 * @param subscriptionId of the connection, for VMs written as `group/name`
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

/**
 * Returns the problem of the ID of a machine that just-in-time access does not support, or `undefined` for other text.
 */
export function otherMachineProblem(entry: string): string | undefined {
  const other = parseOtherMachine(entry.replace(/\/$/, ''));
  return other && wrong.otherMachine(entry, other);
}

/** Returns the problem of a text that names no VM. */
export function vmProblem(entry: string): string {
  const other = otherMachineProblem(entry);
  if (other !== undefined) return other;
  return parseVmId(entry, '00000000-0000-0000-0000-000000000000')
    ? wrong.vmWithoutSubscription(entry)
    : wrong.vm(entry);
}

export const readPolicyName = (reader: InputReader<'policyName'>): string =>
  reader.parsed('policyName', '', (value) => {
    // Percent signs and hashes are allowed, and encoded in every path. Dots alone and slashes lead to another resource.
    if (/^(?:\.|%2e){1,2}$|[/\\?\p{Cc}\p{Cs}]|%2f|%5c/iu.test(value))
      reader.add('policyName', wrong.policyName(value));
    return value;
  });

/** Reads the timeout in milliseconds: 1 second to 1 hour; empty is 5 minutes. */
export const readWaitTimeoutMs = (reader: InputReader<'waitTimeout'>): number =>
  reader.parsed('waitTimeout', 0, (value) => {
    const ms = parseDuration(value || '5m', { seconds: true });
    if (ms === undefined) reader.add('waitTimeout', wrong.waitTimeout(value));
    else if (ms < 1000 || ms > HOUR_MS) reader.add('waitTimeout', wrong.waitTimeoutRange(value));
    return ms ?? 0;
  });

/** Splits a text at line breaks and commas, without empty entries. */
export const splitLines = (value: string): readonly string[] =>
  value
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter(Boolean);
