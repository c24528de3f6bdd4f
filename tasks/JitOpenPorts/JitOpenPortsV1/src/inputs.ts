import { parseDuration } from '../../../shared/domain/durations';
import { parsePorts } from '../../../shared/domain/ports';
import { parseVmId, type VmId } from '../../../shared/domain/resourceIds';
import { parseSource } from '../../../shared/domain/sources';
import { wrongInputs, type InputMistake } from '../../../shared/messages/failures';
import * as wrong from '../../../shared/messages/inputs';

export const WAITS = ['nothing', 'request', 'rule', 'connection'] as const;
export type WaitFor = (typeof WAITS)[number];

/** Where access is asked for: found out, left to Azure or the policy, or given. */
export type WantedSource = 'agent' | 'azure' | 'policy' | readonly string[];

/** The inputs of a run, checked: nothing behind here is text that may be wrong. */
export interface OpenPortsInputs {
  readonly vms: readonly VmId[];
  readonly ports: 'all' | readonly number[];
  readonly durationMs: number | 'max';
  readonly source: WantedSource;
  /** Empty: the run describes itself. */
  readonly justification: string;
  readonly waitFor: WaitFor;
  readonly waitTimeoutMs: number;
  readonly closeAtJobEnd: boolean;
  /** Ask together with other runs' live requests for the same port. */
  readonly share: boolean;
  readonly dryRun: boolean;
  /** Empty: the policies that list the VMs are searched. */
  readonly policyName: string;
  /** Empty: the services that this product knows. */
  readonly ipEchoUrls: readonly string[];
  /** Empty: the host that the outputs name. */
  readonly probeHost: string;
}

/** Every input by the name that task.json gives it. */
export type InputName =
  | 'connectedServiceName'
  | 'vmResourceId'
  | 'ports'
  | 'duration'
  | 'sourceIp'
  | 'justification'
  | 'waitFor'
  | 'waitTimeout'
  | 'closeAtJobEnd'
  | 'shareActiveRequests'
  | 'dryRun'
  | 'policyName'
  | 'ipEchoUrls'
  | 'probeHost';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/**
 * Reads all inputs at once. Throws JIT101 with every mistake in them.
 *
 * @param read gives an input's text, empty when it is not set
 * @param subscriptionId the connection's, for VMs written as `group/name`
 */
export function readInputs(
  read: (name: InputName) => string,
  subscriptionId: string | undefined,
): OpenPortsInputs {
  const mistakes: InputMistake[] = [];
  const add = (input: InputName, problem: string) =>
    // In YAML the connection goes by its alias.
    mistakes.push({ input: input === 'connectedServiceName' ? 'azureSubscription' : input, problem });
  /** Reads an input, unless it holds an unresolved variable: one mistake for one input. */
  const parsed = <T>(name: InputName, fallback: T, parse: (value: string) => T): T => {
    const value = read(name).trim();
    const unresolved = /\$\([^)]*\)/.exec(value)?.[0];
    if (unresolved === undefined) return parse(value);
    add(name, wrong.unresolved(unresolved));
    return fallback;
  };
  const flag = (name: InputName): boolean =>
    parsed(name, false, (value) => {
      const choice = (value || 'false').toLowerCase();
      if (choice !== 'true' && choice !== 'false') add(name, wrong.choice(value, ['true', 'false']));
      return choice === 'true';
    });

  parsed('connectedServiceName', undefined, (value) => {
    if (!value) add('connectedServiceName', wrong.noConnection);
  });
  const inputs: OpenPortsInputs = {
    vms: parsed('vmResourceId', [], (value) => readVms(value, subscriptionId, add)),
    ports: parsed('ports', [], (value) => {
      const ports = parsePorts(value || '22');
      if (ports.kind === 'all') return 'all';
      if (ports.kind === 'wrong') add('ports', wrong.ports(ports.parts));
      return ports.kind === 'list' ? ports.ports : [];
    }),
    durationMs: parsed('duration', 0, (value) => {
      if (value.toLowerCase() === 'max') return 'max';
      const ms = parseDuration(value || '1h');
      if (ms === undefined) add('duration', wrong.duration(value));
      else if (ms < MINUTE || ms > 24 * HOUR) add('duration', wrong.durationRange(value));
      return ms ?? 0;
    }),
    source: parsed('sourceIp', 'agent', (value): WantedSource => {
      const source = parseSource(value || 'agent');
      if (source.kind === 'any') return ['*'];
      if (source.kind === 'list') return source.prefixes;
      if (source.kind !== 'wrong') return source.kind;
      for (const part of source.parts) add('sourceIp', wrong.source(part));
      return 'agent';
    }),
    justification: parsed('justification', '', (value) => value),
    waitFor: parsed('waitFor', 'rule', (value) => {
      const found = WAITS.find((name) => name === (value || 'rule').toLowerCase());
      if (!found) add('waitFor', wrong.choice(value, WAITS));
      return found ?? 'rule';
    }),
    waitTimeoutMs: parsed('waitTimeout', 0, (value) => {
      const ms = parseDuration(value || '5m', { seconds: true });
      if (ms === undefined) add('waitTimeout', wrong.waitTimeout(value));
      else if (ms < 1000 || ms > HOUR) add('waitTimeout', wrong.waitTimeoutRange(value));
      return ms ?? 0;
    }),
    closeAtJobEnd: flag('closeAtJobEnd'),
    share: flag('shareActiveRequests'),
    dryRun: flag('dryRun'),
    policyName: parsed('policyName', '', (value) => {
      if (/[/\\?#%]/.test(value)) add('policyName', wrong.policyName(value));
      return value;
    }),
    ipEchoUrls: parsed('ipEchoUrls', [], (value) => {
      // Not by comma: a query may hold one.
      const urls = value.split(/\s+/).filter(Boolean);
      for (const url of urls) if (!isHttpsUrl(url)) add('ipEchoUrls', wrong.echoUrl(url));
      return urls;
    }),
    probeHost: parsed('probeHost', '', (value) => {
      if (value && !/^[a-z\d_]([a-z\d._-]{0,251}[a-z\d_])?$/i.test(value))
        add('probeHost', wrong.probeHost(value));
      return value;
    }),
  };
  if (mistakes.length > 0) throw wrongInputs(mistakes);
  return Object.freeze(inputs);
}

function readVms(
  value: string,
  subscriptionId: string | undefined,
  add: (input: InputName, problem: string) => void,
): readonly VmId[] {
  const entries = lines(value);
  if (entries.length === 0) add('vmResourceId', wrong.noVm);
  const vms = new Map<string, VmId>();
  for (const entry of entries) {
    const vm = parseVmId(entry, subscriptionId);
    if (vm) vms.set(vm.key, vms.get(vm.key) ?? vm);
    else if (parseVmId(entry, '00000000-0000-0000-0000-000000000000'))
      add('vmResourceId', wrong.vmWithoutSubscription(entry));
    else add('vmResourceId', wrong.vm(entry));
  }
  return [...vms.values()];
}

/** What stands between line breaks and commas. */
const lines = (value: string): readonly string[] =>
  value
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter(Boolean);

function isHttpsUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return url.protocol === 'https:' && !url.username && !url.password;
}
