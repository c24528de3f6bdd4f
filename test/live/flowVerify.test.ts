import assert from 'node:assert/strict';
import type { Answer } from '../../scripts/live/azure';
import type { Bench, Target } from '../../scripts/live/bench';
import { flowVerify } from '../../scripts/live/experiments/flowVerify';

const WATCHER =
  '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/NetworkWatcherRG/providers/Microsoft.Network/networkWatchers/NetworkWatcher_westeurope';

const answer = (status: number, body: object = {}): Answer => ({
  ...{ status, code: '', message: '', headers: {} },
  body: body as Answer['body'],
});

/** Creates a network watcher whose result follows the rule with a delay, in contrast to the simulation. */
function bench(verdicts: readonly string[]): { bench: Bench; asked: unknown[] } {
  const asked: unknown[] = [];
  let at = 0;
  let now = 0;
  const made = {
    target: { vm: { id: '/vm' }, networkWatcherId: WATCHER, privateAddress: '10.0.0.4' } as unknown as Target,
    ask: (method: string, path: string, _service: string, body: unknown) => {
      asked.push({ method, path, body });
      return Promise.resolve(answer(200, { access: verdicts[Math.min(at++, verdicts.length - 1)] }));
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
  it('measures the delay after the rule', async () => {
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
});
