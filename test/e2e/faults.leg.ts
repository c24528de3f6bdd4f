import assert from 'node:assert/strict';
import type { Fault, Kind } from '../support/azure';
import { assertFailed, assertNames, assertSucceeded, usePackagedTask } from '../support/packagedTask';
import type { ScenarioOptions } from '../support/scenario';

/** The service requests a short pause, so that retries take no time. */
const soon = (status: number): Fault => ({ status, retryAfterMs: 20 });
const times = <T>(count: number, fault: T): readonly T[] => Array<T>(count).fill(fault);

describe('a temporary failure', () => {
  const task = usePackagedTask();

  const PASSING: readonly (readonly [
    string,
    readonly (readonly [Kind, Fault | readonly Fault[]])[],
    ScenarioOptions?,
  ])[] = [
    [
      'a sign-in that is throttled and then breaks off',
      [
        ['openid', soon(408)],
        ['token', [soon(429), 'reset', 'half']],
      ],
    ],
    [
      'a token from Azure DevOps that takes three attempts',
      [['oidc', [soon(503), 'reset']]],
      { kind: 'federation' },
    ],
    [
      'a managed identity that is not ready yet',
      [['imds', [soon(410), soon(404), soon(500)]]],
      { kind: 'system-assigned identity' },
    ],
    [
      'server errors of every kind',
      [
        ['policies.list', [soon(500), soon(502), soon(504)]],
        ['vm', [soon(503), soon(408), soon(409)]],
      ],
    ],
    [
      'answers that break off',
      [
        ['nic', ['half', 'reset']],
        ['subnet', 'lostAnswer'],
        ['publicIp', 'half'],
      ],
    ],
    [
      'throttling by seconds and by date',
      [
        [
          'nsg',
          [
            { status: 429, retryAfterSeconds: 1 },
            { status: 429, retryAfterDate: Date.now() },
          ],
        ],
      ],
    ],
    ['address services that fail once each', [['echo', [...times(2, 503), 'reset']]]],
    [
      'a token that ends in the middle',
      [
        ['initiate', 401],
        ['nsg', 401],
      ],
    ],
    ['a request that is refused for the moment', [['initiate', [soon(429), soon(409), soon(503)]]]],
  ];
  it(`does not fail the step: ${PASSING.map(([name]) => name).join('; ')}`, async () => {
    await Promise.all(
      PASSING.map(async ([name, faults, options]) => {
        const step = await task.prepare(options ?? {});
        for (const [kind, fault] of faults) step.azure.faults.next(kind, fault);
        assertSucceeded(await step.run());
        assert.equal(step.policy.liveGrants().length, 1, name);
      }),
    );
  });

  it('is logged, with the pause', async () => {
    const step = await task.prepare();
    step.azure.faults.next('policies.list', { status: 503, retryAfterSeconds: 1 });
    step.azure.faults.next('initiate', soon(500));
    const run = await step.run();
    assertSucceeded(run);
    assertNames(run.log.join('\n'), /status 503.*Trying again in 1 s/, /status 500.*Trying again/);
  });

  it('does not make the step request access twice if the response is lost, in whatever way', async () => {
    const routes: readonly Fault[] = ['lostAnswer', 'half', 'wrongType', { lateCommitMs: 700 }];
    const steps = await Promise.all(routes.map(() => task.prepare()));
    const runs = await Promise.all(
      steps.map((step, index) => {
        step.azure.faults.next('initiate', routes[index] ?? 'pass');
        return step.run();
      }),
    );
    for (const [index, step] of steps.entries()) {
      const run = runs[index];
      assert.ok(run);
      assertSucceeded(run);
      assert.equal(step.azure.callsTo('initiate').length, 1);
      assert.equal(step.policy.liveGrants().length, 1);
    }
  });
});

describe('a persistent failure', () => {
  const task = usePackagedTask();

  const LASTING: Readonly<Record<string, readonly (readonly [Kind, Fault, ScenarioOptions?])[]>> = {
    JIT202: [
      ['imds', 400, { kind: 'system-assigned identity' }],
      ['policies.list', 401],
    ],
    JIT203: [['oidc', soon(500), { kind: 'federation' }]],
    JIT405: [['initiate', 400]],
    JIT501: [['echo', soon(502)]],
    JIT601: [
      ['token', { status: 429, retryAfterSeconds: 3600 }],
      ['imds', { status: 429, retryAfterSeconds: 3600 }, { kind: 'system-assigned identity' }],
      ['policies.list', soon(429)],
      ['vm', { status: 503, retryAfterSeconds: 3600 }],
      ['initiate', { status: 503, retryAfterSeconds: 3600 }],
    ],
    JIT602: [
      ['token', soon(409)],
      ['initiate', soon(409)],
      ['initiate', soon(503)],
    ],
    JIT603: [
      ['oidc', 407, { kind: 'federation' }],
      ['policies.list', 407],
      ['nic', 'reset'],
    ],
    JIT604: [
      ['token', 'html'],
      ['policies.list', 'linkLoop'],
      ['policies.list', 'foreignLink'],
      ['policies.list', 'empty'],
      ['vm', 'notJson'],
      ['nic', 'wrongType'],
      ['initiate', 'html'],
    ],
  };
  for (const [code, faults] of Object.entries(LASTING)) {
    const names = faults.map(([kind, fault]) => `${kind} ${JSON.stringify(fault)}`);
    it(`ends the step with ${code}: ${names.join(', ')}`, async () => {
      await Promise.all(
        faults.map(async ([kind, fault, options]) => {
          const step = await task.prepare(options ?? {});
          step.azure.faults.always(kind, fault);
          const run = await step.run();
          assertFailed(run, code);
          assert.equal(run.rawStderr, '');
          assert.doesNotMatch(run.rawStdout, /^\s+at .+:\d+/m);
          assert.deepEqual(step.policy.liveGrants(), []);
        }),
      );
    });
  }

  it('does not extend a wait beyond its time limit, whatever Azure does', async () => {
    const faults: readonly Fault[] = ['hang', soon(503), 'reset'];
    const steps = await Promise.all(faults.map(() => task.prepare()));
    const runs = await Promise.all(
      steps.map((step, index) => {
        step.azure.faults.always('nsg', faults[index] ?? 'pass');
        return step.run({ waitTimeout: '3s' });
      }),
    );
    for (const [index, run] of runs.entries()) {
      const [grant] = steps[index]?.policy.liveGrants() ?? [];
      assert.ok(grant);
      assert.equal(run.result, 'Failed');
      const requested = steps[index]?.azure.callsTo('nsg') ?? [];
      const first = requested[0]?.atMs ?? 0;
      for (const { atMs } of requested) assert.ok(atMs - first <= 3500, 'It asked after the time was over.');
      assert.ok((run.outputs['endpoints'] ?? '').includes(new Date(grant.endsAt).toISOString().slice(0, 19)));
    }
  });

  it('leads to a report of what might be open, and until when, if the outcome of a request is unknown', async () => {
    const step = await task.prepare();
    step.azure.faults.next('initiate', 'lostAnswer');
    step.azure.faults.always('policy.get', soon(500));
    const run = await step.run();
    const [grant] = step.policy.liveGrants();
    assert.ok(grant);
    const end = new Date(grant.endsAt).toISOString().slice(0, 19).replace('T', ' ');
    assertFailed(run, 'JIT603', 'may be open', 'web-01, port 22,', '20.61.99.7', end);
    assert.equal(step.azure.callsTo('initiate').length, 1);
  });
});
