import { anyPort, type Scenario, type ScenarioOptions } from '../../test/support/scenario';

/** The tasks of this extension. */
export type TaskName = 'JitOpenPorts' | 'JitConfigurePolicy';

/** A step that follows another one in the same Azure. */
export interface NextStep {
  readonly task: TaskName;
  readonly inputs: Readonly<Record<string, string>>;
  readonly expected: Expected;
}

/** How a step is to end. */
export interface Expected {
  readonly result: 'Succeeded' | 'Failed';
  /** What the error begins with. */
  readonly code?: string;
  /** How many requests for access Azure is to have got by then. */
  readonly requests: number;
}

/** A step in a situation, and how it is to end. */
export interface Scene {
  readonly title: string;
  readonly setting: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly options: ScenarioOptions;
  /** What else there is in Azure. */
  readonly arrange?: (scenario: Scenario) => void;
  readonly expected: Expected;
  /** The steps that follow. */
  readonly then?: readonly NextStep[];
}

/** Rules come seconds after the request, as in Azure. */
const settings = { initiatingMs: 1000, ruleDelayMs: 2500 };

const connection = { azureSubscription: 'my-connection' };

export const SCENES: readonly Scene[] = [
  {
    title: '1. SSH to two servers for a deployment',
    setting:
      'The connection signs in by workload identity federation. Each VM has a just-in-time policy of its own, and security groups on its network interface and on the subnet.',
    inputs: {
      ...connection,
      vmResourceId: 'rg-app/web-01\nrg-app/db-01',
      ports: 'ssh',
      duration: '45m',
      closeAtJobEnd: 'true',
    },
    options: { kind: 'federation', settings },
    arrange({ azure }) {
      const vm = azure.addVm({ name: 'db-01', publicIp: '20.50.1.11', subnetNsg: true });
      const ports = [{ ...anyPort(22), maxRequestAccessDuration: 'PT1H' }];
      azure.addPolicy({ name: 'jit-db', vms: [{ vm, ports }] });
    },
    expected: { result: 'Succeeded', requests: 2 },
  },
  {
    title: '2. Another rule is in the way',
    setting:
      'Somebody denied the internet on the subnet at priority 100. Azure takes the request and says that it is initiated, but no packet gets through.',
    inputs: { ...connection, vmResourceId: 'rg-app/web-01', ports: 'ssh', waitTimeout: '5s' },
    options: { kind: 'federation', settings },
    arrange({ vm }) {
      vm.subnetNsg?.addRule({
        name: 'deny-internet',
        priority: 100,
        access: 'Deny',
        sources: ['Internet'],
      });
    },
    expected: { result: 'Failed', code: 'JIT702', requests: 1 },
  },
  {
    title: '3. The policy allows less',
    setting: 'The policy has the ports 22 and 3389, for three hours at most.',
    inputs: { ...connection, vmResourceId: 'rg-app/web-01', ports: '8080, ssh', duration: '8h' },
    options: { kind: 'key', settings },
    expected: { result: 'Failed', code: 'JIT402', requests: 0 },
  },
  {
    title: '4. A variable that nobody set, and a slip',
    setting: 'Every mistake in the inputs is reported at once, before anything is asked of Azure.',
    inputs: { ...connection, vmResourceId: 'rg-app/$(webServer)', ports: 'shh', duration: '45m' },
    options: { kind: 'key', settings },
    expected: { result: 'Failed', code: 'JIT101', requests: 0 },
  },
  {
    title: '5. A VM without a policy gets one, and then opens',
    setting:
      'The VM new-01 is under no policy, so that its port cannot be asked for. The second task puts it into the policy that web-01 is in, and leaves web-01 alone. Then the first task works.',
    inputs: { ...connection, vmResourceId: 'rg-app/new-01', ports: 'ssh' },
    options: { kind: 'federation', settings },
    arrange({ azure }) {
      azure.addVm({ name: 'new-01', publicIp: '20.50.1.12', subnetNsg: true });
    },
    expected: { result: 'Failed', code: 'JIT401', requests: 0 },
    then: [
      {
        task: 'JitConfigurePolicy',
        inputs: {
          ...connection,
          vmResourceId: 'rg-app/new-01',
          portRules: '22/tcp max 1h from *',
          policyName: 'jit-web',
        },
        expected: { result: 'Succeeded', requests: 0 },
      },
      {
        task: 'JitOpenPorts',
        inputs: {
          ...connection,
          vmResourceId: 'rg-app/new-01',
          ports: 'ssh',
          duration: '45m',
          closeAtJobEnd: 'true',
        },
        expected: { result: 'Succeeded', requests: 1 },
      },
    ],
  },
];
