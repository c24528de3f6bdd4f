import assert from 'node:assert/strict';
import { createPipelineRequest, type PipelineResponse } from '@azure/core-rest-pipeline';
import { API_VERSIONS, apiVersionPolicy, type VersionChange } from '../../../tasks/shared/azure/apiVersions';
import { anAnswer, anAzureError } from './answers';

const ARM = 'https://management.azure.com';
const GROUP = '/subscriptions/s/resourceGroups/g/providers';
const NIC = `${GROUP}/Microsoft.Network/networkInterfaces/a`;
const OK = anAnswer(200, {});
const LIST = "The supported api-versions are '2019-04-01,2020-11-01,2023-01-01-preview, 2020-05-01'.";

const refused = (status: number, code: string, text: string) => anAnswer(status, anAzureError(code, text));
const noProvider = (version: string, text = LIST) =>
  refused(
    400,
    'NoRegisteredProviderFound',
    `No registered resource provider found for API version '${version}'. ${text}`,
  );

/** Sends requests one after the other. `answer` receives the version of each request. */
function aCloud(answer: (version: string, url: URL) => PipelineResponse) {
  const changes: VersionChange[] = [];
  const sent: string[] = [];
  const policy = apiVersionPolicy((change) => changes.push(change));
  const ask = async (path: string, version: string, method: 'GET' | 'POST' = 'GET') => {
    const request = createPipelineRequest({ url: `${ARM}${path}?api-version=${version}`, method });
    const { status } = await policy.sendRequest(request, ({ url }) => {
      const requested = new URL(url);
      sent.push(requested.searchParams.get('api-version') ?? '');
      return Promise.resolve(answer(sent.at(-1) ?? '', requested));
    });
    return status;
  };
  return { ask, changes, sent };
}

describe('an api-version that a cloud does not support', () => {
  const has = (wanted: string) => (version: string) => (version === wanted ? OK : noProvider(version));

  it('is replaced by the newest stable version that the cloud lists, with one message, for all resources of the type', async () => {
    const { ask, changes, sent } = aCloud(has('2020-11-01'));
    assert.equal(await ask(NIC, '2022-01-01'), 200);
    assert.equal(await ask(`${GROUP}/Microsoft.Network/networkInterfaces/b`, '2022-01-01'), 200);
    assert.equal(
      await ask('/subscriptions/s/providers/Microsoft.Network/networkInterfaces', '2022-01-01'),
      200,
    );
    assert.deepEqual(sent, ['2022-01-01', '2020-11-01', '2020-11-01', '2020-11-01']);
    assert.deepEqual(changes, [
      { type: 'microsoft.network/networkinterfaces', refused: '2022-01-01', taken: '2020-11-01' },
    ]);
  });

  it('is replaced once if several calls are in progress', async () => {
    const { ask, changes, sent } = aCloud(has('2020-11-01'));
    assert.deepEqual(await Promise.all([1, 2, 3].map(() => ask(NIC, '2022-01-01'))), [200, 200, 200]);
    assert.equal(sent.length, 6);
    assert.equal(changes.length, 1);
  });

  it('is recognized by each of the three refusals, regardless of the case of the code', async () => {
    for (const [status, code] of [
      [400, 'NoRegisteredProviderFound'],
      [400, 'InvalidApiVersionParameter'],
      [404, 'InvalidResourceType'],
      [400, 'INVALIDAPIVERSIONPARAMETER'],
    ] as const) {
      const { ask, sent } = aCloud((version) =>
        version === '2020-11-01' ? OK : refused(status, code, LIST),
      );
      assert.equal(await ask(NIC, '2022-01-01'), 200, code);
      assert.equal(sent.length, 2);
    }
  });

  it('is not recognized by any other response', async () => {
    for (const answer of [
      refused(400, 'InvalidResourceType', LIST),
      refused(404, 'NoRegisteredProviderFound', LIST),
      refused(400, 'BadRequest', LIST),
      refused(403, 'InvalidApiVersionParameter', LIST),
      anAnswer(400, LIST),
      anAnswer(400, { code: 'InvalidApiVersionParameter', message: LIST }),
      OK,
    ]) {
      const { ask, sent, changes } = aCloud(() => answer);
      assert.equal(await ask(NIC, '2022-01-01'), answer.status);
      assert.deepEqual([sent.length, changes], [1, []]);
    }
  });

  it('remains refused if the list has no other stable version, or if that is refused too', async () => {
    for (const text of ['', "The supported api-versions are '2022-01-01, 2023-01-01-preview'.", 'Sorry.']) {
      const { ask, sent } = aCloud(() => noProvider('2022-01-01', text));
      assert.equal(await ask(NIC, '2022-01-01'), 400, text);
      assert.equal(sent.length, 1, text);
    }
    const { ask, sent } = aCloud((version) => noProvider(version));
    assert.equal(await ask(NIC, '2022-01-01'), 400);
    assert.equal(await ask(NIC, '2022-01-01'), 400);
    assert.deepEqual(sent, ['2022-01-01', '2020-11-01', '2020-11-01']);
  });

  it('does not affect other types', async () => {
    const { ask, sent } = aCloud((version, { pathname }) =>
      pathname.includes('networkInterfaces') && version !== '2020-11-01' ? noProvider(version) : OK,
    );
    const policy = `${GROUP}/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/default`;
    for (const path of [NIC, `${GROUP}/Microsoft.Network/networkSecurityGroups/n`, policy]) {
      assert.equal(await ask(path, '2022-01-01'), 200);
    }
    assert.deepEqual(sent, ['2022-01-01', '2020-11-01', '2022-01-01', '2022-01-01']);
  });

  it('is also replaced in a request for access, because the refused request was not executed', async () => {
    const { ask, sent } = aCloud(has('2020-11-01'));
    assert.equal(
      await ask(
        `${GROUP}/Microsoft.Security/locations/w/jitNetworkAccessPolicies/p/initiate`,
        '2022-01-01',
        'POST',
      ),
      200,
    );
    assert.equal(sent.length, 2);
  });

  it('is not replaced in a link to the next page, which has its own version', async () => {
    const { ask, sent } = aCloud((version) => (version === '2022-01-01' ? noProvider(version) : OK));
    await ask(NIC, '2022-01-01');
    await ask(NIC, '2018-01-01');
    assert.deepEqual(sent.slice(2), ['2018-01-01']);
  });
});

describe('the configured api-versions', () => {
  it('are stable versions', () => {
    for (const version of Object.values(API_VERSIONS)) assert.match(version, /^20\d\d-\d\d-\d\d$/);
  });
});
