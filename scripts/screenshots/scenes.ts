import { COLLECTION_URI } from '../../test/support/agent/predefined';
import { anyPort, type Scenario } from '../../test/support/scenario';

/** A step in a situation that a screenshot shows. */
export interface Scene {
  readonly task: string;
  readonly inputs: Readonly<Record<string, string>>;
  /** The resources in Azure in addition to `web-01` and its policy. */
  readonly arrange: (scenario: Scenario) => void;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const TWO_VMS = 'rg-app/web-01\nrg-app/db-01';

/** VMs get different ports. */
export const CONFIGURED: Scene = {
  task: 'JitConfigurePolicy',
  inputs: {
    vmResourceId: TWO_VMS,
    portRules: '22/tcp max 1h from *\n5986/tcp max 2h from 203.0.113.0/24',
    mode: 'exact',
  },
  arrange: (scenario) => void addDatabase(scenario),
};

/** Ports of two VMs are opened, and closed after the job. */
export const OPENED: Scene = {
  task: 'JitOpenPorts',
  inputs: { vmResourceId: TWO_VMS, ports: 'ssh', duration: '45m', closeAtJobEnd: 'true' },
  arrange: (scenario) => void addDatabase(scenario),
};

/** A first run, which requests nothing. */
export const CHECKED: Scene = {
  task: 'JitOpenPorts',
  inputs: { vmResourceId: 'rg-app/web-01', ports: 'ssh', duration: '45m', dryRun: 'true' },
  arrange: () => undefined,
};

/** Another rule blocks the port. */
export const BLOCKED: Scene = {
  task: 'JitOpenPorts',
  inputs: { vmResourceId: 'rg-app/web-01', ports: 'ssh', duration: '45m', waitTimeout: '10s' },
  arrange({ vm }) {
    vm.subnetNsg?.addRule({ name: 'deny-internet', priority: 100, access: 'Deny', sources: ['Internet'] });
  },
};

/** A week of a small shop. */
export const REPORTED: Scene = { task: 'JitReport', inputs: {}, arrange: addWeek };

function addDatabase({ azure }: Scenario): ReturnType<Scenario['azure']['addPolicy']> {
  const vm = azure.addVm({ name: 'db-01', publicIp: '20.50.1.11', subnetNsg: true });
  return azure.addPolicy({ name: 'jit-db', vms: [{ vm, ports: [anyPort(22)] }], oldRequests: false });
}

function addWeek(scenario: Scenario): void {
  const { azure, vm: web, policy, principal } = scenario;
  azure.settings.ruleDelayMs = 0;
  const database = azure.addVm({ name: 'db-01', publicIp: '20.50.1.11', subnetNsg: true });
  const data = azure.addPolicy({
    name: 'jit-db',
    vms: [{ vm: database, ports: [anyPort(22)] }],
    oldRequests: false,
  });
  const legacy = azure.addVm({
    ...{ name: 'legacy-01', publicIp: '20.50.1.12', system: 'Windows', subnet: 'legacy' },
  });
  legacy.nicNsg?.addRule({
    ...{ name: 'allow-rdp', priority: 300, access: 'Allow' },
    ...{ sources: ['Internet'], destinationPorts: ['3389'] },
  });
  azure.addVm({ name: 'batch-01', publicIp: null, subnetNsg: true });
  azure.addAssessment({ vm: legacy, status: 'Unhealthy' });
  azure.addAssessment({ vm: web, status: 'Healthy' });
  for (const [index, day] of [6.1, 5.2, 4.1, 3.3, 2.1, 1.2].entries()) {
    const deployment = {
      ...{ port: 22, sources: ['20.61.99.7'], durationMs: 45 * MINUTE, agoMs: day * 24 * HOUR },
      ...{ requestor: principal.objectId, justification: justification(4690 + index) },
    };
    policy.addPastRequest({ ...deployment, vm: web });
    if (index % 2 === 0) data.addPastRequest({ ...deployment, vm: database });
  }
  data.addPastRequest({
    ...{ vm: database, port: 22, sources: ['203.0.113.9'], durationMs: 3 * HOUR, agoMs: 58 * HOUR },
    ...{ requestor: 'lin.wei@contoso.example', justification: 'Index rebuild, ticket 7731' },
  });
  policy.requestByOther({
    ...{ vm: web, port: 22, sources: ['20.61.99.7'], durationMs: 45 * MINUTE },
    ...{ requestor: principal.objectId, justification: justification(4711) },
  });
  azure.advance(12 * MINUTE);
}

const justification = (run: number): string =>
  `Web Shop / deploy-web 2026112${run % 10}.1, requested for Ada Park, ${COLLECTION_URI}Web%20Shop/_build/results?buildId=${run}`;
