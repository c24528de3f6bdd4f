import assert from 'node:assert/strict';
import { RestError, type PipelineResponse } from '@azure/core-rest-pipeline';
import fc from 'fast-check';
import { parsePrefixes } from '../../../tasks/shared/core/prefixes';
import { createArm } from '../../../tasks/shared/azure/arm';
import { createJitGateway } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/azure/jitGateway';
import { RequestError } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/azure/requestError';
import { withLimit } from '../../../tasks/shared/core/limits';
import { createVirtualClock } from '../../support/fakes/virtualClock';
import { aPolicy, aVm, HOUR, NOW } from '../core/policies';
import { anAnswer } from './answers';

const policy = aPolicy();
const requested = { vm: aVm(), port: 22, sources: parsePrefixes(['20.50.1.7']), endsAt: NOW + HOUR };

const reset = (request: PipelineResponse['request']): Promise<PipelineResponse> =>
  Promise.reject(new RestError('reset', { code: 'ECONNRESET', request }));

/** Requests access with this response, without one by default, while Azure executes each request later. */
async function ask(lateMs: number, respond = reset) {
  const clock = createVirtualClock();
  const sentAt: number[] = [];
  const transport = {
    sendRequest(request: PipelineResponse['request']): Promise<PipelineResponse> {
      if (request.method === 'POST') {
        sentAt.push(clock.now());
        return respond(request);
      }
      const requests = sentAt
        .map((at) => at + lateMs)
        .filter((at) => at <= clock.now())
        .map((at) => toEntry(NOW + at));
      const body = { id: policy.id, name: policy.name, properties: { virtualMachines: [], requests } };
      const date = new Date(NOW + clock.now()).toUTCString();
      const answer = anAnswer(200, body, { date, 'content-type': 'application/json' });
      return Promise.resolve({ ...answer, request });
    },
  };
  const tokens = { get: () => Promise.resolve('token'), renew: () => Promise.resolve('token') };
  const armUrl = 'https://management.azure.com';
  const nothing = () => undefined;
  const arm = createArm({ armUrl, tokens, transport, clock, announce: nothing, onVersion: nothing });
  const jit = createJitGateway(arm, clock);
  const outcome = await withLimit(clock, new AbortController().signal, 120_000, async (limit) => {
    await jit.getPolicy(policy, limit);
    return jit.initiate(policy, { ports: [requested], justification: '' }, limit);
  }).catch((error: unknown) => error);
  return { outcome, sent: sentAt.length };
}

const toEntry = (startedAt: number) => ({
  startTimeUtc: new Date(startedAt).toISOString(),
  virtualMachines: [
    {
      id: requested.vm.id,
      ports: [
        {
          number: requested.port,
          allowedSourceAddressPrefix: requested.sources[0],
          endTimeUtc: new Date(requested.endsAt).toISOString(),
          status: 'Initiated',
        },
      ],
    },
  ],
});

describe('a request with a lost response', () => {
  it('is not sent again while Azure can still be executing it, up to four and a half seconds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 4500 }), async (lateMs) => {
        const { outcome, sent } = await ask(lateMs);
        assert.equal(sent, 1);
        assert.ok(!(outcome instanceof Error));
      }),
      { examples: [[0], [1500], [4500]], numRuns: 30 },
    );
  });

  it('is not sent again if Azure accepted it with an empty response, and is then reported as possibly open', async () => {
    for (const [status, body] of [
      [202, ''],
      [202, 'null'],
      [204, ''],
    ] as const) {
      const respond = (request: PipelineResponse['request']) =>
        Promise.resolve({ ...anAnswer(status, body), request });
      assert.deepEqual(await ask(4500, respond).then(({ outcome }) => outcome instanceof Error), false);
      const { outcome, sent } = await ask(Infinity, respond);
      assert.equal(sent, 1, `${String(status)} ${body}`);
      assert.ok(outcome instanceof RequestError && outcome.mayBeOpen);
    }
  });

  it('is sent three times in total if it never arrives, and is then reported as possibly open', async () => {
    const { outcome, sent } = await ask(Infinity);
    assert.equal(sent, 3);
    assert.ok(outcome instanceof RequestError && outcome.mayBeOpen);
  });
});
