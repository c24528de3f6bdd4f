import type { NewRule } from '../support/azure';
import { aWorkflow, type Workflow } from './workflow';

export const VERIFY = 'Microsoft.Network/networkWatchers/ipFlowVerify/action';
export const LIST = 'Microsoft.Network/networkWatchers/read';
/** It comes before the allow rules of the service, and the task cannot determine which addresses it covers. */
export const TAG: NewRule = { name: 'no-cloud', priority: 90, access: 'Deny', sources: ['AzureCloud'] };
export const IN_CLOUD = { tags: { azurecloud: ['20.0.0.0/8'] } };
export const ELSEWHERE = { tags: { azurecloud: ['40.0.0.0/8'] } };

/** Creates a workflow whose VM is behind this rule, with a network watcher that knows the tag. */
export function behind(rule: NewRule, watcher: object | null = ELSEWHERE): Workflow {
  const workflow = aWorkflow({ vm: { nicNsg: { rules: [rule] }, subnetNsg: false } });
  if (watcher) workflow.azure.addWatcher(watcher);
  return workflow;
}
