import assert from 'node:assert/strict';
import { createBench, JIT_VERSION, type Bench } from '../../support/azure/bench';
import { requestToken, send, type Reply } from '../../support/azure/caller';
import { startAzure, type Fault, type SimulatedAzure } from '../../support/azure';

describe('the faults of the simulated Azure', () => {
  let azure: SimulatedAzure;
  let bench: Bench;

  before(async () => {
    azure = await startAzure();
  });
  after(() => azure.close());
  beforeEach(async () => {
    azure.faults.clear();
    bench = await createBench(azure, azure.addPrincipal({ secret: 'right' }));
    azure.forget();
  });

  const list = (): Promise<Reply> => {
    const group = `/subscriptions/${bench.vm.subscriptionId}/resourceGroups/${bench.vm.resourceGroup}`;
    return bench.caller.ask(
      'GET',
      `${group}/providers/Microsoft.Security/jitNetworkAccessPolicies?${JIT_VERSION}`,
    );
  };
  const listWith = (fault: Fault): Promise<Reply> => {
    azure.faults.next('policies.list', fault);
    return list();
  };

  it('occur in order, and then stop', async () => {
    azure.faults.next('policies.list', [429, 'pass', { status: 503, code: 'ServerBusy' }]);
    const replies = [await list(), await list(), await list(), await list()];
    assert.deepEqual(
      replies.map(({ status }) => status),
      [429, 200, 503, 200],
    );
    assert.match(replies[2]?.text ?? '', /"code":"ServerBusy"/);
  });

  it('last until they are removed, after those for the next calls', async () => {
    const stop = azure.faults.always('policies.list', 500);
    azure.faults.next('policies.list', 409);
    const statuses = [(await list()).status, (await list()).status, (await list()).status];
    assert.deepEqual(statuses, [409, 500, 500]);
    stop();
    assert.equal((await list()).status, 200);
  });

  it('affect the calls that match', async () => {
    azure.faults.always(({ service, path }) => service === 'arm' && path.endsWith(bench.vm.name), 502);
    assert.equal((await bench.caller.ask('GET', `${bench.vm.id}?api-version=2022-03-01`)).status, 502);
    assert.equal((await list()).status, 200);
  });

  it('request a pause in seconds, as a date, and in milliseconds', async () => {
    const { headers: seconds } = await listWith({ status: 429, retryAfterSeconds: 7 });
    const { headers: date } = await listWith({ status: 503, retryAfterDate: 0 });
    const { headers: ms } = await listWith({ status: 429, retryAfterMs: 1 });
    assert.equal(seconds['retry-after'], '7');
    assert.equal(date['retry-after'], 'Thu, 01 Jan 1970 00:00:00 GMT');
    assert.equal(ms['retry-after-ms'], '1');
  });

  it('break the connection before or during the response', async () => {
    await assert.rejects(listWith('reset'), { code: 'ECONNRESET' });
    await assert.rejects(listWith('half'), { code: 'ECONNRESET' });
    assert.deepEqual(
      azure.calls.map(({ status }) => status),
      [undefined, 200],
    );
  });

  it('drop the response of a request that was executed', async () => {
    azure.faults.next('initiate', ['reset', 'lostAnswer']);
    await assert.rejects(bench.initiate({}));
    assert.equal(bench.policy.liveGrants().length, 0);
    await assert.rejects(bench.initiate({}));
    assert.equal(bench.policy.liveGrants().length, 1);
  });

  it('break the connection at once, and execute the request later', async () => {
    azure.faults.next('initiate', { lateCommitMs: 100 });
    await assert.rejects(bench.initiate({}), { code: 'ECONNRESET' });
    assert.deepEqual([bench.policy.liveGrants().length, azure.calls.at(-1)?.status], [0, undefined]);
    while (bench.policy.liveGrants().length === 0) await new Promise(setImmediate);
  });

  it('hang until the service is closed', async () => {
    const own = await startAzure();
    own.faults.next(({ service }) => service === 'echo-1', 'hang');
    const reply = assert.rejects(send(own, own.echoUrls[0] ?? ''), { code: 'ECONNRESET' });
    // The second request proves that the service still responds to others.
    assert.equal((await send(own, own.echoUrls[1] ?? '')).status, 200);
    while (own.callsTo('echo').length < 2) await new Promise(setImmediate);
    await own.close();
    await reply;
  });

  it('return invalid JSON, an empty body, a web page, or a valid body with the wrong content type', async () => {
    const notJson = await listWith('notJson');
    assert.throws(() => JSON.parse(notJson.text) as unknown);
    assert.equal(notJson.headers['content-type'], 'application/json');
    assert.deepEqual((await listWith('empty')).text, '');
    const page = await listWith('html');
    assert.equal(page.status, 200);
    assert.match(page.headers['content-type'] ?? '', /^text\/html/);
    const misnamed = await listWith('wrongType');
    assert.match(misnamed.text, /"value":/);
    assert.equal(misnamed.headers['content-type'], 'text/plain');
  });

  it('link pages in a loop, or to another server that reports every call', async () => {
    const nextOf = ({ text }: Reply): string => (JSON.parse(text) as { nextLink: string }).nextLink;
    const loop = nextOf(await listWith('linkLoop'));
    assert.equal(new URL(loop).origin, azure.url);
    assert.equal(new URL(loop).pathname, azure.calls[0]?.path);
    const foreign = nextOf(await listWith('foreignLink'));
    assert.notEqual(new URL(foreign).origin, azure.url);
    azure.assertNoViolations();
    await send(azure, foreign);
    assert.match(azure.violations.join(), /foreign server/);
  });

  it('have the format of Entra at its endpoints', async () => {
    azure.faults.next('token', { status: 503, message: 'Busy.' });
    const reply = await requestToken(azure, azure.addPrincipal({ secret: 'right' }));
    assert.equal(reply.status, 503);
    assert.match(
      (JSON.parse(reply.text) as { error_description: string }).error_description,
      /^AADSTS\d+: Busy\./,
    );
  });
});
