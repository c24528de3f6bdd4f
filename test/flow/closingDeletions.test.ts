import assert from 'node:assert/strict';
import { serverError } from '../../tasks/shared/messages/failures';
import { close, noted, opened, STUBBORN } from './closing';
import type { Workflow } from './workflow';

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
    const { network, clock, signal } = slow.context;
    const remove = network.deleteRule.bind(network);
    Object.assign(network, {
      deleteRule: async (...given: Parameters<typeof remove>) => {
        await clock.sleep(10_000, signal);
        await remove(...given);
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

describe('an answer that does not come', () => {
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
