import assert from 'node:assert/strict';
import { parsePrefixes } from '../../tasks/shared/core/prefixes';
import type { AccessRequest } from '../../tasks/shared/core/policy';
import { AGENT, START } from '../support/fakes/fakeContext';
import { noted } from './closing';
import { aWorkflow, HOUR, MINUTE, type Workflow } from './workflow';

/** Creates a workflow in which Azure grants something other than what was requested. */
function granting(change: (port: AccessRequest['ports'][number]) => readonly object[]): Workflow {
  const workflow = aWorkflow();
  const { jit } = workflow.azure;
  Object.assign(workflow.context, {
    jit: {
      ...jit,
      initiate: async (...call: Parameters<typeof jit.initiate>) => {
        const granted = await jit.initiate(...call);
        return { ...granted, ports: granted.ports.flatMap(change) };
      },
    },
  });
  return workflow;
}

describe('the task', () => {
  it('warns of access that was granted but not requested, and notes it for closing', async () => {
    const workflow = granting((port) => [port, { ...port, port: 3389, sources: parsePrefixes(['*']) }]);
    const { endpoints } = await workflow.run({ waitFor: 'nothing' });
    assert.deepEqual(
      endpoints.map(({ port }) => port),
      [22],
    );
    const warnings = workflow.context.texts('warning').filter((text) => text.includes('3389'));
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? '', /not requested: web-01, port 3389, from any address until /);
    assert.deepEqual(
      noted(workflow).map(({ port, sources }) => [port, sources?.map(({ text }) => text)]),
      [
        [22, [AGENT]],
        [3389, ['*']],
      ],
    );
  });

  it('warns if Azure grants another source, and names in the outputs what is open', async () => {
    const {
      run,
      context: context,
      ledger,
    } = granting((port) => [{ ...port, sources: parsePrefixes(['20.61.99.7']) }]);
    const { outputs, endpoints } = await run({ waitFor: 'nothing' });
    assert.equal(outputs?.sourceAddresses, '20.61.99.7');
    assert.deepEqual(endpoints[0]?.sourceAddresses, ['20.61.99.7']);
    assert.ok(
      context.texts('warning').some((text) => text.includes('20.61.99.7') && text.includes(AGENT)),
      'both sources are named',
    );
    assert.deepEqual(ledger.open[0]?.sources, parsePrefixes(['20.61.99.7']));
  });

  it('warns if Azure used an address of its own instead of the list', async () => {
    const { run, context: context, azure } = aWorkflow({ settings: { acceptsPrefixLists: false } });
    const { outputs } = await run({ sourceIp: '20.70.1.1,20.70.2.2', waitFor: 'nothing' });
    assert.equal(outputs?.sourceAddresses, azure.settings.seenAddress);
    assert.equal(context.texts('warning').length, 1);
  });

  it('warns of a range in place of the address that Azure sees', async () => {
    for (const [source, warnings] of [
      ['*', 1],
      ['20.61.0.0/16', 1],
      ['20.61.99.7/32', 0],
    ] as const) {
      const { run, context } = granting((port) => [{ ...port, sources: parsePrefixes([source]) }]);
      const { outputs } = await run({ sourceIp: 'azure', waitFor: 'nothing' });
      assert.equal(outputs?.sourceAddresses, source);
      assert.equal(context.texts('warning').length, warnings, source);
    }
  });

  it('does not warn of another spelling of the same source', async () => {
    const { run, context: context } = granting((port) => [
      { ...port, sources: parsePrefixes([`${AGENT}/32`]) },
    ]);
    await run();
    assert.deepEqual(context.texts('warning'), []);
  });

  it('warns if Azure grants another end, and names it in the outputs', async () => {
    const endsAt = START + 10 * MINUTE;
    const { run, context: context } = granting((port) => [{ ...port, endsAt }]);
    const { outputs } = await run({ waitFor: 'nothing' });
    assert.equal(outputs?.expiresAtUtc, new Date(endsAt).toISOString());
    assert.ok(context.texts('warning').some((text) => text.includes('09:10:00')));
  });

  it('does not warn of digits after the millisecond', async () => {
    const { run, context: context } = granting((port) => [{ ...port, endsAt: port.endsAt + 0.9 }]);
    await run();
    assert.deepEqual(context.texts('warning'), []);
  });

  it('warns of a port that the response does not contain, and does not report it as open', async () => {
    const { run, context: context, ledger } = granting((port) => (port.port === 3389 ? [] : [port]));
    const { outputs } = await run({ ports: '22,3389', waitFor: 'nothing' });
    assert.equal(outputs?.sourceAddresses, AGENT);
    assert.ok(context.texts('warning').some((text) => text.includes('3389')));
    assert.deepEqual(
      ledger.open.map(({ port }) => port),
      [22],
    );
  });

  it('sends the justification with the request', async () => {
    const { run, policy } = aWorkflow();
    await run({ justification: 'Nightly deployment' });
    assert.ok(JSON.stringify(policy.requests()).includes('"justification":"Nightly deployment"'));
  });

  it('reports what might be open when the response was lost', async () => {
    const { run, azure, ledger } = aWorkflow();
    azure.next('initiate', 'lostAnswer');
    const { codes, opened } = await run();
    assert.deepEqual(codes, ['JIT603']);
    for (const part of ['web-01', '22', AGENT, '2026-11-21 10:00:00 UTC']) {
      assert.ok(opened?.failures[0]?.seen.includes(part), part);
    }
    assert.deepEqual(ledger.open, []);
    assert.deepEqual(
      ledger.perhaps.map(({ requested }) => [requested.port, requested.endsAt]),
      [[22, START + HOUR]],
    );
  });
});
