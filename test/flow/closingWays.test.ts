import { parsePrefix, type Prefix } from '../../tasks/shared/core/prefixes';
import assert from 'node:assert/strict';
import type { SecurityRule } from '../../tasks/shared/core/network';
import type { OddEntry } from '../../tasks/shared/core/policy';
import { noGroup } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/messages/closing';
import { serverError } from '../../tasks/shared/messages/failures';
import { AGENT } from '../support/fakes/fakeContext';
import { changePolicies, close, DELETE, noted, onRules, opened, STUBBORN } from './closing';
import { aWorkflow, HOUR, MINUTE, type Workflow } from './workflow';

const summary = async (workflow: Workflow) => {
  const [outcome] = await close(workflow);
  return outcome && [outcome.kind, 'how' in outcome ? outcome.how : outcome.until];
};
const endOf = (workflow: Workflow) => noted(workflow)[0]?.endsAt;
const onBoth = ({ vm }: Workflow, rule: Parameters<NonNullable<Workflow['vm']['nicNsg']>['addRule']>[0]) => {
  vm.nicNsg?.addRule(rule);
  vm.subnetNsg?.addRule(rule);
};
const elapsed = async (workflow: Workflow): Promise<number> => {
  const before = workflow.context.clock.now();
  await close(workflow);
  return workflow.context.clock.now() - before;
};
/** Changes every response with an NSG. */
function changeGroups(
  { context: { network } }: Workflow,
  change: (rules: readonly SecurityRule[]) => readonly SecurityRule[],
): void {
  const read = network.getSecurityGroup.bind(network);
  Object.assign(network, {
    getSecurityGroup: async (...given: Parameters<typeof read>) => {
      const group = await read(...given);
      return { ...group, rules: change(group.rules) };
    },
  });
}

