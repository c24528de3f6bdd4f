import type { NewAdminRule } from '../support/azure';
import { aWorkflow, type Workflow } from './workflow';

export const NO_SSH: NewAdminRule = {
  ...{ name: 'no-ssh', priority: 10, access: 'Deny', protocol: 'Tcp' },
  ...{ sources: ['Internet'], destinationPorts: ['22', '3389'] },
};
export const ALWAYS_SSH: NewAdminRule = { ...NO_SSH, name: 'always-ssh', access: 'AlwaysAllow' };

/** Creates a workflow whose network has these rules. */
export function withRules(...rules: readonly NewAdminRule[]): Workflow {
  const workflow = aWorkflow();
  for (const rule of rules) workflow.azure.addAdminRule(workflow.vm, rule);
  return workflow;
}
