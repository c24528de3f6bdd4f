import { anyPort, type Scenario, type ScenarioOptions } from '../../test/support/scenario';

/** The tasks of this extension. */
export const TASKS = ['JitOpenPorts', 'JitConfigurePolicy', 'JitReport'] as const;
export type TaskName = (typeof TASKS)[number];

/** A step of a job, with its expected result. */
export interface Step {
  readonly task: TaskName;
  readonly inputs: Readonly<Record<string, string>>;
  readonly result: 'Succeeded' | 'Failed';
  /** The code at the beginning of the error. */
  readonly code?: string;
  /** Outputs with their expected values. */
  readonly outputs?: Readonly<Record<string, string>>;
  /** The expected number of requests for access that Azure received so far. */
  readonly requests: number;
}

/** A situation, with the jobs that run in it one after the other. */
export interface Scene {
  readonly title: string;
  readonly setting: string;
  readonly options: ScenarioOptions;
  /** Adds more resources to Azure. */
  readonly arrange?: (scenario: Scenario) => void;
  /** What a job opened is closed after its last step if the step says so. */
  readonly jobs: readonly (readonly Step[])[];
}

/** As in Azure, the rules appear some seconds after the request. */
const settings = { initiatingMs: 1000, ruleDelayMs: 2500 };

const connection = { azureSubscription: 'my-connection' };

/** Any address was allowed to the port before the policy existed, so the deny rule must come first. */
const wholeSettings = { ...settings, denyPriority: 1000 };
const NEW_VM = { ...connection, vmResourceId: 'rg-app/new-01' };

export const SCENES: readonly Scene[] = [
  {
    title: '1. SSH to two servers for a deployment',
    setting:
      'The connection signs in by workload identity federation. Each VM has a just-in-time policy of its own, and security groups on its network interface and on the subnet.',
    options: { kind: 'federation', settings },
    arrange({ azure }) {
      const vm = azure.addVm({ name: 'db-01', publicIp: '20.50.1.11', subnetNsg: true });
      const ports = [{ ...anyPort(22), maxRequestAccessDuration: 'PT1H' }];
      azure.addPolicy({ name: 'jit-db', vms: [{ vm, ports }] });
    },
    jobs: [
      [
        {
          task: 'JitOpenPorts',
          inputs: {
            ...connection,
            vmResourceId: 'rg-app/web-01\nrg-app/db-01',
            ports: 'ssh',
            duration: '45m',
            closeAtJobEnd: 'true',
          },
          ...{ result: 'Succeeded', requests: 2 },
        },
      ],
    ],
  },
  {
    title: '2. Another rule blocks',
    setting:
      'A rule on the subnet denies the internet, at priority 100. Azure accepts the request and reports it as initiated, but the agent still cannot connect.',
    options: { kind: 'federation', settings },
    arrange({ vm }) {
      vm.subnetNsg?.addRule({
        name: 'deny-internet',
        priority: 100,
        access: 'Deny',
        sources: ['Internet'],
      });
    },
    jobs: [
      [
        {
          task: 'JitOpenPorts',
          inputs: { ...connection, vmResourceId: 'rg-app/web-01', ports: 'ssh', waitTimeout: '5s' },
          ...{ result: 'Failed', code: 'JIT702', requests: 1 },
        },
      ],
    ],
  },
  {
    title: '3. The policy allows less',
    setting:
      'The policy allows the ports 22 and 3389, for up to three hours. A dry run shows this without requesting anything, and gives a check list.',
    options: { kind: 'key', settings },
    jobs: [
      [
        {
          task: 'JitOpenPorts',
          inputs: { ...connection, vmResourceId: 'rg-app/web-01', ports: '8080, ssh', dryRun: 'true' },
          ...{ result: 'Failed', code: 'JIT402', requests: 0 },
        },
      ],
    ],
  },
  {
    title: '4. An unset variable and a typing error',
    setting: 'All errors in the inputs are reported together, before anything is sent to Azure.',
    options: { kind: 'key', settings },
    jobs: [
      [
        {
          task: 'JitOpenPorts',
          inputs: { ...connection, vmResourceId: 'rg-app/$(webServer)', ports: 'shh', duration: '45m' },
          ...{ result: 'Failed', code: 'JIT101', requests: 0 },
        },
      ],
    ],
  },
  {
    title: '5. A VM from start to end: added to a policy, opened, closed, audited',
    setting:
      'The VM new-01 is in no policy, and a rule allows any address to reach its port 22. The first job reports that, adds the VM to the policy of web-01, opens the port for itself, and reports what is open. After its last step, the port is closed. The second job audits the requests.',
    options: { kind: 'federation', settings: wholeSettings },
    arrange({ azure }) {
      const vm = azure.addVm({ name: 'new-01', publicIp: '20.50.1.12', subnet: 'new' });
      vm.nicNsg?.addRule({ name: 'ssh-for-all', priority: 2000, access: 'Allow', destinationPorts: ['22'] });
    },
    jobs: [
      [
        {
          task: 'JitReport',
          inputs: { ...connection, scope: 'rg-app' },
          ...{ result: 'Succeeded', requests: 0 },
          outputs: { configured: '1', notConfigured: '1', openPorts: '1' },
        },
        {
          task: 'JitConfigurePolicy',
          inputs: { ...NEW_VM, portRules: '22/tcp max 1h from *', policyName: 'jit-web' },
          ...{ result: 'Succeeded', requests: 0, outputs: { changed: 'true' } },
        },
        {
          task: 'JitOpenPorts',
          inputs: { ...NEW_VM, ports: 'ssh', duration: '45m', closeAtJobEnd: 'true' },
          ...{ result: 'Succeeded', requests: 1 },
        },
        {
          task: 'JitReport',
          inputs: { ...connection, scope: 'rg-app' },
          ...{ result: 'Succeeded', requests: 1 },
          outputs: { configured: '2', notConfigured: '0', openPorts: '1' },
        },
      ],
      [
        {
          task: 'JitReport',
          inputs: { ...connection, scope: 'rg-app', days: '1', failOn: 'openToInternet' },
          ...{ result: 'Succeeded', requests: 2, outputs: { openPorts: '0' } },
        },
      ],
    ],
  },
];
