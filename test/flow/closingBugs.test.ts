import assert from 'node:assert/strict';
import { notShown } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/messages/closing';
import { closeAll } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/close/closing';
import type { Closed } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/closed';
import { withLimit } from '../../tasks/shared/core/limits';
import { serverError } from '../../tasks/shared/messages/failures';
import { changePolicies, close, noted, onRules, opened, STUBBORN } from './closing';
import { anyPort, aWorkflow, type Workflow } from './workflow';

const bug = () => Promise.reject(new RangeError('a bug'));
const TOLD = /JIT901: An error occurred that this task does not expect: RangeError: a bug\. Report it/;

describe('a bug in the task during closing', () => {
  const CASES: Readonly<Record<string, (workflow: Workflow) => void>> = {
    'in reading the policy': ({ context: { jit } }) => Object.assign(jit, { getPolicy: bug }),
    'in reading the policy again': (workflow) => {
      const { jit } = workflow.context;
      const getPolicy = jit.getPolicy.bind(jit);
      // Once: another read after it would fail in the same way.
      const failing = () => {
        Object.assign(jit, { getPolicy });
        return bug();
      };
      onRules(workflow, () => Object.assign(jit, { getPolicy: failing }));
    },
    'in reading rules': ({ context: { network } }) => Object.assign(network, { getSecurityGroup: bug }),
    'in reading the VM': ({ context: { network } }) => Object.assign(network, { getVm: bug }),
    'in deleting a rule': ({ context: { network } }) => Object.assign(network, { deleteRule: bug }),
  };
  for (const [where, plant] of Object.entries(CASES)) {
    for (const settings of [{}, STUBBORN]) {
      if (where === 'in deleting a rule' && settings !== STUBBORN) continue;
      it(`${where} is reported as the reason why a port might be open (${settings === STUBBORN ? 'rules stay' : 'rules follow'})`, async () => {
        const workflow = await opened({ settings });
        plant(workflow);
        const outcomes = await close(workflow);
        assert.equal(outcomes.length, noted(workflow).length);
        for (const outcome of outcomes) {
          assert.ok(outcome.kind === 'open');
          assert.match(outcome.why, TOLD);
        }
      });
    }
  }

  it('in requesting the end does not prevent deleting the rules, and is not reported for a request that never arrived', async () => {
    const workflow = await opened({}, { ports: '22' });
    Object.assign(workflow.context.jit, { initiate: bug });
    const lost = noted(workflow).map((entry) => ({ ...entry, port: 3389, startedAt: undefined }));
    const outcomes = await close(workflow, [...noted(workflow), ...lost]);
    assert.deepEqual(
      outcomes.map((outcome) => [outcome.opened.port, outcome.kind === 'closed' && outcome.how]).sort(),
      [
        [22, 'verified'],
        [3389, 'neverOpened'],
      ],
    );
    assert.equal(workflow.count('rule.delete'), 2);
  });

  it('in reading the list prevents reporting a port as closed that no policy shows', async () => {
    const workflow = await opened();
    changePolicies(workflow, (policy) => ({ ...policy, requests: [] }));
    Object.assign(workflow.context.jit, { listPolicies: bug });
    const [outcome] = await close(workflow);
    assert.equal(outcome?.kind, 'open');
    assert.equal(workflow.count('rule.delete'), 0);
  });

  it('is not assumed when the list cannot be read', async () => {
    const workflow = aWorkflow({ settings: { ruleDelayMs: 90_000, initiatingMs: 0 } });
    await workflow.run({ waitFor: 'nothing' });
    changePolicies(workflow, (policy) => ({ ...policy, requests: [] }));
    workflow.azure.always('policies.list', serverError('x', 503, 'y'));
    const [outcome] = await close(workflow);
    assert.ok(outcome?.kind === 'open');
    assert.equal(outcome.why, notShown);
  });
});

describe('a bug at one port during closing', () => {
  /**
   * web-01 and db-01, each in its own policy and behind its own NSG, opened by a service that leaves the rules in
   * place.
   */
  const both = async () => {
    const workflow = aWorkflow({ settings: STUBBORN, vm: { subnetNsg: false } });
    const db = workflow.azure.addVm({ name: 'db-01', subnet: 'db' });
    workflow.azure.addPolicy({ name: 'jit-db', vms: [{ vm: db, ports: [anyPort(22)] }] });
    const vmResourceId = `${workflow.vm.id}\n${db.id}`;
    assert.deepEqual((await workflow.run({ vmResourceId, ports: '22' })).codes, []);
    return workflow;
  };
  const outcomeOf = (outcomes: readonly Closed[]) =>
    outcomes.map(({ kind, opened: { vm } }) => `${vm.name} ${kind}`).sort();

  /** Makes one call fail if it is about web-01. */
  function failAtWeb<Name extends string>(
    on: Readonly<Record<Name, (...given: never[]) => unknown>>,
    name: Name,
  ): void {
    const call = on[name].bind(on) as (...given: unknown[]) => unknown;
    const isAtWeb = (given: readonly unknown[]) => JSON.stringify(given[0]).includes('web');
    Object.assign(on, { [name]: (...given: unknown[]) => (isAtWeb(given) ? bug() : call(...given)) });
  }

  it('in reading its rules keeps no other port open', async () => {
    const workflow = await both();
    failAtWeb(workflow.context.network, 'getSecurityGroup');
    const outcomes = await close(workflow);
    assert.deepEqual(outcomeOf(outcomes), ['db-01 closed', 'web-01 open']);
    const [web] = outcomes.filter(({ kind }) => kind === 'open');
    assert.match(web?.kind === 'open' ? web.why : '', TOLD);
  });

  it('in reading its policy keeps no other port open', async () => {
    const workflow = await both();
    failAtWeb(workflow.context.jit, 'getPolicy');
    assert.deepEqual(outcomeOf(await close(workflow)), ['db-01 closed', 'web-01 open']);
  });

  it('in reporting it keeps no other port open', async () => {
    const workflow = await both();
    const { context } = workflow;
    const outcomes: Closed[] = [];
    const closing = withLimit(context.clock, context.signal, 40_000, (limit) =>
      closeAll(context, noted(workflow), 'the run', limit, (closed) => {
        if (closed.opened.vm.name === 'web-01') throw new RangeError('a bug');
        outcomes.push(closed);
      }),
    );
    await assert.rejects(closing, RangeError);
    assert.deepEqual(outcomeOf(outcomes), ['db-01 closed']);
  });
});
