import assert from 'node:assert/strict';
import { errorIn } from '../../support/azure/bench';
import { createCaller, type Caller, type Reply } from '../../support/azure/caller';
import {
  API_VERSIONS,
  DEFAULT_SUBSCRIPTION,
  startAzure,
  type Principal,
  type SimulatedAzure,
} from '../../support/azure';

interface Answer {
  readonly totalRecords: number;
  readonly count: number;
  readonly data: readonly { id: string; resourceId: string; status: string; cause: string }[];
  readonly resultTruncated: string;
  readonly $skipToken?: string;
}
const QUERY =
  "securityresources | where type =~ 'microsoft.security/assessments' and name =~ '805651bc-6ecd-4c73-9b55-97a19d0582d0'" +
  ' | project id, resourceId = tolower(tostring(properties.resourceDetails.Id)), status = tostring(properties.status.code),' +
  ' cause = tostring(properties.status.cause) | order by id asc';

describe('Resource Graph of the simulated Azure', () => {
  let azure: SimulatedAzure;
  let reader: Principal;
  let caller: Caller;

  beforeEach(async () => {
    azure = await startAzure();
    reader = azure.addPrincipal({ secret: 'right' });
    caller = await createCaller(azure, reader);
  });
  afterEach(() => azure.close());

  const request = (fields: object = {}, options: object = {}): Promise<Reply> =>
    caller.ask(
      'POST',
      `/providers/Microsoft.ResourceGraph/resources?api-version=${API_VERSIONS.resourceGraph}`,
      {
        subscriptions: [DEFAULT_SUBSCRIPTION],
        query: QUERY,
        options: { resultFormat: 'objectArray', $top: 1000, ...options },
        ...fields,
      },
    );
  const read = async (options: object = {}, fields: object = {}): Promise<Answer> => {
    const reply = await request(fields, options);
    assert.equal(reply.status, 200, reply.text);
    return JSON.parse(reply.text) as Answer;
  };
  const assess = (name: string, resourceGroup: string, cause?: string) => {
    const vm = azure.addVm({ name, resourceGroup });
    azure.addAssessment({ vm, status: 'Unhealthy', ...(cause === undefined ? {} : { cause }) });
    return vm;
  };

  it('returns Defender’s assessments by ID, regardless of white space in the query', async () => {
    const second = assess('web-02', 'rg-a', 'OffByPolicy');
    const first = assess('web-01', 'rg-a');
    azure.addAssessment({ vm: first, status: 'Healthy' });
    const answer = await read({}, { query: QUERY.replaceAll(' | ', '\n  |  ') });
    assert.deepEqual(
      answer.data.map(({ resourceId, status, cause }) => [resourceId, status, cause]),
      [
        [first.id.toLowerCase(), 'Healthy', ''],
        [second.id.toLowerCase(), 'Unhealthy', 'OffByPolicy'],
      ],
    );
    assert.match(answer.data[0]?.id ?? '', /\/resourcegroups\/RG-A\/.*\/assessments\/805651bc-/);
    assert.deepEqual([answer.totalRecords, answer.count, answer.resultTruncated], [2, 2, 'false']);
    azure.assertNoViolations();
  });

  it('returns no more than requested or than fits, and a token for the rest', async () => {
    for (const name of ['web-01', 'web-02', 'web-03', 'web-04']) assess(name, 'rg-a');
    const page = await read();
    assert.deepEqual([page.count, page.totalRecords, page.resultTruncated], [3, 4, 'true']);
    const last = await read({ $skipToken: page.$skipToken });
    assert.deepEqual([last.count, last.$skipToken], [1, undefined]);
    assert.equal((await read({ $top: 2 })).count, 2);
    assert.equal(errorIn(await request({}, { $skipToken: 'nonsense' })).code, 'InvalidSkipToken');
  });

  it('omits what the caller is not allowed to read, and refuses callers that can read nothing', async () => {
    assess('web-01', 'rg-a');
    assess('db-01', 'rg-b');
    const scope = `/subscriptions/${DEFAULT_SUBSCRIPTION}/resourceGroups/rg-b`;
    reader.permissions = [{ scope, actions: ['*/read'] }];
    assert.deepEqual(
      (await read()).data.map(({ resourceId }) => resourceId.split('/').at(-1)),
      ['db-01'],
    );
    reader.forbid('Microsoft.Security/assessments/read');
    assert.equal((await read()).totalRecords, 0);
    reader.permissions = [{ scope: '/subscriptions/another', actions: ['*'] }];
    const { status, code } = errorIn(await request());
    assert.deepEqual([status, code], [403, 'AccessDenied']);
  });

  it('knows only existing subscriptions', async () => {
    const reply = await request({ subscriptions: ['no-such'] });
    assert.equal(reply.status, 400);
    assert.match(reply.text, /NoValidSubscriptionsInQueryRequest/);
  });

  const strange: readonly (readonly [string, object, object?])[] = [
    ['table', { query: QUERY.replace('securityresources', 'resources') }],
    ['filter', { query: QUERY.replace('805651bc', '905651bc') }],
    ['projection', { query: QUERY.replace('project id,', 'project id, name,') }],
    ['field', { managementGroups: ['root'] }],
    ['list of subscriptions', { subscriptions: [] }],
    ['option', {}, { $skip: 3 }],
    ['form', {}, { resultFormat: 'table' }],
    ['number of rows', {}, { $top: 1001 }],
  ];
  for (const [what, fields, options] of strange) {
    it(`accepts no other ${what}`, async () => {
      azure.addVm({ name: 'web-01' });
      assert.equal((await request(fields, options)).status, 400);
      assert.equal(azure.violations.length, 1);
    });
  }
});
