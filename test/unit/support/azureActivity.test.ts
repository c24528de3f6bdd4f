import assert from 'node:assert/strict';
import { createBench, errorIn, HOUR_MS, type Bench } from '../../support/azure/bench';
import type { Reply } from '../../support/azure/caller';
import {
  API_VERSIONS,
  DEFAULT_SUBSCRIPTION,
  startAzure,
  type Principal,
  type SimulatedAzure,
} from '../../support/azure';

interface Word {
  readonly value: string;
}
interface Entry {
  readonly eventTimestamp: string;
  readonly operationName: Word;
  readonly status: Word;
  readonly subStatus: Word;
  readonly caller: string;
  readonly claims: Readonly<Record<string, string>>;
  readonly correlationId: string;
  readonly resourceId: string;
  readonly properties: Readonly<Record<string, string>>;
}
const DAY_MS = 24 * HOUR_MS;
const INITIATE = 'Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action';

describe('the Activity Log of the simulated Azure', () => {
  let azure: SimulatedAzure;
  let deployer: Principal;
  let bench: Bench;

  beforeEach(async () => {
    azure = await startAzure({
      clock: () => Date.UTC(2026, 2, 3, 10),
      settings: { listPageSize: 200, tokenLifeSeconds: 1e9 },
    });
    deployer = azure.addPrincipal({ secret: 'right' });
    bench = await createBench(azure, deployer);
  });
  afterEach(() => azure.close());

  const path = `/subscriptions/${DEFAULT_SUBSCRIPTION}/providers/Microsoft.Insights/eventtypes/management/values`;
  const ago = (ms: number): string => new Date(azure.now() - ms).toISOString();
  const filterOf = (fromMs = 7 * DAY_MS, more = " and resourceProvider eq 'Microsoft.Security'"): string =>
    `eventTimestamp ge '${ago(fromMs)}' and eventTimestamp le '${ago(0)}'${more}`;
  const request = (filter: string, more = ''): Promise<Reply> =>
    bench.caller.ask(
      'GET',
      `${path}?api-version=${API_VERSIONS.activityLog}&$filter=${encodeURIComponent(filter)}${more}`,
    );
  async function pagesOf(filter = filterOf(), more = ''): Promise<readonly (readonly Entry[])[]> {
    const pages: Entry[][] = [];
    let reply = await request(filter, more);
    for (;;) {
      assert.equal(reply.status, 200, reply.text);
      const { value, nextLink } = JSON.parse(reply.text) as { value: Entry[]; nextLink?: string };
      pages.push(value);
      if (nextLink === undefined) return pages;
      assert.equal(new URL(nextLink).origin, azure.url);
      reply = await bench.caller.ask('GET', nextLink.slice(azure.url.length));
    }
  }
  const entries = async (filter?: string, more?: string): Promise<readonly Entry[]> =>
    (await pagesOf(filter, more)).flat();
  const initiate = (fields: object = {}, justification = 'because'): Promise<Reply> => {
    const port = { number: 22, endTimeUtc: bench.inMs(HOUR_MS), ...fields };
    return bench.initiateWith({ virtualMachines: [{ id: bench.vm.id, ports: [port] }], justification });
  };

  it('has the entries of a request, newest first, with the correlation ID of the response', async () => {
    const { headers } = await initiate();
    const all = await entries();
    assert.deepEqual(
      all.map(({ status, subStatus, properties }) => [
        status.value,
        subStatus.value,
        properties['statusCode'],
        properties['justification'],
      ]),
      [
        ['Succeeded', 'OK', 'OK', undefined],
        ['Accepted', 'Accepted', 'Accepted', undefined],
        ['Started', '', undefined, 'because'],
      ],
    );
    for (const entry of all) {
      assert.equal(entry.correlationId, headers['x-ms-correlation-request-id']);
      assert.equal(entry.operationName.value, INITIATE);
      assert.equal(entry.caller, deployer.objectId);
      assert.equal(entry.claims['appid'], deployer.clientId);
      assert.equal(entry.resourceId.toLowerCase(), bench.policy.id.toLowerCase());
      assert.notEqual(entry.resourceId, bench.policy.id);
    }
    azure.assertNoViolations();
  });

  it('has refused requests as failed, without a start entry if the permission was missing', async () => {
    await initiate({ number: 80 });
    deployer.forbid(INITIATE);
    await initiate();
    const found = (await entries()).map(({ status, properties }) => [status.value, properties['statusCode']]);
    assert.deepEqual(found, [
      ['Failed', 'Forbidden'],
      ['Failed', 'BadRequest'],
      ['Started', undefined],
    ]);
    assert.match((await entries())[1]?.properties['statusMessage'] ?? '', /not a subset of policy/);
  });

  it('contains the justification, the entire body, or neither', async () => {
    const kept = async (carries: 'nothing' | 'requestBody'): Promise<Entry['properties']> => {
      azure.settings.activityLogCarries = carries;
      await initiate();
      const begin = (await entries()).find(({ status }) => status.value === 'Started');
      return begin?.properties ?? {};
    };
    const nothing = await kept('nothing');
    assert.deepEqual([nothing['justification'], nothing['requestbody']], [undefined, undefined]);
    azure.advance(1000);
    const body = JSON.parse((await kept('requestBody'))['requestbody'] ?? '') as { justification: string };
    assert.equal(body.justification, 'because');
  });

  it('has the requests of other callers with their names, including those of earlier days', async () => {
    const requested = { vm: bench.vm, port: 22, sources: ['20.1.2.3'], durationMs: HOUR_MS };
    bench.policy.requestByOther({ ...requested, requestor: 'ana@contoso.com' });
    bench.policy.addPastRequest({ ...requested, agoMs: 3 * DAY_MS, justification: 'old' });
    bench.policy.addPastRequest({ ...requested, agoMs: 9 * DAY_MS, superseded: true, requestor: '' });
    const started = (await entries(filterOf(20 * DAY_MS))).filter(({ status }) => status.value === 'Started');
    assert.deepEqual(
      started.map(({ caller }) => caller.replace(/^[\da-f-]{36}$/, 'a service principal')),
      ['ana@contoso.com', 'ben@contoso.com', 'a service principal'],
    );
    assert.equal(started[1]?.properties['justification'], 'old');
    assert.equal((await entries()).length, 6);
    const states = JSON.stringify(bench.policy.requests().slice(-2));
    assert.match(states, /"Expired".*"NewerRequestInitiated"/);
    assert.equal(bench.policy.liveGrants().length, 1);
  });

  it('also has other operations, and those of other providers only without a filter', async () => {
    await initiate();
    await bench.caller.ask('DELETE', `${bench.policy.id}?api-version=${API_VERSIONS.jit}`);
    const [rule] = bench.vm.nicNsg?.rules() ?? [];
    const group = bench.vm.nicNsg?.id;
    await bench.caller.ask(
      'DELETE',
      `${group}/securityRules/x${rule?.name}?api-version=${API_VERSIONS.network}`,
    );
    assert.equal((await entries())[0]?.operationName.value, INITIATE.replace('initiate/action', 'delete'));
    assert.equal((await entries()).length, 5);
    assert.equal((await entries(filterOf(DAY_MS, ''))).length, 7);
    const by = (field: string, value: string) => entries(filterOf(DAY_MS, ` and ${field} eq '${value}'`));
    assert.equal((await by('resourceGroupName', bench.vm.resourceGroup.toUpperCase())).length, 7);
    assert.equal((await by('resourceUri', bench.policy.id.toUpperCase())).length, 5);
    const [{ correlationId } = { correlationId: '' }] = await entries();
    assert.equal((await by('correlationId', correlationId)).length, 2);
  });

  it('is delayed by the configured time', async () => {
    azure.settings.activityLogDelayMs = 60_000;
    await initiate();
    assert.deepEqual(await entries(), []);
    azure.advance(60_000);
    assert.equal((await entries()).length, 3);
  });

  it('can have a different time than the service', async () => {
    azure.settings.activityLogAheadMs = 1500;
    await initiate();
    assert.equal((await entries())[0]?.eventTimestamp, ago(1500));
  });

  it('has pages up to the last one, with entries of any age in order of time', async () => {
    azure.settings.listPageSize = 2;
    const common = { resourceId: bench.policy.id, operation: INITIATE, status: 'Started' as const };
    for (const hours of [5, 1, 3, 2, 4]) {
      azure.addActivity({ ...common, atMs: azure.now() - hours * HOUR_MS, caller: `${hours}@contoso.com` });
    }
    const callers = (await pagesOf()).map((page) => page.map(({ caller }) => caller.slice(0, 1)).join(''));
    assert.deepEqual(callers, ['12', '34', '5']);
    assert.equal((await entries(filterOf(3.5 * HOUR_MS))).length, 3);
    azure.assertNoViolations();
  });

  it('returns only the selected fields', async () => {
    await initiate();
    const [entry = {}] = await entries(filterOf(), '&$select=caller,status');
    assert.deepEqual(Object.keys(entry), ['caller', 'status']);
    assert.equal((await request(filterOf(), '&$select=caller,colour')).status, 400);
    assert.match(azure.violations.join(), /colour/);
  });

  it('covers ninety days', async () => {
    assert.equal((await request(filterOf(90 * DAY_MS))).status, 200);
    const { status, message } = errorIn(await request(filterOf(90 * DAY_MS + 2 * HOUR_MS)));
    assert.equal(status, 400);
    assert.match(message, /90 days/);
    azure.assertNoViolations();
  });

  it('names the permission that is required to read it', async () => {
    deployer.forbid('Microsoft.Insights/eventtypes/values/read');
    const { status, message } = errorIn(await request(filterOf()));
    assert.equal(status, 403);
    assert.match(message, /'Microsoft.Insights\/eventtypes\/values\/read' over scope/);
  });

  for (const [what, filter] of [
    ['none', ''],
    ['one without a begin', "resourceProvider eq 'Microsoft.Security'"],
    ['one with a time that is none', "eventTimestamp ge 'yesterday'"],
    [
      'one with two fields',
      "eventTimestamp ge '2026-03-03T00:00:00Z' and caller eq 'a' and resourceUri eq 'b'",
    ],
    [
      'one with a field that the service does not know',
      "eventTimestamp ge '2026-03-03T00:00:00Z' and caller eq 'a'",
    ],
  ] as const) {
    it(`accepts no other filter: ${what}`, async () => {
      assert.equal((await request(filter)).status, 400);
      assert.equal(azure.violations.length, 1);
    });
  }
});
