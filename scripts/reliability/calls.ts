import type { Kind } from '../../test/support/azure';
import type { Scenario, ScenarioOptions } from '../../test/support/scenario';

/** A call of the task, and a run in which it is made. */
export interface ReliabilityCall {
  readonly name: string;
  readonly kind: Kind;
  readonly stage: 'step' | 'after the job';
  readonly options?: ScenarioOptions;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly arrange?: (scenario: Scenario) => void;
}

/** Rules that appear so late that the step checks the policy while it waits. */
const slowRules = { settings: { ruleDelayMs: 1500, initiatingMs: 500 } };
const atOnce = { settings: { ruleDelayMs: 0, initiatingMs: 0 } };

const inStep = (kind: Kind, more: Partial<ReliabilityCall> = {}): ReliabilityCall => ({
  name: kind,
  kind,
  stage: 'step',
  options: atOnce,
  ...more,
});

/** A rule that names the virtual network, and comes before the service's rule, makes the task read its addresses. */
const nameVirtualNetwork = ({ vm }: Scenario): void =>
  vm.nicNsg?.addRule({
    name: 'deny-vnet',
    priority: 100,
    access: 'Deny',
    sources: ['VirtualNetwork'],
    destinationPorts: ['22'],
  });

/**
 * Adds a rule for the port with a tag that the task cannot resolve. The agent does not belong to the tag, as IP flow
 * verify reports.
 */
const leaveInDoubt =
  (access: 'Allow' | 'Deny', priority: number) =>
  ({ azure, vm }: Scenario): void => {
    vm.nicNsg?.addRule({
      ...{ name: 'cloud', access, priority },
      ...{ sources: ['AzureCloud'], destinationPorts: ['22'] },
    });
    if (access === 'Allow')
      vm.subnetNsg?.addRule({ name: 'all', priority, access, destinationPorts: ['22'] });
    azure.addWatcher({ tags: { azurecloud: ['198.51.100.0/24'] } });
  };
/** It comes before the service's allow rule. */
const denyInDoubt = leaveInDoubt('Deny', 90);
/** It comes after that rule, and before the service's deny rule. */
const allowInDoubt = leaveInDoubt('Allow', 300);
/** The result is at the location in the response. */
const later = { settings: { ...atOnce.settings, verdictMs: 1 } };

/** The calls of the step, in order. */
export const STEP_CALLS: readonly ReliabilityCall[] = [
  inStep('openid'),
  inStep('token'),
  inStep('oidc', { options: { ...atOnce, kind: 'federation' } }),
  inStep('imds', { options: { ...atOnce, kind: 'system-assigned identity' } }),
  inStep('echo'),
  inStep('policies.list'),
  inStep('vm'),
  inStep('nic'),
  inStep('subnet'),
  inStep('publicIp'),
  inStep('initiate'),
  inStep('nsg'),
  inStep('vnet', { arrange: nameVirtualNetwork }),
  inStep('policy.get', { options: slowRules }),
  inStep('adminRules'),
  inStep('watchers.list', { arrange: denyInDoubt }),
  inStep('ipFlowVerify', { arrange: denyInDoubt }),
  inStep('flowResult', { arrange: denyInDoubt, options: later }),
];

const afterJob = (kind: Kind, more: Partial<ReliabilityCall> = {}): ReliabilityCall => ({
  ...inStep(kind, more),
  stage: 'after the job',
});

/** If an earlier end is ignored, the allow rule must be deleted. */
const stubborn = { settings: { ...atOnce.settings, honoursEarlyEnd: false } };

/** The calls of the post-job step. */
export const AFTER_JOB_CALLS: readonly ReliabilityCall[] = [
  afterJob('openid'),
  afterJob('token'),
  afterJob('policy.get'),
  afterJob('initiate'),
  afterJob('vm'),
  afterJob('nic'),
  afterJob('subnet'),
  afterJob('publicIp'),
  afterJob('nsg'),
  afterJob('vnet', { arrange: nameVirtualNetwork }),
  afterJob('rule.delete', { options: stubborn }),
  afterJob('adminRules'),
  afterJob('watchers.list', { arrange: allowInDoubt }),
  afterJob('ipFlowVerify', { arrange: allowInDoubt }),
  afterJob('flowResult', { arrange: allowInDoubt, options: later }),
];
