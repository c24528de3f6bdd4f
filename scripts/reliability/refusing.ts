import type { Agent } from '../../test/support/agent/agent';
import type { Kind } from '../../test/support/azure';
import { forTask } from '../../test/support/packagedTask';
import { findBreaches } from '../../test/support/promises';
import { refuseAll, type RefusedAnswer } from '../../test/support/refusedCalls';
import { startScenario } from '../../test/support/scenario';
import { toCell, type Trial } from './trial';

/** The calls of JitOpenPorts that can be refused. */
export const REFUSED_CALLS: readonly Kind[] = [
  'policies.list',
  'vm',
  'nic',
  'subnet',
  'publicIp',
  'nsg',
  'initiate',
];
/** The calls of JitConfigurePolicy that can be refused. */
export const REFUSED_WRITER_CALLS: readonly Kind[] = ['policies.list', 'vm', 'policy.put'];

/** The run continues without a read operation, unless the refusal has no specific reason. */
const READS: readonly Kind[] = ['vm', 'nic', 'subnet', 'publicIp', 'nsg'];

/** Whether a call can receive a response: only calls for just-in-time access depend on the onboarding. */
export const canGet = (kind: Kind, { isOfJit }: RefusedAnswer): boolean => !isOfJit || !READS.includes(kind);

/** Returns the expected result of a step of JitOpenPorts. */
export const expectedWhenRefused = (kind: Kind, { code, isOfReads }: RefusedAnswer): string =>
  READS.includes(kind) && isOfReads ? 'warning' : code;

/**
 * Returns the expected result of a step of JitConfigurePolicy: 412 means a concurrent write, so it retries until its
 * limit.
 */
export const expectedOfRefusedWriter = (kind: Kind, { code, fault }: RefusedAnswer): string =>
  kind === 'policy.put' && fault({ action: '', scope: '' }).status === 412 ? 'JIT414' : code;

/** Runs a packaged task while every call of one kind is permanently refused. */
export async function tryRefusing(agent: Agent, kind: Kind, answer: RefusedAnswer): Promise<Trial> {
  const scenario = await startScenario({ settings: { ruleDelayMs: 0, initiatingMs: 0 } });
  try {
    const vm = kind === 'policy.put' ? scenario.azure.addVm({ name: 'web-02' }) : scenario.vm;
    refuseAll(scenario, kind, answer);
    const step = scenario.step({}, { variables: { 'System.Debug': 'true' } });
    const { inputs, ...more } = forTask(step, agent);
    const waitTimeout = kind === 'policy.put' ? {} : { waitTimeout: '12s' };
    const run = await agent.run({ ...more, inputs: { ...inputs, ...waitTimeout, vmResourceId: vm.id } });
    const warned = run.result === 'Succeeded' && run.issues.length > 0;
    return { cell: warned ? 'warning' : toCell(run), breaches: findBreaches(scenario, run, kind), run };
  } finally {
    await scenario.close();
  }
}
