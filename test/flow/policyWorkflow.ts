import { readInputs, type InputName } from '../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/inputs';
import { configurePolicy } from '../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/configurePolicy';
import { createWritten } from '../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/plan/written';
import { CodedError } from '../../tasks/shared/core/errors';
import type { PolicyWriter } from '../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/azure/policyWriter';
import type { StoredPolicy } from '../../tasks/shared/core/policy';
import { DEFAULT_SUBSCRIPTION, type Settings, type Vm } from '../support/azure';
import { createFakeContext } from '../support/fakes/fakeContext';
import { anyPort } from './workflow';

export type Raw = Partial<Record<InputName, string>>;

type Readings = Partial<
  Record<'get' | 'list', ((answer: readonly StoredPolicy[]) => readonly StoredPolicy[])[]>
>;

/** Distorts responses: each read applies the next distortion of its kind, if any is left. */
function distort(policies: PolicyWriter, readings: Readings): PolicyWriter {
  const through = (kind: keyof Readings, answer: readonly StoredPolicy[]) =>
    (readings[kind]?.shift() ?? ((given) => given))(answer);
  return {
    ...policies,
    get: async (ref, limit) => {
      const found = await policies.get(ref, limit);
      return through('get', found ? [found] : [])[0];
    },
    list: async (...given) => through('list', await policies.list(...given)),
  };
}

/** Creates a context with web-01 and db-01 in the policy jit-web, and the workflow to run in it. */
export function aPolicyWorkflow(
  settings: Partial<Settings> = {},
  readings: Readings = {},
  /** Methods that replace those of the writer. */
  instead: (policies: PolicyWriter) => Partial<PolicyWriter> = () => ({}),
) {
  const context = createFakeContext({ updatingMs: 3000, ...settings });
  const { azure } = context;
  const vm = azure.addVm({ name: 'web-01' });
  const db = azure.addVm({ name: 'db-01' });
  const vms = [
    { vm, ports: [anyPort(22)] },
    { vm: db, ports: [anyPort(22)], publicIpAddress: '20.1.1.1' },
  ];
  const policy = azure.addPolicy({ name: 'jit-web', vms });
  const written = createWritten();
  const policies = { ...distort(azure.policies, readings), ...instead(azure.policies) };
  const read = async (group = 'rg-app') => {
    const limit = { signal: new AbortController().signal, remainingMs: () => 1000 };
    const found = await azure.policies.list(DEFAULT_SUBSCRIPTION, group, limit);
    return found.flatMap((one) =>
      one.policy.vms.map(
        (entry) => `${one.policy.name}/${entry.vm.name}:${entry.ports.map(({ port }) => port).join()}`,
      ),
    );
  };
  const run = async (raw: Raw = {}) => {
    const given: Raw = { connectedServiceName: 'c', vmResourceId: vm.id, ...raw };
    written.changed.clear();
    written.underWay.clear();
    const inputs = readInputs((name) => given[name] ?? '', DEFAULT_SUBSCRIPTION);
    try {
      const configured = await configurePolicy(
        inputs,
        { ...context, policies, surroundings: azure.inventory },
        written,
      );
      const codes = configured.failures.map(({ code }) => code);
      return { changed: configured.results.some(({ changed }) => changed), codes, ...configured };
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      return { changed: false, codes: [error.code], results: [], vms: [], uncovered: [], failures: [error] };
    }
  };
  const count = (kind: (typeof azure.calls)[number]['kind']) =>
    azure.calls.filter((call) => call.kind === kind).length;
  /** Another writer writes the policy with these VMs. */
  const otherWrites = (...names: readonly Vm[]) =>
    azure.addPolicy({
      ...{ name: 'jit-web', oldRequests: false },
      vms: names.map((one) => ({ vm: one, ports: [anyPort(22)] })),
    });
  return { world: context, azure, vm, db, policy, written, read, run, count, otherWrites };
}
