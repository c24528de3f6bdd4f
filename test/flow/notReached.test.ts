import assert from 'node:assert/strict';
import { inBoth, includes, one, warnings } from './bothRuns';
import { aWorkflow } from './workflow';

describe('the power state of a VM', () => {
  for (const [powerState, words] of [
    ['stopped', 'web-01 is stopped,'],
    ['deallocated', 'web-01 is stopped (deallocated)'],
    ['stopping', 'web-01 is being stopped'],
    ['deallocating', 'web-01 is being stopped (deallocating)'],
  ] as const) {
    it(
      `causes a warning and no failure if the VM is ${powerState}`,
      inBoth({ powerState }, {}, (workflow) => {
        includes(one(workflow), words, 'Start it');
      }),
    );
  }

  it('is reported before the wait', async () => {
    const { run, context } = aWorkflow({ vm: { powerState: 'stopped' }, settings: { ruleDelayMs: 60_000 } });
    await run();
    assert.equal(context.entries.find(({ kind }) => kind === 'warning')?.atMs, 0);
  });

  for (const powerState of ['running', 'starting', 'creating', null, 'none'] as const) {
    it(
      `causes no warning if Azure reports ${String(powerState)}`,
      inBoth({ powerState }, {}, (workflow) => {
        assert.deepEqual(warnings(workflow), []);
        const isSaid = workflow.context.texts('line').some((text) => text.includes('is starting'));
        assert.equal(isSaid, powerState === 'starting');
      }),
    );
  }

  it('comes first in JIT704, which quotes an unknown state', async () => {
    for (const [powerState, words] of [
      ['deallocated', 'web-01 was stopped (deallocated) when this step started. Start it.'],
      ['creating', 'Azure reported the power state of web-01 as "creating"'],
      ['running', 'Check that the VM runs'],
      ['none', 'Check that the VM runs'],
    ] as const) {
      const { run, context } = aWorkflow({ vm: { powerState } });
      context.ports.answers = ['silent'];
      const { codes, opened } = await run({ waitFor: 'connection', waitTimeout: '20s' });
      assert.deepEqual(codes, ['JIT704']);
      assert.ok(opened?.failures[0]?.remedy.startsWith(words), opened?.failures[0]?.remedy);
    }
  });
});

describe('a public address without an NSG', () => {
  const bare = (publicSku: 'Basic' | 'Standard') =>
    aWorkflow({ vm: { nicNsg: false, subnetNsg: false, publicSku } });

  it('allows everyone if it is a Basic one: a warning, in a run and in a dry run', async () => {
    for (const inputs of [{}, { dryRun: 'true' }]) {
      const workflow = bare('Basic');
      assert.deepEqual((await workflow.run(inputs)).codes, []);
      includes(one(workflow), 'no network security group', 'Every address on the internet');
    }
  });

  it('allows no one if it is a Standard one, and both runs say what to do', async () => {
    const { codes, opened } = await bare('Standard').run({ waitTimeout: '20s' });
    assert.deepEqual(codes, ['JIT701']);
    includes(opened?.failures[0]?.remedy ?? '', 'Associate a network security group with');
    const { codes: dry, thrown } = await bare('Standard').run({ dryRun: 'true' });
    assert.deepEqual(dry, ['JIT701']);
    includes(thrown?.remedy ?? '', 'Associate a network security group with');
  });
});
