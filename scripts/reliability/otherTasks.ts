import type { Agent } from '../../test/support/agent/agent';
import type { Run } from '../../test/support/agent/step';
import type { Kind } from '../../test/support/azure';
import { forTask } from '../../test/support/packagedTask';
import { findBreaches } from '../../test/support/promises';
import { reportOf } from '../../test/support/reportRun';
import { startScenario, type Scenario } from '../../test/support/scenario';
import { toCell, type Trial } from './trial';
import type { Trouble } from './troubles';

/** The calls of JitConfigurePolicy@1 with a problem. The sign-in is the same in every task. */
export const CONFIGURE_CALLS: readonly Kind[] = [
  'policies.list',
  'vm',
  'policy.get',
  'policy.put',
  'policy.delete',
];

/** The calls of JitReport@1. */
export const REPORT_CALLS: readonly Kind[] = [
  'vms.list',
  'nics.list',
  'nsgs.list',
  'vnets.list',
  'policies.list',
  'assessments',
  'activityLog',
];

const DEBUG = { variables: { 'System.Debug': 'true' } };

/** Changes a policy while one kind of call has a problem. The other VM in the policy must not change. */
export async function tryConfiguring(agent: Agent, kind: Kind, trouble: Trouble): Promise<Trial> {
  const scenario = await startScenario();
  try {
    const { azure, vm } = scenario;
    const inputs =
      kind === 'policy.delete'
        ? { vmResourceId: vm.id, action: 'remove' }
        : { vmResourceId: azure.addVm({ name: 'web-02' }).id, policyName: 'jit-web' };
    const waitTimeout = trouble.lasts ? '12s' : '45s';
    const run = await runWith(agent, scenario, kind, trouble, { ...inputs, waitTimeout });
    const breaches = findBreaches(scenario, run, kind);
    return { cell: toCell(run), breaches: [...breaches, ...findLost(scenario, kind)], run };
  } finally {
    await scenario.close();
  }
}

/** Returns whether a change removed the other VM from its policy. */
function findLost({ azure, vm }: Scenario, kind: Kind): readonly string[] {
  if (kind === 'policy.delete') return [];
  const written = azure.callsTo('policy.put').map(({ body }) => JSON.stringify(body).toLowerCase());
  return written.every((body) => body.includes(`"${vm.id.toLowerCase()}"`))
    ? []
    : ['Another VM was removed from its policy.'];
}

/**
 * Creates a report while one kind of call has a problem. `gap` with its code is a report that says what it could not
 * read.
 */
export async function tryReporting(agent: Agent, kind: Kind, trouble: Trouble): Promise<Trial> {
  const scenario = await startScenario({ settings: { ruleDelayMs: 0, initiatingMs: 0 } });
  try {
    const run = await runWith(agent, scenario, kind, trouble, {});
    return { cell: toReportCell(run), breaches: findBreaches(scenario, run, kind), run };
  } finally {
    await scenario.close();
  }
}

function toReportCell(run: Run): string {
  if (run.result !== 'Succeeded') return toCell(run);
  const [gap] = reportOf(run).gaps;
  return gap ? `gap ${gap.code}` : 'recovered';
}

function runWith(
  agent: Agent,
  scenario: Scenario,
  kind: Kind,
  trouble: Trouble,
  more: Readonly<Record<string, string>>,
): Promise<Run> {
  trouble.arrange(scenario, kind);
  const { inputs, ...step } = forTask(scenario.step({}, DEBUG), agent);
  return agent.run({ ...step, inputs: { ...inputs, ...more } });
}
