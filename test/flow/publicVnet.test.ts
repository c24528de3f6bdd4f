import assert from 'node:assert/strict';
import type { NewRule } from '../support/azure';
import { close } from './closing';
import { aWorkflow, type Workflow } from './workflow';

/** In the VNet, whose own prefixes are public addresses, and therefore not in `Internet`. */
const INSIDE = '20.50.9.9';
const VNET_READ = 'Microsoft.Network/virtualNetworks/read';

/**
 * Creates a VM in such a VNet that is filtered on the network interface only, with rules before or after those of
 * requests.
 */
function inPublicVnet(...rules: readonly Pick<NewRule, 'priority' | 'access' | 'sources'>[]): Workflow {
  const workflow = aWorkflow({
    vm: { subnetNsg: false, privateIp: '20.50.0.4', vnetPrefixes: ['20.50.0.0/16'] },
    settings: { ruleDelayMs: 0 },
  });
  for (const rule of rules) {
    workflow.vm.nicNsg?.addRule({
      name: `by-hand-${String(rule.priority)}`,
      destinationPorts: ['22'],
      ...rule,
    });
  }
  return workflow;
}

const open = (workflow: Workflow) => workflow.run({ sourceIp: INSIDE, waitTimeout: '20s' });

describe('a virtual network with public addresses', () => {
  const opening = [
    { priority: 90, access: 'Allow', sources: ['Internet'] },
    { priority: 95, access: 'Deny', sources: ['VirtualNetwork'] },
  ] as const;
  const closing = [
    { priority: 95, access: 'Deny', sources: ['Internet'] },
    { priority: 96, access: 'Allow', sources: ['VirtualNetwork'] },
  ] as const;

  it('does not open a port to its own addresses because of a rule for Internet', async () => {
    const workflow = inPublicVnet(...opening);
    const { codes, endpoints } = await open(workflow);
    assert.deepEqual([codes, endpoints.map(({ status }) => status)], [['JIT702'], ['failed']]);
    assert.equal(workflow.count('vnet'), 1);
  });

  it('does not close a port to its own addresses because of a rule for Internet', async () => {
    const workflow = inPublicVnet(...closing);
    assert.deepEqual((await open(workflow)).codes, []);
    const [outcome] = await close(workflow);
    assert.ok(outcome?.kind === 'open');
    assert.match(outcome.why, /by-hand-96/);
  });

  it('leaves both unknown if it cannot be read', async () => {
    const unread = inPublicVnet(...opening);
    unread.azure.principal.forbid(VNET_READ);
    const { codes, opened } = await open(unread);
    assert.deepEqual(codes, ['JIT702']);
    assert.match(opened?.failures[0]?.seen ?? '', /VirtualNetwork: .* was not read/);
    assert.ok(unread.context.texts('warning').some((text) => text.includes('VirtualNetwork, Internet')));

    const shut = inPublicVnet(...closing);
    shut.azure.principal.forbid(VNET_READ);
    await open(shut);
    const [outcome] = await close(shut);
    assert.equal(outcome?.kind, 'open');
  });

  it('might deny a source because of a rule for Internet if it cannot be read', async () => {
    const workflow = inPublicVnet({ priority: 90, access: 'Deny', sources: ['Internet'] });
    workflow.azure.principal.forbid(VNET_READ);
    const { opened } = await open(workflow);
    assert.match(opened?.failures[0]?.seen ?? '', /by-hand-90.*denies Internet.*not read/);
  });

  it('also causes a warning about a rule for Internet if it cannot be read', async () => {
    const workflow = inPublicVnet({ priority: 300, access: 'Allow', sources: ['Internet'] });
    workflow.azure.principal.forbid(VNET_READ);
    assert.deepEqual((await open(workflow)).codes, []);
    const warnings = workflow.context.texts('warning');
    assert.ok(
      warnings.some((text) => text.includes('by-hand-300') && text.includes('Every address')),
      warnings.join('\n'),
    );
  });
});
