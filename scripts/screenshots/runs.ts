import { createAgent } from '../../test/support/agent/agent';
import { builtVsix } from '../../test/support/agent/builtPackage';
import type { Run } from '../../test/support/agent/stage';
import { forTask } from '../../test/support/packagedTask';
import { anyPort, startScenario, type Scenario, type ScenarioOptions } from '../../test/support/scenario';

/** A step that was run, as the page of the run tells of it. */
export interface RecordedStep {
  /** The step's name in the list of the job: made of its inputs, as task.json says. */
  readonly title: string;
  readonly run: Run;
  /** The stage after the job, of a step that has one. */
  readonly after: Run | undefined;
}

/** The steps that the screenshots show. */
export interface Recorded {
  /** VMs are put under a policy. */
  readonly configured: RecordedStep;
  /** Ports of two VMs are opened, and closed after the job. */
  readonly opened: RecordedStep;
  /** Another rule is in the way. */
  readonly blocked: RecordedStep;
}

/** Rules come seconds after the request, as in Azure. */
const OPTIONS: ScenarioOptions = { kind: 'federation', settings: { initiatingMs: 0, ruleDelayMs: 3000 } };

const TWO_VMS = 'rg-app/web-01\nrg-app/db-01';

/** Runs the packaged tasks against the simulated Azure, one scenario for each screenshot. */
export async function recordRuns(): Promise<Recorded> {
  const [configured, opened, blocked] = await Promise.all([
    record('JitConfigurePolicy', withDatabase, {
      vmResourceId: TWO_VMS,
      portRules: '22/tcp max 1h from *\n5986/tcp max 2h from 203.0.113.0/24',
      mode: 'exact',
    }),
    record('JitOpenPorts', withDatabase, {
      vmResourceId: TWO_VMS,
      ports: 'ssh',
      duration: '45m',
      closeAtJobEnd: 'true',
    }),
    record('JitOpenPorts', withDenyRule, {
      vmResourceId: 'rg-app/web-01',
      ports: 'ssh',
      duration: '45m',
      waitTimeout: '5s',
    }),
  ]);
  return { configured, opened, blocked };
}

function withDatabase({ azure }: Scenario): void {
  const vm = azure.addVm({ name: 'db-01', publicIp: '20.50.1.11', subnetNsg: true });
  azure.addPolicy({ name: 'jit-db', vms: [{ vm, ports: [anyPort(22)] }] });
}

function withDenyRule({ vm }: Scenario): void {
  vm.subnetNsg?.addRule({ name: 'deny-internet', priority: 100, access: 'Deny', sources: ['Internet'] });
}

async function record(
  task: string,
  arrange: (scenario: Scenario) => void,
  inputs: Readonly<Record<string, string>>,
): Promise<RecordedStep> {
  const agent = await createAgent({
    vsix: builtVsix(),
    handler: 'Node20_1',
    task: `tasks/${task}/${task}V1`,
  });
  const scenario = await startScenario(OPTIONS);
  try {
    arrange(scenario);
    const step = forTask(scenario.step({ azureSubscription: 'my-connection', ...inputs }), agent);
    const run = await agent.run(step);
    const after = agent.definition.postjobexecution && (await agent.postJob(run));
    scenario.azure.assertNoViolations();
    return { title: titleOf(agent.definition, inputs), run, after };
  } finally {
    await scenario.close();
    await agent.dispose();
  }
}

function titleOf(
  { instanceNameFormat, inputs }: Awaited<ReturnType<typeof createAgent>>['definition'],
  given: Readonly<Record<string, string>>,
): string {
  return instanceNameFormat.replace(
    /\$\((\w+)\)/g,
    (_macro, name: string) => given[name] ?? inputs.find((input) => input.name === name)?.defaultValue ?? '',
  );
}
