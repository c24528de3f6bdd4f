import assert from 'node:assert/strict';
import { CodedError } from '../../tasks/shared/core/errors';
import { notFound, senselessAnswer, serverError } from '../../tasks/shared/messages/failures';
import { forbidden } from '../../tasks/shared/messages/refusals';
import type { SecurityGroup } from '../../tasks/shared/core/network';
import type { Policy } from '../../tasks/shared/core/policy';
import { DEFAULT_SUBSCRIPTION, type Settings } from '../support/azure';
import { AGENT } from '../support/fakes/fakeContext';
import { close, noted } from './closing';
import { aWorkflow, HOUR, type Workflow } from './workflow';

const NOT_FOUND = notFound('VM', 'web-01');
const limit = { signal: new AbortController().signal, remainingMs: () => HOUR };

async function opened(settings: Partial<Settings> = {}): Promise<Workflow> {
  const workflow = aWorkflow({ settings });
  assert.deepEqual((await workflow.run()).codes, []);
  return workflow;
}
/** Changes the first responses, the given number of times. */
function first<T>(times: number, change: (answer: T) => T): (answer: T) => T {
  let left = times;
  return (answer) => (left-- > 0 ? change(answer) : answer);
}
const summary = async (workflow: Workflow) => {
  const [outcome] = await close(workflow);
  return outcome && [outcome.kind, 'how' in outcome ? outcome.how : outcome.until];
};

