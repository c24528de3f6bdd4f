import assert from 'node:assert/strict';
import { Agent, createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGzip, gzipSync } from 'node:zlib';
import { createHttpHeaders, createPipelineRequest, isRestError } from '@azure/core-rest-pipeline';
import { LARGEST_BODY } from '../../../tasks/shared/azure/readBody';
import { createTransport } from '../../../tasks/shared/azure/transport';
import { CodedError } from '../../../tasks/shared/core/errors';
import { createVirtualClock } from '../../support/fakes/virtualClock';
import { close, listen } from '../host/servers';

type Respond = (response: ServerResponse) => void;

const GZIP = { 'content-encoding': 'gzip' };
const SPACES = Buffer.alloc(2 ** 20, ' ');

/**
 * Writes the given number of spaces as fast as they are read. An infinite number ends when the connection is closed.
 */
function writeSpaces(to: NodeJS.WritableStream, bytes: number): void {
  let left = bytes;
  const write = (): void => {
    while (left > 0) {
      const part = SPACES.subarray(0, left);
      left -= part.length;
      if (!to.write(part)) {
        to.once('drain', write);
        return;
      }
    }
    to.end();
  };
  write();
}

const zipped =
  (bytes: number): Respond =>
  (response) => {
    response.writeHead(200, GZIP);
    const zip = createGzip({ level: 1 });
    zip.pipe(response);
    writeSpaces(zip, bytes);
  };

const plain =
  (bytes: number, status = 200): Respond =>
  (response) => {
    response.writeHead(status);
    writeSpaces(response, bytes);
  };

describe('a response', () => {
  let server: Server;
  let agent: Agent;
  let respond: Respond;
  let connections: number;
  /** Resolves when the current connection is closed. */
  let closed: Promise<void>;

  beforeEach(async () => {
    agent = new Agent({ keepAlive: true });
    connections = 0;
    server = createServer((_request, response) => {
      respond(response);
    });
    server.on('connection', (socket) => {
      connections += 1;
      closed = new Promise((resolve) => socket.once('close', resolve));
    });
    await listen(server);
  });
  afterEach(async () => {
    agent.destroy();
    server.closeAllConnections();
    await close(server);
  });

  const send = async (given: Respond, signal?: AbortSignal) => {
    respond = given;
    const routes = () => ({ agent, secureContext: undefined, proxy: undefined });
    const clock = { ...createVirtualClock(), sleep: () => new Promise<void>(() => undefined) };
    const request = createPipelineRequest({
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/x`,
      headers: createHttpHeaders({ 'Accept-Encoding': 'gzip,deflate' }),
      allowInsecureConnection: true,
      ...(signal && { abortSignal: signal }),
    });
    return createTransport(routes, clock, 20_000).sendRequest(request);
  };
  const isTooLarge = (error: unknown): boolean =>
    error instanceof CodedError && error.code === 'JIT604' && error.message.includes('larger than 64 MiB');

  it('is read completely, with or without encoding and with any status, over one connection', async () => {
    const text = '{"name":"Zoë"}';
    const zip: Respond = (response) => {
      response.writeHead(200, GZIP).end(gzipSync(text));
    };
    const bare: Respond = (response) => {
      response.writeHead(404).end(text);
    };
    for (const one of [zip, bare, zip]) assert.equal((await send(one)).bodyAsText, text);
    const empty = await send((response) => response.writeHead(204).end());
    assert.deepEqual([empty.status, empty.bodyAsText, connections], [204, '', 1]);
  });

  it('is read without the byte order mark with which some services begin it', async () => {
    const marked = '\uFEFF{"name":"\uFEFFZoë"}';
    const found = [
      await send((response) => response.end(marked)),
      await send((response) => response.writeHead(200, GZIP).end(gzipSync(marked))),
    ];
    for (const { bodyAsText } of found) assert.equal(bodyAsText, '{"name":"\uFEFFZoë"}');
  });

  for (const [kind, spaces] of [
    ['that is compressed', zipped],
    ['as it is', plain],
  ] as const) {
    it(`can have up to 64 MiB ${kind}`, async () => {
      assert.equal((await send(spaces(LARGEST_BODY))).bodyAsText?.length, LARGEST_BODY);
      await assert.rejects(send(spaces(LARGEST_BODY + 1)), isTooLarge);
    });

    it(`is aborted ${kind} if it never ends, and its connection is closed`, async () => {
      await assert.rejects(send(spaces(Infinity)), isTooLarge);
      await closed;
      assert.equal((await send((response) => response.end('{}'))).bodyAsText, '{}');
    });
  }

  it('with an error is limited too', async () => {
    await assert.rejects(send(plain(LARGEST_BODY + 1, 503)), isTooLarge);
  });

  it('that breaks off or cannot be decoded fails only its own request', async () => {
    const half: Respond = (response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{', () => response.destroy());
    };
    const noZip: Respond = (response) => {
      response.writeHead(200, GZIP).end('{"name":"no gzip"}');
    };
    for (const broken of [half, noZip]) {
      await assert.rejects(send(broken), (error) => isRestError(error) && error.code === 'PARSE_ERROR');
    }
  });

  for (const headers of [{}, GZIP]) {
    it(`ends together with its run in the middle of a body (${JSON.stringify(headers)}), and its connection is closed`, async () => {
      const over = new AbortController();
      const begun: Respond = (response) => {
        response.writeHead(200, headers).write(gzipSync('{').subarray(0, 12), () => {
          over.abort();
        });
      };
      await assert.rejects(send(begun, over.signal), { name: 'AbortError' });
      await closed;
    });
  }
});
