import { parseArgs } from 'node:util';
import { parseVmId, type VmId } from '../../tasks/shared/core/resourceIds';
import { EXPERIMENTS } from './experiments';

/** The arguments of `npm run live --`. */
export interface Options {
  readonly vm: VmId;
  readonly port: number;
  readonly yes: boolean;
  readonly cleanUp: boolean;
  readonly only: readonly string[] | undefined;
  readonly report: string;
  readonly findings: string;
  readonly managedIdentity: boolean;
  readonly cloud: string | undefined;
  readonly armUrl: string | undefined;
  readonly authorityUrl: string | undefined;
  readonly audience: string | undefined;
  readonly networkWatcherId: string | undefined;
  readonly outsidePlan: VmId | undefined;
  /** The file of the session that is recorded instead of running the experiments. */
  readonly record: string | undefined;
  /** Inputs of the recorded task, in addition to the VM and the port. */
  readonly inputs: Readonly<Record<string, string>>;
}

const TEXTS = [
  ...['vm', 'port', 'only', 'report', 'findings', 'cloud', 'resource-manager', 'authority', 'audience'],
  ...['network-watcher', 'outside-plan', 'record'],
] as const;
const FLAGS = ['yes', 'clean-up', 'managed-identity'] as const;

export const USAGE = `npm run live -- --vm <id> --port 22 [--yes]

Determines by experiment how Azure behaves where no documentation says so. Without --yes, it only shows what it would do.

  --vm ID               the full resource ID of the VM
  --port N              the port for the first experiment
  --only FACT[,FACT]    only these facts, by their IDs in docs/fidelity.md
  --report FILE         the report (default: live-report.md)
  --findings FILE       the findings (default: live-findings.json)
  --record FILE         records a run of JitOpenPorts for this VM and port instead of the experiments
  --input NAME=VALUE    an input of the recorded run; can be repeated
  --clean-up            only deletes what an earlier run left behind
  --network-watcher ID  the network watcher for the experiment with IP flow verify
  --outside-plan ID     a VM that Defender for Servers Plan 2 does not cover
  --managed-identity    signs in with the managed identity of this machine
  --cloud NAME          AzureCloud, AzureUSGovernment, or AzureChinaCloud
  --resource-manager URL, --authority URL, --audience URI  for any other cloud

It signs in with AZURE_TENANT_ID, AZURE_CLIENT_ID, and AZURE_CLIENT_SECRET or AZURE_FEDERATED_TOKEN_FILE; otherwise with the
session of az. A second identity with fewer permissions: JIT_SECOND_TENANT_ID, JIT_SECOND_CLIENT_ID, JIT_SECOND_CLIENT_SECRET.`;

/** @throws Error with all problems of the arguments */
export function parseOptions(args: readonly string[]): Options {
  const options = {
    ...Object.fromEntries(TEXTS.map((name) => [name, { type: 'string' as const }])),
    ...Object.fromEntries(FLAGS.map((name) => [name, { type: 'boolean' as const }])),
    input: { type: 'string' as const, multiple: true },
  };
  const { values: parsed } = parseArgs({ args: [...args], options, strict: true });
  const values: Readonly<Record<string, unknown>> = parsed;
  const text = (name: (typeof TEXTS)[number]): string | undefined => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  const problems: string[] = [];
  const vmOf = (name: 'vm' | 'outside-plan'): VmId | undefined => {
    const value = text(name);
    const vm = value === undefined ? undefined : parseVmId(value);
    if (value !== undefined && !vm) problems.push(`--${name} is not the resource ID of a VM: ${value}`);
    return vm;
  };
  const vm = vmOf('vm');
  if (text('vm') === undefined) problems.push('--vm is missing.');
  const port = Number(text('port') ?? 22);
  if (!Number.isInteger(port) || port < 1 || port > 60_999)
    problems.push('--port must be a port from 1 to 60999.');
  const only = text('only')?.split(',');
  const strange = (only ?? []).filter((fact) => !EXPERIMENTS.some((one) => one.fact === fact));
  if (strange.length > 0) problems.push(`--only names facts without an experiment: ${strange.join(', ')}`);
  const outsidePlan = vmOf('outside-plan');
  const inputs = pairsIn(values['input'], problems);
  if (!vm || problems.length > 0) throw new Error(problems.join('\n'));
  return {
    ...{ vm, port, only, outsidePlan, inputs },
    yes: values['yes'] === true,
    cleanUp: values['clean-up'] === true,
    managedIdentity: values['managed-identity'] === true,
    report: text('report') ?? 'live-report.md',
    findings: text('findings') ?? 'live-findings.json',
    cloud: text('cloud'),
    armUrl: text('resource-manager'),
    authorityUrl: text('authority'),
    audience: text('audience'),
    networkWatcherId: text('network-watcher'),
    record: text('record'),
  };
}

function pairsIn(given: unknown, problems: string[]): Readonly<Record<string, string>> {
  const pairs = (Array.isArray(given) ? given.map(String) : []).map((text) => {
    const [name = '', ...value] = text.split('=');
    if (name === '' || value.length === 0) problems.push(`--input must be NAME=VALUE: ${text}`);
    return [name, value.join('=')] as const;
  });
  return Object.fromEntries(pairs);
}
