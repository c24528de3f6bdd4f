import assert from 'node:assert/strict';
import { createLedger } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/ledger';
import type { InitiatePort } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/requestBody';
import { aPolicy, aVm, HOUR, NOW } from './policies';

const aPort = (port: number): InitiatePort => ({
  vm: aVm(),
  port,
  sources: undefined,
  endsAt: NOW + HOUR,
});
const underWay = (requested: InitiatePort) => ({
  policy: aPolicy(),
  ports: [{ requested, planned: { own: undefined, others: undefined } }],
});

describe('the ledger of a step', () => {
  it('reports a change before requests are sent, and then only when all of them have a response', () => {
    const seen: (readonly number[])[] = [];
    const ledger = createLedger(({ perhaps }) => {
      seen.push(perhaps.map(({ requested }) => requested.port));
    });
    const [first, second, third] = [aPort(22), aPort(80), aPort(443)] as const;
    ledger.requesting([first, second, third].map(underWay));
    assert.deepEqual(seen, [[22, 80, 443]]);
    ledger.granted([], [first]);
    ledger.refused([second]);
    assert.deepEqual(seen, [[22, 80, 443]], 'what is saved lists every port that might be open');
    ledger.granted([], [third]);
    assert.deepEqual(seen, [[22, 80, 443], []]);
  });
});
