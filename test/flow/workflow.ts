import { withNamedVms } from '../support/namedVms';
import { createLedger, type Ledger } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/ledger';
import type { Code } from '../../tasks/shared/core/codes';
import { CodedError } from '../../tasks/shared/core/errors';
import { readInputs, type InputName } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/inputs';
import { openPorts, type Outcome } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/open/openPorts';
import { toOutputs } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/outputs';
import { checkAll } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/dryRun/checkAll';
import type { CheckList } from '../../tasks/shared/core/checks';
import {
  DEFAULT_SUBSCRIPTION,
  type NewVm,
  type PolicyHandle,
  type Settings,
  type Vm,
} from '../support/azure';
import { outputTexts } from '../support/outputTexts';
import { createFakeContext, type FakeContext } from '../support/fakes/fakeContext';

export type Rules = Parameters<FakeContext['azure']['addPolicy']>[0]['vms'][number]['ports'];
/** What earlier attempts of the step noted. */
export type Earlier = Parameters<typeof openPorts>[3];
type OutputName = 'sourceAddresses' | 'expiresAtUtc' | 'host' | 'port' | 'endpoints';
export type RawInputs = Partial<Record<InputName, string>>;

/** A run of the workflow and its outcome: either it opened something, or it threw an error. */
export interface Ran {
  readonly opened: Outcome | undefined;
  readonly thrown: CodedError | undefined;
  /** The code of the error that was thrown, or otherwise of every failure. */
  readonly codes: readonly Code[];
  /** By name. Undefined if none were set. */
  readonly outputs: Readonly<Record<OutputName, string>> | undefined;
  /** The entries of `endpoints`. */
  readonly endpoints: readonly Endpoint[];
  /** Empty except in a dry run. */
  readonly checks: CheckList;
  readonly issue?: string | undefined;
}

export interface Endpoint {
  readonly vmName: string;
  readonly port: number;
  readonly host: string;
  readonly connectPort: number;
  readonly sourceAddresses: readonly string[];
  readonly expiresAtUtc: string;
  readonly status: string;
}

/** A context with the VM web-01 in the policy jit-web, and the workflow to run in it. */
export interface Workflow {
  readonly context: FakeContext;
  readonly azure: FakeContext['azure'];
  readonly vm: Vm;
  readonly policy: PolicyHandle;
  readonly ledger: Ledger;
  /** Runs the workflow with inputs as a user writes them. The VM and the address services are set. */
  readonly run: (inputs?: RawInputs, earlier?: Earlier) => Promise<Ran>;
  /** Returns how many calls of this kind Azure received. */
  readonly count: (kind: FakeContext['azure']['calls'][number]['kind']) => number;
}

export const anyPort = (number: number, given: Partial<Rules[number]> = {}): Rules[number] => ({
  number,
  protocol: '*',
  sources: '*',
  maxRequestAccessDuration: 'PT3H',
  ...given,
});

/** Creates a workflow. The default policy allows 22 and 3389 from anywhere for three hours. */
export function aWorkflow(
  given: { settings?: Partial<Settings>; vm?: Partial<NewVm>; ports?: Rules } = {},
): Workflow {
  const context = createFakeContext({ ruleDelayMs: 2000, initiatingMs: 1000, ...given.settings });
  const { azure } = context;
  const vm = azure.addVm({ name: 'web-01', publicIp: '20.60.1.10', subnetNsg: true, ...given.vm });
  const ports = given.ports ?? [anyPort(22), anyPort(3389)];
  const policy = azure.addPolicy({ name: 'jit-web', vms: [{ vm, ports }] });
  const ledger = createLedger(() => undefined);
  return {
    context: context,
    azure,
    vm,
    policy,
    ledger,
    count: (kind) => azure.calls.filter((call) => call.kind === kind).length,
    run: (inputs = {}, earlier = []) => runIn(context, ledger, { vmResourceId: vm.id, ...inputs }, earlier),
  };
}

async function runIn(context: FakeContext, ledger: Ledger, raw: RawInputs, earlier: Earlier): Promise<Ran> {
  const inputs = withNamedVms(
    readInputs(
      (name) => raw[name] ?? (name === 'connectedServiceName' ? 'connection' : ''),
      DEFAULT_SUBSCRIPTION,
    ),
  );
  if (inputs.dryRun) {
    const { checks, failure: thrown, issue } = await checkAll(inputs, context, earlier);
    return {
      opened: undefined,
      thrown,
      codes: thrown ? [thrown.code] : [],
      outputs: undefined,
      endpoints: [],
      checks,
      issue,
    };
  }
  try {
    const opened = await openPorts(inputs, context, ledger, earlier);
    const made = toOutputs(opened);
    const outputs = made && outputTexts<OutputName>(made);
    return {
      opened,
      thrown: undefined,
      codes: opened.failures.map(({ code }) => code),
      outputs,
      endpoints: JSON.parse(outputs?.endpoints ?? '[]') as Endpoint[],
      checks: [],
    };
  } catch (thrown) {
    if (!(thrown instanceof CodedError)) throw thrown;
    return { opened: undefined, thrown, codes: [thrown.code], outputs: undefined, endpoints: [], checks: [] };
  }
}

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