describe('the rules during closing', () => {
  it('are checked until they follow, for some seconds, before any is deleted', async () => {
    const workflow = await opened({ settings: { ruleRemovalMs: 4000 } });
    assert.deepEqual(await summary(workflow), ['closed', 'verified']);
    assert.equal(workflow.count('rule.delete'), 0);
  });

  it('are no longer waited for once they block the source, or if nothing was deleted', async () => {
    assert.ok((await elapsed(await opened())) < 10_000, 'the near end is what takes time');
    const byHand = await opened();
    onBoth(byHand, { name: 'by-hand', priority: 900, access: 'Allow', destinationPorts: ['22'] });
    assert.ok((await elapsed(byHand)) < 18_000);
    assert.ok((await elapsed(await opened({ settings: { ruleRemovalMs: 2000 } }))) < 14_000);
  });

  it('are checked until the time is over when a deleted rule still exists', async () => {
    const workflow = await opened({ settings: STUBBORN });
    const { network, clock } = workflow.context;
    const remove = network.deleteRule.bind(network);
    Object.assign(network, {
      deleteRule: (...given: Parameters<typeof remove>) => {
        clock.at(clock.now() + 6000, () => void remove(...given));
        return Promise.resolve();
      },
    });
    assert.deepEqual(await summary(workflow), ['closed', 'verified']);
  });

  it('are checked for a few seconds when the response to a deletion was lost', async () => {
    const workflow = await opened({ settings: STUBBORN });
    const { network, clock } = workflow.context;
    const remove = network.deleteRule.bind(network);
    Object.assign(network, {
      deleteRule: (...given: Parameters<typeof remove>) => {
        clock.at(clock.now() + 2000, () => void remove(...given));
        return Promise.reject(serverError('x', 503, 'y'));
      },
    });
    assert.deepEqual(await summary(workflow), ['closed', 'verified']);
  });

  it('are permanent access if each NSG has another rule, and otherwise open until the end', async () => {
    const rule = { name: 'by-hand', priority: 900, access: 'Allow', destinationPorts: ['22'] } as const;
    const oneGroup = await opened({ vm: { subnetNsg: false } });
    oneGroup.vm.nicNsg?.addRule(rule);
    assert.deepEqual(await summary(oneGroup), ['open', undefined]);
    const half = aWorkflow({ settings: STUBBORN });
    // Before the rule of the request.
    half.vm.nicNsg?.addRule({ ...rule, priority: 100 });
    assert.deepEqual((await half.run()).codes, []);
    half.azure.principal.forbid(DELETE);
    assert.deepEqual(await summary(half), ['open', endOf(half)]);
  });

  it('are not reported as closed because every other read of an NSG leaves them out', async () => {
    const workflow = await opened({ settings: STUBBORN, vm: { subnetNsg: false } });
    Object.assign(workflow.azure.settings, { ruleBlockedByLock: true });
    let reading = 0;
    changeGroups(workflow, (rules) => (++reading % 2 === 1 ? rules : rules.filter((rule) => rule.isDefault)));
    assert.deepEqual(await summary(workflow), ['open', endOf(workflow)]);
  });

  it('are absent if there is no NSG, and a Basic address is open by default', async () => {
    const workflow = aWorkflow({ vm: { nicNsg: false, subnetNsg: false, publicSku: 'Basic' } });
    await workflow.run({ waitFor: 'nothing' });
    const before = workflow.context.clock.now();
    const [outcome] = await close(workflow);
    assert.ok(outcome?.kind === 'open');
    assert.equal(outcome.until, undefined);
    assert.equal(outcome.why, noGroup);
    assert.ok(workflow.context.clock.now() - before < 18_000, 'there is nothing to wait for');
  });

  it('are reported, if they could not be read, with what was done about the request', async () => {
    const workflow = await opened();
    workflow.azure.principal.forbid('Microsoft.Network/networkInterfaces/read');
    const [outcome] = await close(workflow);
    assert.ok(outcome?.kind === 'open');
    assert.match(outcome.why, /^An earlier end was requested/);
  });

  for (const isOpen of [true, false]) {
    it(`${isOpen ? 'are reported' : 'are not reported'} over IPv6, which closing does not change`, async () => {
      const workflow = await opened({ vm: { ipv6: 'fd00:10::4' } });
      const sources = isOpen ? ['::/0'] : ['2603::/16'];
      onBoth(workflow, { name: 'six', priority: 900, access: 'Allow', sources, destinationPorts: ['22'] });
      const [outcome] = await close(workflow);
      assert.equal(outcome?.kind, 'closed');
      assert.deepEqual(
        outcome.overIpv6?.rules.map(({ rule }) => rule.name),
        isOpen ? ['six', 'six'] : undefined,
      );
      assert.equal('overIpv6' in outcome, isOpen);
    });
  }
});

