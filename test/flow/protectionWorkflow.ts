import type { NewVm } from '../support/azure';
import { anyPort } from './workflow';
import { aPolicyWorkflow } from './policyWorkflow';

type Rule = NonNullable<Exclude<NewVm['nicNsg'], boolean | undefined>['rules']>[number];

/** A rule that allows ssh from anywhere, with the given differences. */
export const allow = (given: Partial<Rule>): Rule => ({
  ...{ name: 'by-hand', priority: 300, access: 'Allow', protocol: 'Tcp' },
  ...{ sources: ['*'], destinations: ['*'], destinationPorts: ['22'], ...given },
});

/** Creates a VM in its own group, with a policy for 22 and 443 or the given ports, and the workflow to run on it. */
export function aProtectionWorkflow(given: Partial<NewVm> = {}, ports = [anyPort(22), anyPort(443)]) {
  const workflow = aPolicyWorkflow();
  const { azure, world: context } = workflow;
  const own = azure.addVm({ name: 'own-01', resourceGroup: 'rg-own', vnet: 'vnet-own', ...given });
  azure.addPolicy({ name: 'default', vms: [{ vm: own, ports }] });
  const run = (raw: object) => workflow.run({ vmResourceId: own.id, ...raw });
  const said = (kind: 'warning' | 'line') => context.texts(kind).join('\n');
  return { ...workflow, run, own, said };
}
