import assert from 'node:assert/strict';
import { tcpProbe } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/host/probe';
import type { Limit } from '../../../tasks/shared/core/limits';
import { startTcp, type TcpBehaviour } from '../../support/azure';
import { itWithSilence } from '../../support/silence';

const aLimit = (signal = new AbortController().signal, remainingMs = 30_000): Limit => ({
  signal,
  remainingMs: () => remainingMs,
});

describe('a connection test', () => {
  const EXPECTED: readonly (readonly [TcpBehaviour, string])[] = [
    ['accept', 'open'],
    ['refused', 'refused'],
  ];
  for (const [behaviour, answer] of EXPECTED) {
    it(`reports ${answer} for a target with the behavior ${behaviour}`, async () => {
      const target = await startTcp({ behaviour });
      try {
        assert.equal(await tcpProbe.connect(target.host, target.port, aLimit()), answer);
      } finally {
        await target.close();
      }
    });
  }

  it('reports unresolved for a name without an address', async () => {
    // No name has an empty label (RFC 1035), so no name server is queried.
    assert.equal(await tcpProbe.connect('web..example', 22, aLimit()), 'unresolved');
  });

  it('counts a connection that is reset at once as an answer', async () => {
    const target = await startTcp({ behaviour: 'reset' });
    const answer = await tcpProbe.connect(target.host, target.port, aLimit());
    await target.close();
    assert.notEqual(answer, 'silent');
  });

  itWithSilence('reports silent if packets are dropped, and stops at its limit', async () => {
    const target = await startTcp({ behaviour: 'silent' });
    try {
      assert.equal(await tcpProbe.connect(target.host, target.port, aLimit(undefined, 30)), 'silent');
      const over = new AbortController();
      const trying = tcpProbe.connect(target.host, target.port, aLimit(over.signal));
      setImmediate(() => {
        over.abort();
      });
      assert.equal(await trying, 'silent');
    } finally {
      await target.close();
    }
  });

  it('does not connect if its limit is already over', async () => {
    const target = await startTcp({ behaviour: 'accept' });
    const answer = await tcpProbe.connect(target.host, target.port, aLimit(AbortSignal.abort()));
    await target.close();
    assert.deepEqual([answer, target.connections()], ['silent', 0]);
  });

  it('leaves no connection open', async () => {
    const target = await startTcp({ behaviour: 'accept' });
    await tcpProbe.connect(target.host, target.port, aLimit());
    // Closing waits for open connections.
    await target.close();
    assert.ok(target.connections() <= 1);
  });
});
