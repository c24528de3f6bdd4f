import assert from 'node:assert/strict';
import { startProxy, type Proxy, type ProxyAnswer } from '../support/proxy/proxy';
import {
  assertFailed,
  assertNames,
  assertSucceeded,
  assertWarns,
  usePackagedTask,
  warningsOf,
} from '../support/packagedTask';

const json = (status: number, body: object, headers: Readonly<Record<string, string>> = {}): ProxyAnswer => ({
  status,
  headers: { 'Content-Type': 'application/json', Date: 'Fri, 01 Jan 2100 00:00:00 GMT', ...headers },
  body: JSON.stringify(body),
});

const GONE = json(404, { error: { code: 'ResourceNotFound', message: 'The Resource was not found.' } });
const FORBIDDEN = json(403, {
  error: {
    code: 'AuthorizationFailed',
    message: "No action 'Microsoft.Attacker/everything/action' over scope '/'.",
  },
});
const GRANTED = json(201, { virtualMachines: [], startTimeUtc: '2100-01-01T00:00:00Z', requestor: '' });

const ANSWERS: readonly ProxyAnswer[] = [
  GONE,
  FORBIDDEN,
  GRANTED,
  json(204, {}),
  json(400, { error: { code: 'InvalidInitiateInput', message: 'no' } }),
  json(401, { error: 'invalid_client', error_description: 'AADSTS7000215: no' }),
  json(409, { error: { code: 'ScopeLocked', message: 'locked' } }),
  json(429, { error: { code: 'TooManyRequests', message: 'no' } }, { 'Retry-After': '600' }),
  { status: 302, headers: { Location: 'https://attacker.example/' } },
  { status: 200.5 },
];

const TASKS = {
  JitOpenPorts: [undefined, { waitFor: 'nothing', sourceIp: '20.61.99.7' }],
  JitConfigurePolicy: ['tasks/JitConfigurePolicy/JitConfigurePolicyV1', {}],
  JitReport: ['tasks/JitReport/JitReportV1', {}],
} as const;

for (const [name, [folder, given]] of Object.entries(TASKS)) {
  describe(`a response of a proxy instead of a tunnel, for ${name},`, () => {
    const task = usePackagedTask('Node20_1', folder);
    let proxy: Proxy;
    beforeEach(async () => {
      proxy = await startProxy();
    });
    afterEach(() => proxy.close());

    for (const answer of folder === undefined ? ANSWERS : ANSWERS.slice(0, 3)) {
      it(`does not count as Azure's: ${answer.status} ${answer.body ?? ''}`, async () => {
        proxy.mood = answer;
        const step = await task.prepare();
        const inputs = { ...given, ...(name === 'JitReport' && { scope: step.vm.id }) };
        const run = await step.run(inputs, { proxy: { url: proxy.url } });
        assertFailed(
          run,
          'JIT603',
          proxy.url,
          Number.isInteger(answer.status) ? String(answer.status) : 'status',
        );
        assert.doesNotMatch(run.log.join('\n'), /2100|Attacker/);
        assert.deepEqual(run.outputs, {});
        assert.deepEqual(step.azure.calls, []);
      });
    }

    it('is reported for later connections too', async () => {
      // Only the connection to Azure Resource Manager gets this response. All connections before it are direct.
      const step = await task.prepare({ kind: 'federation' });
      const straight = [step.azure.authorityUrl, step.azure.oidcUrl].map((url) => new URL(url).host);
      const inputs = { ...given, ...(name === 'JitReport' && { scope: step.vm.id }) };
      for (const [answer, bypass] of [
        [GRANTED, straight],
        [GONE, straight.slice(0, 1)],
      ] as const) {
        proxy.mood = answer;
        const run = await step.run(inputs, { proxy: { url: proxy.url, bypass } });
        assertFailed(run, 'JIT603', proxy.url, String(answer.status));
      }
    });
  });
}

describe('a response of a proxy instead of a tunnel, after the job,', () => {
  const task = usePackagedTask();
  let proxy: Proxy;
  beforeEach(async () => {
    proxy = await startProxy();
  });
  afterEach(() => proxy.close());

  for (const answer of [GONE, GRANTED, FORBIDDEN]) {
    it(`leads to no port being reported as closed, and a warning says so: ${String(answer.status)}`, async () => {
      const step = await task.prepare();
      const run = await step.run({ closeAtJobEnd: 'true' }, { proxy: { url: proxy.url } });
      assertSucceeded(run);
      proxy.mood = answer;
      const after = await step.after(run);
      assertWarns(after, '22', 'web-01', String(answer.status));
      assertNames(warningsOf(after).join(), proxy.url);
      assert.doesNotMatch(after.log.join('\n'), /does not exist|Gone|Closed:/);
      assert.equal(step.policy.liveGrants().length, 1);
    });
  }

  it('does not count as the response of an address service, and is named', async () => {
    const step = await task.prepare();
    step.azure.setEcho('close');
    const bypass = [step.azure.url, step.azure.authorityUrl].map((url) => new URL(url).host);
    proxy.mood = { status: 201, body: '20.61.99.8' };
    const run = await step.run({}, { proxy: { url: proxy.url, bypass } });
    assertFailed(run, 'JIT501', proxy.url, '201');
  });
});
