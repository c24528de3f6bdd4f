import assert from 'node:assert/strict';
import { serverError, throttled } from '../../tasks/shared/messages/failures';
import { close, noted } from './closing';
import { ALWAYS_SSH, NO_SSH, withRules } from './withRules';
import { aWorkflow, type Workflow } from './workflow';

const ACTION = 'Microsoft.Network/virtualNetworks/listNetworkManagerEffectiveSecurityAdminRules/action';

describe('closing behind security admin rules', () => {
  it('reports a port as closed without the right to read them, but not if reading them fails or hangs', async () => {
    const outcome = async (arrange: (workflow: Workflow) => void) => {
      const workflow = withRules();
      await workflow.run({ ports: '22' });
      arrange(workflow);
      const [closed] = await close(workflow, noted(workflow));
      return closed?.kind;
    };
    assert.equal(
      await outcome(({ azure }) => {
        azure.principal.forbid(ACTION);
      }),
      'closed',
    );
    for (const fault of [throttled('x', 'y'), serverError('x', 503, 'y'), 'hang'] as const)
      assert.equal(
        await outcome(({ azure }) => {
          azure.always('adminRules', fault);
        }),
        'open',
        String(fault),
      );
  });

  it('reports a port that one of them always allows as permanently open, names the rule, and deletes nothing', async () => {
    const workflow = withRules(ALWAYS_SSH);
    await workflow.run({ ports: '22' });
    const [closed] = await close(workflow);
    assert.ok(closed?.kind === 'open' && closed.until === undefined);
    assert.ok(closed.why.includes('always-ssh'), closed.why);
    assert.equal(workflow.count('rule.delete'), 0);
  });

  it('also names the rule if the policy cannot be read', async () => {
    const workflow = withRules(ALWAYS_SSH);
    await workflow.run({ ports: '22' });
    workflow.azure.always('policy.get', serverError('x', 503, 'y'));
    const [closed] = await close(workflow);
    assert.ok(closed?.kind === 'open' && closed.until === undefined);
    assert.ok(closed.why.includes('always-ssh'), closed.why);
  });

  it('also names a manually created rule if the policy cannot be read', async () => {
    const workflow = aWorkflow();
    const byHand = { name: 'by-hand', priority: 100, access: 'Allow', destinationPorts: ['22'] } as const;
    workflow.vm.nicNsg?.addRule(byHand);
    workflow.vm.subnetNsg?.addRule(byHand);
    await workflow.run({ ports: '22' });
    workflow.azure.always('policy.get', serverError('x', 503, 'y'));
    const [closed] = await close(workflow);
    assert.ok(closed?.kind === 'open' && closed.until === undefined);
    assert.ok(closed.why.includes('by-hand'), closed.why);
  });

  it('does not report a port as closed that a rule might always allow', async () => {
    const workflow = withRules({ ...ALWAYS_SSH, sources: ['AzureCloud'] });
    await workflow.run({ ports: '22' });
    const [closed] = await close(workflow);
    assert.ok(closed?.kind === 'open' && closed.why.includes('always-ssh'));
  });

  it('reports a port that one of them denies as closed, whatever an NSG allows', async () => {
    const workflow = aWorkflow();
    await workflow.run({ ports: '22' });
    for (const nsg of [workflow.vm.nicNsg, workflow.vm.subnetNsg])
      nsg?.addRule({ name: 'ops', priority: 90, access: 'Allow', destinationPorts: ['22'] });
    const before = noted(workflow);
    workflow.azure.addAdminRule(workflow.vm, { ...NO_SSH, protocol: 'Any' });
    const [closed] = await close(workflow, before);
    assert.deepEqual([closed?.kind, closed?.kind === 'closed' && closed.how], ['closed', 'verified']);
  });

  it('continues without the right, and tries to read them once', async () => {
    const workflow = withRules();
    await workflow.run({ ports: '22,3389' });
    workflow.azure.principal.forbid(ACTION);
    const before = workflow.count('adminRules');
    const closed = await close(workflow);
    assert.deepEqual(
      closed.map(({ kind }) => kind),
      ['closed', 'closed'],
    );
    assert.equal(workflow.count('adminRules') - before, 1);
  });
});
