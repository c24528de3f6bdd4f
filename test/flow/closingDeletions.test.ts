import assert from 'node:assert/strict';
import { serverError } from '../../tasks/shared/messages/failures';
import { close, noted, opened, STUBBORN } from './closing';
import { HOUR, type Workflow } from './workflow';

const nothing = () => undefined;
const rulesLeft = ({ vm }: Workflow): number =>
  [vm.nicNsg, vm.subnetNsg].reduce((count, group) => count + (group?.jitAllowRules().length ?? 0), 0);
const kinds = async (workflow: Workflow) => (await close(workflow)).map(({ kind }) => kind);

describe('the rules of a request that Azure had carried out before the first check of the rules', () => {
  /** The rule is there when the step looks for the first time, or the step does not look. */
  const initiated = async (settings: object, waitFor: string): Promise<Workflow> => {
    const workflow = await opened({ settings: { ruleDelayMs: 0, ...settings } }, { waitFor });
    await workflow.context.clock.sleep(5000, workflow.context.signal);
    return workflow;
  };

  for (const waitFor of ['nothing', 'request', 'rule']) {
    for (const ruleRemovalMs of [10_000, Infinity]) {
      const time = `${String(ruleRemovalMs / 1000)} s`;
      it(`are deleted with that of the near end, which stays for ${time} (${waitFor})`, async () => {
        const workflow = await initiated({ ...STUBBORN, ruleRemovalMs }, waitFor);
        assert.deepEqual(await kinds(workflow), ['closed']);
        assert.equal(rulesLeft(workflow), 0);
      });

      it(`are deleted where they stay for ${time} after the end (${waitFor})`, async () => {
        const workflow = await initiated({ supersession: 'vm+port', ruleRemovalMs }, waitFor);
        assert.deepEqual(await kinds(workflow), ['closed']);
        assert.equal(rulesLeft(workflow), 0);
      });
    }
  }
});

describe('a deleted rule that Azure writes again', () => {
  it('keeps the port open until the end of its request', async () => {
    for (const ruleDelayMs of [0, 3000, 6000]) {
      const settings = { ...STUBBORN, ruleDelayMs, deletedRuleReturns: true };
      const workflow = await opened({ settings });
      const [outcome] = await close(workflow);
      assert.ok(outcome?.kind === 'open');
      assert.equal(outcome.until, noted(workflow)[0]?.endsAt);
      assert.match(outcome.why, /still allowed by .* although this step has deleted/);
    }
  });

  it('is not looked for when no time is left, nor when looking fails', async () => {
    const slow = await opened({ settings: STUBBORN });
    const { network, clock } = slow.context;
    const remove = network.deleteRule.bind(network);
    Object.assign(network, {
      deleteRule: (...given: Parameters<typeof remove>) => {
        clock.at(clock.now() + 21_500, () => void remove(...given));
        return Promise.resolve();
      },
    });
    assert.deepEqual(await kinds(slow), ['closed']);
    const failing = await opened({ settings: STUBBORN, vm: { subnetNsg: false } });
    failing.azure.next('rule.delete', () => {
      // Two readings show that the rule is gone.
      failing.azure.next('nsg', nothing, nothing, serverError('x', 503, 'y'));
    });
    assert.deepEqual(await kinds(failing), ['closed']);
  });
});

describe('the rules of a request for several sources', () => {
  const BOTH = { sourceIp: '20.50.1.7,20.50.9.0/24' };

  /** Azure writes a rule for each source. */
  function splitBySource({ context: { network } }: Workflow): ReadonlySet<string> {
    const deleted = new Set<string>();
    const read = network.getSecurityGroup.bind(network);
    Object.assign(network, {
      getSecurityGroup: async (...given: Parameters<typeof read>) => {
        const group = await read(...given);
        const rules = group.rules.flatMap((rule) =>
          rule.access === 'Allow' && rule.sources.length > 1
            ? rule.sources.map((one, index) => ({
                ...rule,
                name: `${rule.name}-${String(index)}`,
                sources: [one],
              }))
            : [rule],
        );
        return { ...group, rules: rules.filter(({ name }) => !deleted.has(name)) };
      },
      deleteRule: (_groupId: string, name: string) => {
        deleted.add(name);
        return Promise.resolve();
      },
    });
    return deleted;
  }

  it('are deleted, whether there is one for all of them or one for each', async () => {
    const one = await opened({ settings: STUBBORN }, BOTH);
    assert.deepEqual(await kinds(one), ['closed']);
    assert.equal(rulesLeft(one), 0);
    const each = await opened({ settings: STUBBORN }, BOTH);
    const deleted = splitBySource(each);
    assert.deepEqual(await kinds(each), ['closed']);
    assert.equal(deleted.size, 4, 'two sources in two groups');
  });

  it('are not one for one of the sources beside the one for all of them', async () => {
    const workflow = await opened({ settings: STUBBORN, vm: { subnetNsg: false } }, BOTH);
    const name = 'MicrosoftDefenderForCloud-JITRule-77-0123456789ABCDEF0123456789ABCDEF';
    workflow.vm.nicNsg?.addRule({
      ...{ name, priority: 110, access: 'Allow', sources: ['20.50.1.7'] },
      ...{ destinations: [workflow.vm.privateIp], destinationPorts: ['22'] },
    });
    const [outcome] = await close(workflow);
    assert.ok(outcome?.kind === 'open');
    assert.ok(outcome.why.includes(name));
    assert.deepEqual(
      workflow.vm.nicNsg
        ?.rules()
        .filter(({ access }) => access === 'Allow')
        .map((rule) => rule.name),
      [name],
    );
  });

  it('are not those of another run with one of the sources', async () => {
    const workflow = await opened({ settings: STUBBORN }, BOTH);
    const durationMs = 2 * HOUR;
    workflow.policy.requestByOther({ vm: workflow.vm, port: 22, sources: ['20.50.1.7'], durationMs });
    await workflow.context.clock.sleep(5000, workflow.context.signal);
    const [outcome] = await close(workflow);
    assert.ok(outcome?.kind === 'open');
    assert.ok(outcome.until !== undefined && outcome.until > workflow.azure.now() + HOUR);
    assert.deepEqual(
      workflow.vm.nicNsg?.jitAllowRules().map(({ sources }) => sources),
      [['20.50.1.7']],
    );
  });
});

describe('an answer that does not come', () => {
  it('to a deletion is not waited for: it is sent once more, and so are the others', async () => {
    for (const [hanging, subnetNsg] of [
      [1, false],
      [2, true],
    ] as const) {
      const workflow = await opened({ settings: STUBBORN, vm: { subnetNsg } });
      workflow.azure.next('rule.delete', ...Array.from({ length: hanging }, () => 'hang' as const));
      assert.deepEqual(await kinds(workflow), ['closed']);
    }
  });

  for (const kind of ['rule.delete', 'policies.list'] as const) {
    it(`leaves time to read which rules still allow the port (${kind})`, async () => {
      const workflow = await opened({ settings: STUBBORN });
      workflow.azure.always(kind, 'hang');
      const [outcome] = await close(workflow);
      assert.ok(outcome?.kind === 'open');
      assert.ok(outcome.isAllowed);
      assert.equal(outcome.until, noted(workflow)[0]?.endsAt);
      assert.match(outcome.why, /^It is still allowed by /);
    });
  }
});
