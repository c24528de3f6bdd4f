import assert from 'node:assert/strict';
import type { FlowGateway } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/azure/flowGateway';
import { rememberVerdicts, type Subject } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/open/verdicts';
import type { Limit } from '../../tasks/shared/core/limits';
import { parsePrefix, parsePrefixes } from '../../tasks/shared/core/prefixes';
import { notReached } from '../../tasks/shared/messages/failures';
import { createVirtualClock } from '../support/fakes/virtualClock';
import { AGENT, aGroup, aNetwork, aRule } from '../unit/core/networks';
import { aVm } from '../unit/core/policies';

const WATCHER = { id: '/watcher', location: 'westeurope' };
const ONE_FAILURE = { roundMs: 3000, answerMs: 30_000, failures: 1 };
const DOUBT = {
  kind: 'query',
  addresses: [{ address: parsePrefix(AGENT), byRules: 'unknown' }],
} as const;

/** A port behind a rule with this priority. */
const behindRule = (priority: number, vm = aVm()): Subject => ({
  ...{ vm, region: 'westeurope', nicId: '/nic' },
  network: aNetwork([aGroup('nic', aRule({ priority, access: 'Deny', sources: ['AzureCloud'] }))]),
  flow: { sources: parsePrefixes([AGENT]), port: 22, protocol: 'TCP' },
});

/**
 * Creates a memory of an Azure that responds to the first queries only when their time is over, and to all others
 * immediately.
 */
function aMemory(given: { readonly silentQueries?: number; readonly listMs?: number }) {
  const clock = createVirtualClock();
  let silent = given.silentQueries ?? 0;
  const ends: number[] = [];
  const flows: FlowGateway = {
    async listWatchers(_subscriptionId, { signal }) {
      await clock.sleep(given.listMs ?? 0, signal);
      if (signal.aborted) throw notReached('x', 'the time was over');
      return [WATCHER];
    },
    async verify(_id, _flow, { signal }) {
      if (silent-- > 0) await clock.sleep(Infinity, signal);
      if (signal.aborted) ends.push(clock.now());
      if (signal.aborted) throw notReached('x', 'the time was over');
      return { access: 'Allow' };
    },
  };
  const memory = rememberVerdicts({ flows, clock }, ONE_FAILURE, () => undefined);
  const limit: Limit = { signal: new AbortController().signal, remainingMs: () => Infinity };
  const ask = async (subject: Subject) => (await memory.query(subject, DOUBT, limit))?.[0]?.access;
  return { clock, ends, ask, pause: (ms: number) => clock.sleep(ms, limit.signal) };
}

describe('a query of IP flow verify', () => {
  it('is ended immediately when the rules change, and does not count as a failure of Azure', async () => {
    const { ask, ends, pause } = aMemory({ silentQueries: 1 });
    assert.equal(await ask(behindRule(200)), undefined);
    assert.equal(await ask(behindRule(201)), 'Allow');
    assert.deepEqual(ends, [3000], 'when the round of the first query was over');
    await pause(60_000);
    assert.equal(await ask(behindRule(202)), 'Allow');
  });

  it('counts as a failure of Azure if it fails under unchanged rules', async () => {
    const { ask, ends, pause } = aMemory({ silentQueries: 1 });
    assert.equal(await ask(behindRule(200)), undefined);
    await pause(60_000);
    assert.deepEqual(ends, [30_000]);
    assert.equal(await ask(behindRule(200)), undefined);
    assert.equal(await ask(behindRule(201)), undefined, 'Azure is not asked about this VM any more');
  });

  it('leaves the list of watchers to another VM that waits for it when it is ended', async () => {
    const { ask, pause } = aMemory({ listMs: 10_000 });
    const other = aVm('web-02');
    await Promise.all([ask(behindRule(200)), ask(behindRule(200, other))]);
    await ask(behindRule(201));
    await pause(60_000);
    assert.equal(await ask(behindRule(200, other)), 'Allow');
    assert.equal(await ask(behindRule(201)), 'Allow');
  });
});
