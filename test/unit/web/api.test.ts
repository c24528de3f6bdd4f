import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApi, type Api } from '../../../web/host/api';

type Answer = (request: IncomingMessage, response: ServerResponse, count: number) => void;

describe('a page that calls its organization', () => {
  let server: Server;
  let api: Api;
  let answer: Answer;
  let paths: string[];

  beforeEach(async () => {
    paths = [];
    server = createServer((request, response) => {
      paths.push(request.url ?? '');
      answer(request, response, paths.length);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const home = `http://127.0.0.1:${String(port)}/contoso/`;
    api = createApi({ home, projectId: 'p 1', token: () => Promise.resolve('token') });
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const list = (...names: readonly string[]): string =>
    JSON.stringify({ value: names.map((name, at) => ({ id: at + 1, name })) });

  it('reads a list page by page, to its end', async () => {
    answer = (_request, response, count) => {
      if (count < 3) response.setHeader('x-ms-continuationtoken', `page ${String(count)}&`);
      response.end(list(`pipeline ${String(count)}`));
    };
    const found = await api.pipelines();
    assert.deepEqual(
      found.map(({ name }) => name),
      ['pipeline 1', 'pipeline 2', 'pipeline 3'],
    );
    assert.ok(paths[0]?.startsWith('/contoso/p%201/_apis/build/definitions?'), paths[0]);
    assert.ok(paths[2]?.endsWith('&continuationToken=page%202%26'), paths[2]);
  });

  it('ends a list whose next page is the same page', async () => {
    answer = (_request, response) => {
      response.setHeader('x-ms-continuationtoken', 'again');
      response.end(list('one'));
    };
    assert.equal((await api.pipelines()).length, 2);
    assert.equal(paths.length, 2);
  });

  it('ends a list without an end', async () => {
    answer = (_request, response, count) => {
      response.setHeader('x-ms-continuationtoken', String(count));
      response.end(list('one'));
    };
    assert.equal((await api.pipelines()).length, 20);
  });

  it('does not read a response that is longer than any list or document', async () => {
    const place = { timelineId: 'a', recordId: 'b', name: 'c' };
    answer = (_request, response) => {
      response.end('x'.repeat(4_000_000));
    };
    assert.equal((await api.attachment(1, 'type', place)).length, 4_000_000);
    answer = (_request, response) => {
      response.end('x'.repeat(4_000_001));
    };
    await assert.rejects(api.attachment(1, 'type', place), { trouble: 'senseless' });
  });

  it('gets a new token once if its token has expired', async () => {
    answer = (_request, response, count) => {
      response.statusCode = count === 1 ? 401 : 200;
      response.end(list('one'));
    };
    assert.equal((await api.pipelines()).length, 1);
    answer = (_request, response) => {
      response.statusCode = 401;
      response.end();
    };
    await assert.rejects(api.pipelines(), { trouble: 'signIn' });
    assert.equal(paths.length, 4);
  });

  it('follows no redirect', async () => {
    answer = (_request, response, count) => {
      if (count === 1) response.writeHead(302, { location: '/contoso/elsewhere' });
      response.end(list('one'));
    };
    await assert.rejects(api.pipelines(), { trouble: 'notReached' });
    assert.equal(paths.length, 1);
  });
});
