import { readInputs, type InputName } from '../../tasks/JitReport/JitReportV1/src/inputs';
import { makeReport, type Made } from '../../tasks/JitReport/JitReportV1/src/makeReport';
import type { Report } from '../../tasks/shared/view/report';
import type { Inventory } from '../../tasks/JitReport/JitReportV1/src/azure/inventory';
import { DEFAULT_SUBSCRIPTION, type Settings } from '../support/azure';
import { createFakeContext, START } from '../support/fakes/fakeContext';
import { anyPort } from './workflow';

type Raw = Partial<Record<InputName, string>>;
export const FAR = '99999999-2222-4333-8444-555555555555';
/** The agent's time when Azure's time is `START`. */
export const AGENT_START = START + 7 * 60_000;
/** A rule that allows everyone to connect to ssh. */
export const EVERYBODY = {
  name: 'ssh-for-all',
  priority: 200,
  access: 'Allow',
  destinationPorts: ['22'],
} as const;

/** Creates a context with web-01 in the policy jit-web, and the workflow that reports on it. */
export function aReportWorkflow(settings: Partial<Settings> = {}) {
  const context = createFakeContext({ ruleDelayMs: 0, initiatingMs: 0, ...settings });
  const { azure } = context;
  const vm = azure.addVm({ name: 'web-01' });
  const policy = azure.addPolicy({
    name: 'jit-web',
    vms: [{ vm, ports: [anyPort(22)] }],
    oldRequests: false,
  });
  const make = (raw: Raw = {}, inventory: Inventory = azure.inventory): Promise<Made> => {
    const given: Raw = { connectedServiceName: 'c', ...raw };
    const inputs = readInputs((name) => given[name] ?? '', DEFAULT_SUBSCRIPTION);
    const time = () => AGENT_START + context.clock.now();
    return makeReport(inputs, { ...context, inventory, time }, 'https://dev.azure.com/contoso/');
  };
  const run = async (raw?: Raw, inventory?: Inventory): Promise<Report> =>
    (await make(raw, inventory)).report;
  const count = (kind: (typeof azure.calls)[number]['kind']) =>
    azure.calls.filter((call) => call.kind === kind).length;
  return { world: context, azure, vm, policy, make, run, count };
}

/** Returns the coverage of every VM by its name. */
export const coverOf = ({ vms }: Report): Readonly<Record<string, string>> =>
  Object.fromEntries(vms.map(({ name, state }) => [name, state]));
/** Returns the part and the code of every gap. */
export const gapsOf = ({ gaps }: Report) => gaps.map(({ part, code }) => `${part} ${code}`);
