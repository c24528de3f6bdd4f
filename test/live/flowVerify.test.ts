import assert from 'node:assert/strict';
import type { Answer } from '../../scripts/live/azure';
import type { Bench, Target } from '../../scripts/live/bench';
import { flowVerify } from '../../scripts/live/experiments/flowVerify';
import { Unsettled } from '../../scripts/live/experiment';

const WATCHER =
  '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/NetworkWatcherRG/providers/Microsoft.Network/networkWatchers/NetworkWatcher_westeurope';

const answer = (status: number, body: object = {}, headers: Record<string, string> = {}): Answer => ({
  ...{ status, code: '', message: '', headers },
  body: body as Answer['body'],
});

/** A network watcher that follows the rule with a delay, and answers later where it is told to. */
function bench(verdicts: readonly string[], isLater = false): { bench: Bench; asked: unknown[] } {
  const asked: unknown[] = [];
  let at = 0;
  let now = 0;
  const verdict = () => ({ access: verdicts[Math.min(at++, verdicts.length - 1)] });
  const made = {
    target: { vm: { id: '/vm' }, networkWatcherId: WATCHER, privateAddress: '10.0.0.4' } as unknown as Target,
    ask: (method: string, path: string, _service: string, body: unknown) => {
      asked.push({ method, path, body });
      if (method === 'GET') return Promise.resolve(answer(200, verdict()));
      return Promise.resolve(
        isLater
          ? answer(
              202,
              {},
              {
                location:
                  'https://management.azure.com/subscriptions/x/operationResults/1?api-version=2022-01-01',
              },
            )
          : answer(200, verdict()),
      );
    },
    open: () => Promise.resolve(answer(202)),
    allowRules: () => Promise.resolve([{}]),
    until: async <T>(longestMs: number, check: () => Promise<T | undefined>) => {
      for (const since = now; now - since <= longestMs; now += 2000) {
        const value = await check();
        if (value !== undefined) return { value, afterMs: now - since };
      }
      return undefined;
    },
  };
  return { bench: made as unknown as Bench, asked };
}

describe('the experiment with IP flow verify', () => {
  it('measures how far it is behind the rule', async () => {
    const { bench: made, asked } = bench(['Deny', 'Deny', 'Deny', 'Allow']);
    const { answer: said, times } = await flowVerify.run(made, [22]);
    assert.deepEqual(times, { flowVerifyMs: 4000 });
    assert.match(said, /^Before: Deny\. /);
    const body = {
      ...{ targetResourceId: '/vm', direction: 'Inbound', protocol: 'TCP', localPort: '22', remotePort: '*' },
      ...{ localIPAddress: '10.0.0.4', remoteIPAddress: '198.51.100.9' },
    };
    assert.deepEqual(asked[0], { method: 'POST', path: `${WATCHER}/ipFlowVerify`, body });
  });

  it('follows an answer that comes later', async () => {
    const { bench: made, asked } = bench(['Deny', 'Allow'], true);
    await flowVerify.run(made, [22]);
    assert.deepEqual((asked[1] as { path: string }).path, '/subscriptions/x/operationResults/1');
  });

  it('says when the two never agree', async () => {
    const { bench: made } = bench(['Deny']);
    const { answer: said, times } = await flowVerify.run(made, [22]);
    assert.match(said, /does not agree/);
    assert.equal(times, undefined);
  });

  it('settles nothing without a network watcher', async () => {
    const { bench: made } = bench([]);
    const without = { ...made, target: { ...made.target, networkWatcherId: undefined } };
    await assert.rejects(flowVerify.run(without, [22]), Unsettled);
  });
});