describe('a rule that looks like the rule of a request', () => {
  const NAME = 'MicrosoftDefenderForCloud-JITRule-77-0123456789ABCDEF0123456789ABCDEF';
  const lookalike = ({ vm }: Workflow, given: object = {}) => ({
    ...{ name: NAME, priority: 110, access: 'Allow' as const, sources: [AGENT] },
    ...{ destinations: [vm.privateIp], destinationPorts: ['22'], ...given },
  });
  const deletions = async (workflow: Workflow) => {
    await close(workflow);
    return workflow.count('rule.delete');
  };

  it('is deleted in neither NSG if two look the same', async () => {
    const workflow = await opened({ settings: STUBBORN });
    onBoth(workflow, lookalike(workflow));
    assert.equal(await deletions(workflow), 0);
  });

  for (const settings of [
    // Azure removes its own rule at the near end, but still shows the request as active.
    { supersession: 'none' as const, honoursEarlyEnd: true },
    { supersession: 'vm+port' as const, honoursEarlyEnd: true },
  ]) {
    it(`is not deleted when the step's own rule is gone by then, with supersession by ${settings.supersession}`, async () => {
      const workflow = await opened({ settings });
      onBoth(workflow, lookalike(workflow));
      const [outcome] = await close(workflow);
      assert.ok(outcome?.kind === 'open');
      assert.equal(outcome.until, undefined);
      assert.match(outcome.why, new RegExp(NAME));
      assert.equal(workflow.count('rule.delete'), 0);
      assert.ok(workflow.vm.nicNsg?.rules().some(({ name }) => name === NAME));
    });
  }

  it('is deleted as before if the rules could not be read before the end was requested', async () => {
    const workflow = await opened({ settings: STUBBORN });
    workflow.azure.next('nsg', 'hang', 'hang');
    assert.equal(await deletions(workflow), 2);
  });

  for (const [what, given] of Object.entries({
    'for more VMs': { destinations: ['10.0.0.4', '10.0.0.99'] },
    'for the whole subnet': { destinations: ['10.0.0.0/16'] },
    'for another port as well': { destinationPorts: ['22', '3389'] },
    'for other sources as well': { sources: [AGENT, '20.50.1.8'] },
    'that denies': { priority: 4000, access: 'Deny' as const },
    'by another name': { name: 'by-hand' },
  })) {
    it(`is another one ${what}: only the step's own rule is deleted, in both NSGs`, async () => {
      const workflow = await opened({ settings: STUBBORN, vm: { privateIp: '10.0.0.4' } });
      onBoth(workflow, lookalike(workflow, given));
      assert.equal(await deletions(workflow), 2);
      assert.ok(workflow.vm.nicNsg?.rules().some(({ madeBy }) => madeBy === 'hand'));
    });
  }

  it('is another one if it covers the ports of two requests', async () => {
    const workflow = await opened({ settings: STUBBORN }, { ports: '22' });
    await workflow.context.clock.sleep(MINUTE, workflow.context.signal);
    assert.deepEqual((await workflow.run({ ports: '3389' })).codes, []);
    onBoth(workflow, lookalike(workflow, { destinationPorts: ['22', '3389'] }));
    assert.equal(await deletions(workflow), 4);
  });

  it("is the step's own rule if it has the address as a prefix", async () => {
    const workflow = await opened({ settings: STUBBORN });
    const asPrefix = (one: Prefix) =>
      one.text === workflow.vm.privateIp ? parsePrefix(`${one.text}/32`) : one;
    changeGroups(workflow, (rules) =>
      rules.map((rule) => ({ ...rule, destinations: rule.destinations.map(asPrefix) })),
    );
    assert.equal(await deletions(workflow), 2);
  });

  it('is another one if it names no port', async () => {
    const workflow = await opened({ settings: STUBBORN });
    onBoth(workflow, lookalike(workflow));
    changeGroups(workflow, (rules) =>
      rules.map((rule) => (rule.name === NAME ? { ...rule, destinationPorts: [] } : rule)),
    );
    assert.equal(await deletions(workflow), 2);
  });

  it("might be another run's while the policy has an invalid request", async () => {
    const workflow = await opened({ settings: STUBBORN });
    const odd: OddEntry = {
      part: 'request',
      vmKey: undefined,
      port: undefined,
      problem: 'x',
      mayLastUntil: Infinity,
    };
    changePolicies(workflow, (policy) => ({ ...policy, odd: [odd] }));
    assert.equal(await deletions(workflow), 0);
  });

  it("is also another run's when that run has requested the same since", async () => {
    const workflow = await opened({ settings: STUBBORN });
    onRules(workflow, () => {
      workflow.azure.settings.ruleDelayMs = Infinity;
      workflow.policy.requestByOther({ vm: workflow.vm, port: 22, sources: [AGENT], durationMs: 2 * HOUR });
    });
    assert.equal(await deletions(workflow), 0);
  });

  it('has no known owner when the policy can no longer be read', async () => {
    const workflow = await opened({ settings: STUBBORN });
    onRules(workflow, () => {
      workflow.azure.always('policy.get', serverError('x', 503, 'y'));
    });
    const [outcome] = await close(workflow);
    assert.ok(outcome?.kind === 'open');
    assert.equal(outcome.until, endOf(workflow));
    assert.match(outcome.why, /still allowed by/);
    assert.equal(workflow.count('rule.delete'), 0);
  });
});