describe('what counts as gone while closing', () => {
  it('includes a VM that Azure does not find by its ID and does not list in its group', async () => {
    const workflow = await opened();
    workflow.azure.removeVm(workflow.vm);
    assert.deepEqual(await summary(workflow), ['closed', 'vmGone']);
  });

  it('includes a VM whose resource group is gone as well', async () => {
    const workflow = await opened();
    workflow.azure.always('vm', NOT_FOUND);
    workflow.azure.always('vms.list', notFound('resource group', 'rg-app'));
    assert.deepEqual(await summary(workflow), ['closed', 'vmGone']);
  });

  const doubts = {
    'the list of the group has': undefined,
    'the list could not be read for': serverError('x', 503, 'y'),
    'the list may not be read for': forbidden('Microsoft.Compute/virtualMachines/read', '/x'),
    'the list makes no sense for': senselessAnswer('x', 'y'),
  };
  for (const [name, failure] of Object.entries(doubts)) {
    it(`excludes a VM that ${name}`, async () => {
      const workflow = await opened();
      workflow.azure.always('vm', NOT_FOUND);
      if (failure) workflow.azure.always('vms.list', failure);
      assert.deepEqual(await summary(workflow), ['open', noted(workflow)[0]?.endsAt]);
    });
  }

  it('excludes a policy that a single 404 does not find, and its request is still ended', async () => {
    const workflow = await opened();
    workflow.azure.next('policy.get', notFound('just-in-time policy', 'jit-web'));
    assert.deepEqual(await summary(workflow), ['closed', 'verified']);
    assert.deepEqual(workflow.policy.liveGrants(), []);
    assert.equal(workflow.count('initiate'), 2);
  });

  it('excludes a granted request that one read of the policy leaves out, and it is still ended', async () => {
    const workflow = await opened();
    const { jit } = workflow.context;
    const read = jit.getPolicy.bind(jit);
    const change = first<Policy>(1, (policy) => ({ ...policy, requests: [] }));
    const getPolicy = async (...given: Parameters<typeof read>) => change(await read(...given));
    Object.assign(jit, { getPolicy });
    assert.deepEqual(await summary(workflow), ['closed', 'verified']);
    assert.deepEqual([workflow.count('initiate'), workflow.policy.liveGrants()], [2, []]);
  });

  it('excludes a granted request that every read of the policy leaves out but the list of its group has', async () => {
    const workflow = await opened();
    const { jit } = workflow.context;
    const read = jit.getPolicy.bind(jit);
    const getPolicy = async (...given: Parameters<typeof read>) => ({
      ...(await read(...given)),
      requests: [],
    });
    Object.assign(jit, { getPolicy });
    assert.deepEqual(await summary(workflow), ['closed', 'verified']);
    assert.deepEqual([workflow.count('initiate'), workflow.policy.liveGrants()], [2, []]);
  });

  /** Hides all requests in the policy and in the list of its group, permanently or until both were read. */
  function hideRequests({ context: { jit } }: Workflow, isForGood = true): void {
    const [read, list] = [jit.getPolicy.bind(jit), jit.listPolicies.bind(jit)];
    let hidden = true;
    const shown = (policy: Policy): Policy => (hidden ? { ...policy, requests: [] } : policy);
    Object.assign(jit, {
      getPolicy: async (...given: Parameters<typeof read>) => shown(await read(...given)),
      listPolicies: async (...given: Parameters<typeof list>) => {
        const policies = (await list(...given)).map(shown);
        hidden = isForGood;
        return policies;
      },
    });
  }

  it('includes a granted request that the list leaves out as well, and only the rules decide', async () => {
    const workflow = await opened();
    hideRequests(workflow);
    assert.deepEqual(await summary(workflow), ['open', undefined]);
    assert.equal(workflow.count('initiate'), 1);
  });

  for (const [what, isForGood] of [
    ['is shown nowhere', true],
    ['is shown too late to be ended', false],
  ] as const) {
    it(`excludes, before its end, a granted request that ${what}, while its rule might still be written`, async () => {
      const workflow = aWorkflow({ settings: { ruleDelayMs: 90_000, initiatingMs: 0 } });
      await workflow.run({ waitFor: 'nothing' });
      hideRequests(workflow, isForGood);
      assert.deepEqual(await summary(workflow), ['open', noted(workflow)[0]?.endsAt]);
      assert.equal(workflow.count('initiate'), 1);
    });
  }

  it('excludes a rule that one read of an NSG leaves out', async () => {
    // Neither an early end nor a deletion has an effect, so the rules stay.
    const workflow = await opened({ honoursEarlyEnd: false, supersession: 'none' });
    Object.assign(workflow.azure.settings, { ruleBlockedByLock: true });
    const { network } = workflow.context;
    const read = network.getSecurityGroup.bind(network);
    // One check reads both NSGs.
    const change = first<SecurityGroup>(2, (group) => ({
      ...group,
      rules: group.rules.filter((rule) => rule.isDefault),
    }));
    const getSecurityGroup = async (...given: Parameters<typeof read>) => change(await read(...given));
    Object.assign(network, { getSecurityGroup });
    assert.deepEqual(await summary(workflow), ['open', noted(workflow)[0]?.endsAt]);
  });

  it("excludes another run's request when the policy cannot be read again", async () => {
    const workflow = await opened();
    const before = workflow.azure.now();
    workflow.policy.requestByOther({ vm: workflow.vm, port: 22, sources: [AGENT], durationMs: 2 * HOUR });
    workflow.azure.next('policy.get', () => undefined);
    const gets = workflow.count('policy.get');
    workflow.azure.always('nsg', () => {
      // After this point, the policy is no longer read.
      if (workflow.count('policy.get') > gets)
        workflow.azure.always('policy.get', serverError('x', 503, 'y'));
    });
    const [outcome] = await close(workflow);
    assert.equal(outcome?.kind, 'open');
    assert.ok(outcome.until !== undefined && outcome.until > before + HOUR);
  });

  it('includes a policy that the list does not have either, but not one whose list cannot be read', async () => {
    const { azure, context: context } = await opened();
    const read = async () => {
      const [policy] = await azure.jit.listPolicies(DEFAULT_SUBSCRIPTION, 'rg-app', limit);
      assert.ok(policy);
      azure.always('policy.get', notFound('just-in-time policy', policy.id));
      return context.jit.getPolicy(policy, limit).then(
        ({ name }) => name,
        (error: unknown) => (error instanceof CodedError ? error.code : 'bug'),
      );
    };
    assert.equal(await read(), 'jit-web');
    azure.next('policies.list', () => undefined, serverError('x', 503, 'y'));
    assert.equal(await read(), 'JIT602');
    azure.next(
      'policies.list',
      () => undefined,
      () => {
        azure.removePolicy('jit-web');
      },
    );
    assert.equal(await read(), 'JIT406');
  });
});
