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

  it('is replaced again if the cloud lists other versions for the version that was taken', async () => {
    // The first list of a refusal can be that of Azure Resource Manager itself, not that of the service.
    const { ask, sent, changes } = aCloud((version) => {
      if (version === '2019-06-01') return OK;
      return version === '2022-01-01'
        ? refused(400, 'InvalidApiVersionParameter', "The supported versions are '2014-04,2021-04-01'.")
        : noProvider(version, "The supported api-versions are '2018-01-01, 2019-06-01, 2020-01-01-preview'.");
    });
    assert.equal(await ask(NIC, '2022-01-01'), 200);
    assert.equal(await ask(NIC, '2022-01-01'), 200);
    assert.deepEqual(sent, ['2022-01-01', '2021-04-01', '2019-06-01', '2019-06-01']);
    assert.deepEqual(
      changes.map(({ refused: from, taken }) => [from, taken]),
      [
        ['2022-01-01', '2021-04-01'],
        ['2021-04-01', '2019-06-01'],
      ],
    );
  });

  it('is replaced twice at most in one request', async () => {
    let year = 2000;
    const { ask, sent } = aCloud((version) =>
      noProvider(version, `The supported api-versions are '${String((year += 1))}-01-01'.`),
    );
    assert.equal(await ask(NIC, '2022-01-01'), 400);
    assert.equal(sent.length, 3);
  });

  it('is replaced by a version in the list, whatever version the text before the list names', async () => {
    const { ask, sent } = aCloud((version) =>
      version === '2020-11-01' ? OK : noProvider('2021-08-01', `It is not there. ${LIST}`),
    );
    assert.equal(await ask(NIC, '2022-01-01'), 200);
    assert.deepEqual(sent, ['2022-01-01', '2020-11-01']);
  });

  it('is replaced by a stable version, however the list is written', async () => {
    for (const list of [
      "The supported versions are '2022-06-01-privatepreview,2020-11-01,2014-04,2019-04-01'.",
      "The supported api-versions are '2021-12-01-alpha, 2021-01-01.preview, 2019-04-01, 2020-11-01'. The supported locations are 'chinanorth2, '.",
      'Supported API versions: ["2020-11-01","2021-12-01-PREVIEW"]',
      'The supported api-versions are:\n2019-04-01\n2020-11-01',
      '2019-04-01;2020-11-01.',
    ]) {
      const { ask, sent } = aCloud((version) =>
        version === '2020-11-01' ? OK : refused(400, 'InvalidApiVersionParameter', list),
      );
      assert.equal(await ask(NIC, '2022-01-01'), 200, list);
      assert.deepEqual(sent, ['2022-01-01', '2020-11-01'], list);
    }
  });

  it('is recognized if a service wraps the refusal', async () => {
    const details = [{ code: 'NoRegisteredProviderFound', message: LIST }];
    const { ask, sent } = aCloud((version) =>
      version === '2020-11-01'
        ? OK
        : anAnswer(400, { error: { code: 'BadRequest', message: 'Provide these facts.', details } }),
    );
    assert.equal(await ask(NIC, '2022-01-01'), 200);
    assert.equal(sent.length, 2);
  });

  it('is recognized in the errors of the Activity Log, which are not wrapped', async () => {
    const { ask, sent } = aCloud((version) =>
      version === '2020-11-01' ? OK : anAnswer(400, { code: 'InvalidApiVersionParameter', message: LIST }),
    );
    const log = '/subscriptions/s/providers/Microsoft.Insights/eventtypes/management/values';
    assert.equal(await ask(log, '2022-01-01'), 200);
    assert.equal(sent.length, 2);
  });

  it('is replaced for all resources of the type in a group with any name', async () => {
    const { ask, sent, changes } = aCloud(has('2020-11-01'));
    const group = '/subscriptions/s/resourceGroups/providers/providers';
    for (const name of ['a', 'b'])
      await ask(`${group}/Microsoft.Network/networkInterfaces/${name}`, '2022-01-01');
    assert.deepEqual(
      [sent.length, changes.map(({ type }) => type)],
      [3, ['microsoft.network/networkinterfaces']],
    );
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

  it('is replaced in a link to the next page, whatever the case of its parameter', async () => {
    const urls: string[] = [];
    const policy = apiVersionPolicy(() => undefined);
    const send = async (url: string) =>
      policy.sendRequest(createPipelineRequest({ url }), (request) => {
        urls.push(request.url);
        return Promise.resolve(request.url.includes('2020-11-01') ? OK : noProvider('2018-01-01'));
      });
    await send(`${ARM}${NIC}?$skiptoken=a&API-Version=2018-01-01&x=1`);
    assert.deepEqual(urls, [
      `${ARM}${NIC}?$skiptoken=a&API-Version=2018-01-01&x=1`,
      `${ARM}${NIC}?$skiptoken=a&API-Version=2020-11-01&x=1`,
    ]);
    // Without a version, there is nothing to replace.
    const { status } = await send(`${ARM}${NIC}?$skiptoken=a`);
    assert.deepEqual([status, urls.length], [400, 3]);
  });
});

describe('the configured api-versions', () => {
  it('are stable versions', () => {
    for (const version of Object.values(API_VERSIONS)) assert.match(version, /^20\d\d-\d\d-\d\d$/);
  });
});
