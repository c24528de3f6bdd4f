import { parseDuration } from './domain/durations';
import { parseVmId, type VmId } from './domain/resourceIds';
import { wrongInputs, type InputMistake } from './messages/failures';
import * as wrong from './messages/inputs';

/** The inputs that every task has. */
export type CommonInput = 'connectedServiceName' | 'vmResourceId' | 'policyName' | 'waitTimeout';

/** Reads the inputs of a task, and gathers what is wrong with them. */
export interface InputReader<Name extends string> {
  /** Notes a mistake. */
  readonly add: (input: Name, problem: string) => void;
  /** Reads an input, unless it holds an unresolved variable: one mistake for one input. */
  readonly parsed: <T>(name: Name, fallback: T, parse: (value: string) => T) => T;
  /** `true` or `false` in any case; empty is false. */
  readonly flag: (name: Name) => boolean;
  /** One of the choices in any case; empty is the first one. */
  choice<T extends string>(name: Name, choices: readonly [T, ...T[]]): T;
  /** Notes a mistake when no connection is named. */
  needConnection(): void;
  /** The VMs, each once. `subscriptionId`: the connection's, for VMs written as `group/name`. */
  vms(subscriptionId: string | undefined): readonly VmId[];
  policyName(): string;
  /** Milliseconds: 1 second to 1 hour; empty is 5 minutes. */
  waitTimeoutMs(): number;
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
  const parsed = <T>(name: Input, fallback: T, parse: (value: string) => T): T => {
    const value = read(name).trim();
    const unresolved = /\$\([^)]*\)/.exec(value)?.[0];
    if (unresolved === undefined) return parse(value);
    add(name, wrong.unresolved(unresolved));
    return fallback;
  };
  return {
    add,
    parsed,
    flag: (name) =>
      parsed(name, false, (value) => {
        const choice = (value || 'false').toLowerCase();
        if (choice !== 'true' && choice !== 'false') add(name, wrong.choice(value, ['true', 'false']));
        return choice === 'true';
      }),
    choice: (name, choices) =>
      parsed(name, choices[0], (value) => {
        const found = choices.find((choice) => choice === (value || choices[0]).toLowerCase());
        if (!found) add(name, wrong.choice(value, choices));
        return found ?? choices[0];
      }),
    needConnection() {
      parsed('connectedServiceName', undefined, (value) => {
        if (!value) add('connectedServiceName', wrong.noConnection);
      });
    },
    vms: (subscriptionId) =>
      parsed<readonly VmId[]>('vmResourceId', [], (value) =>
        readVms(value, subscriptionId, (problem) => {
          add('vmResourceId', problem);
        }),
      ),
    policyName: () =>
      parsed('policyName', '', (value) => {
        if (/[/\\?#%]/.test(value)) add('policyName', wrong.policyName(value));
        return value;
      }),
    waitTimeoutMs: () =>
      parsed('waitTimeout', 0, (value) => {
        const ms = parseDuration(value || '5m', { seconds: true });
        if (ms === undefined) add('waitTimeout', wrong.waitTimeout(value));
        else if (ms < 1000 || ms > HOUR_MS) add('waitTimeout', wrong.waitTimeoutRange(value));
        return ms ?? 0;
      }),
    checked(inputs) {
      if (mistakes.length > 0) throw wrongInputs(mistakes);
      return Object.freeze(inputs);
    },
  };
}

function readVms(
  value: string,
  subscriptionId: string | undefined,
  add: (problem: string) => void,
): readonly VmId[] {
  // What stands between line breaks and commas.
  const entries = value
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter(Boolean);
  if (entries.length === 0) add(wrong.noVm);
  const vms = new Map<string, VmId>();
  for (const entry of entries) {
    const vm = parseVmId(entry, subscriptionId);
    if (vm) vms.set(vm.key, vms.get(vm.key) ?? vm);
    else if (parseVmId(entry, '00000000-0000-0000-0000-000000000000'))
      add(wrong.vmWithoutSubscription(entry));
    else add(wrong.vm(entry));
  }
  return [...vms.values()];
}
