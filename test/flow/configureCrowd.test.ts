import assert from 'node:assert/strict';
import { CROWD } from '../../tasks/shared/core/crowd';
import {
  moreDisturbed,
  moreNotInNamedPolicy,
} from '../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/messages/policies';
import {
  moreOpenings,
  moreUnprotected,
} from '../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/messages/protection';
import type { NewVm } from '../support/azure';
import { aPolicyWorkflow } from './policyWorkflow';
import { allow } from './protectionWorkflow';
import { anyPort } from './workflow';

const COUNT = CROWD + 5;
const HOUR_MS = 3_600_000;

/** Creates VMs in one group, and one policy for them unless `hasPolicy` is false. */
function aCrowd(given: Partial<NewVm> = {}, hasPolicy = true) {
  const workflow = aPolicyWorkflow();
  const { azure, world } = workflow;
  const vms = Array.from({ length: COUNT }, (_, at) =>
    azure.addVm({ name: `app-${String(at)}`, resourceGroup: 'rg-crowd', vnet: 'vnet-crowd', ...given }),
  );
  const entries = vms.map((vm) => ({ vm, ports: [anyPort(22), anyPort(443)] }));
  const policy = hasPolicy ? azure.addPolicy({ name: 'default', vms: entries }) : undefined;
  const run = (raw: object) => workflow.run({ vmResourceId: vms.map(({ id }) => id).join('\n'), ...raw });
  return { ...workflow, vms, policy, run, warnings: () => world.texts('warning') };
}

describe('the warnings of a run over more VMs than are reported one by one', () => {
  const assertFew = (warnings: readonly string[], more: (count: number) => string) => {
    assert.equal(warnings.length, CROWD, warnings.join('\n'));
    assert.equal(warnings.at(-1), more(COUNT - CROWD + 1));
  };

  it('are limited if nothing filters the VMs', async () => {
    const { run, warnings } = aCrowd({ nicNsg: false, subnetNsg: false, subnet: 'bare' }, false);
    await run({ portRules: '22' });
    assertFew(warnings(), moreUnprotected);
  });

  it('are limited if ports stay open to the internet without a policy', async () => {
    const { run, warnings } = aCrowd({ nicNsg: { rules: [allow({})] } });
    await run({ portRules: '-22' });
    assertFew(warnings(), moreOpenings);
  });

  it('are limited if a change ends active requests', async () => {
    const { run, warnings, vms, policy } = aCrowd();
    for (const vm of vms)
      policy?.requestByOther({ vm, port: 22, sources: ['20.9.9.9'], durationMs: HOUR_MS });
    await run({ portRules: '-22' });
    assertFew(warnings(), moreDisturbed);
  });

  it('are limited if the named policy lists none of the VMs', async () => {
    const { run, warnings } = aCrowd();
    await run({ action: 'remove', policyName: 'other' });
    assertFew(warnings(), moreNotInNamedPolicy);
  });
});
