import { build } from 'esbuild';
import { readFileSync } from 'node:fs';
import { createServer as createHttp, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { ORGANIZATIONS } from '../../../scripts/webPages';
import { processAuthority } from '../azure/http/certificates';
import { createFakeDevops, type FakeDevops } from './devops';
import type { HostSetup } from './hostSetup';
import { THEMES, type Theme } from './themes';

const ORGANIZATION = 'contoso';
/** The origins of the organization and of the extension's files. */
export const ORGANIZATION_ORIGIN = 'https://dev.azure.com';
export const EXTENSION_ORIGIN = 'https://jit-vm-access.gallerycdn.vsassets.io';

/** Returns the rules with which Chromium finds both on this machine, and no other host. */
export const toHostRules = (port: number): string => {
  const names = [ORGANIZATION_ORIGIN, EXTENSION_ORIGIN].map((origin) => new URL(origin).hostname);
  const rules = names.map((name) => `MAP ${name}:443 127.0.0.1:${port}`);
  return `--host-resolver-rules=${[...rules, 'MAP * ~NOTFOUND'].join(',')}`;
};

/** A page of the extension and how its host shows it. */
export interface Shown {
  /** `tab`, `widget`, or `configuration`. */
  readonly page: string;
  readonly theme?: Theme;
  readonly build?: HostSetup['build'];
}

/** An organization with the extension, on the loopback interface. */
export interface TabServer {
  readonly devops: FakeDevops;
  readonly port: number;
  /** Returns the URL of a page of Azure DevOps that contains a page of the extension. */
  hostAddress(shown: Shown): string;
  close(): Promise<void>;
}

/**
 * Starts the server.
 *
 * @param folder the folder of the built pages
 * @param isPlain for any browser of a developer: http on one origin, for which the policy of the pages is rewritten.
 * Otherwise, a browser must resolve the names of Azure DevOps to this server, and gets the pages unchanged
 */
export async function startTabServer(folder: string, isPlain: boolean, wantedPort = 0): Promise<TabServer> {
  const devops = createFakeDevops(ORGANIZATION);
  const script = await bundleHost();
  const origins = { organization: ORGANIZATION_ORIGIN, extension: EXTENSION_ORIGIN };
  const onRequest: RequestListener = (request, response) => {
    const url = new URL(request.url ?? '/', origins.organization);
    const { pathname } = url;
    const html = (text: string): void => void response.setHeader('content-type', 'text/html').end(text);
    if (pathname === '/_host') html(hostPage(setupOf(url), script));
    else if (pathname.startsWith('/_extension/')) {
      const page = readFileSync(path.join(folder, path.basename(pathname)), 'utf8');
      html(isPlain ? page.replaceAll(ORGANIZATIONS, origins.organization) : page);
    } else if (pathname === '/favicon.ico') response.writeHead(204).end();
    else api(request, response, url);
  };
  const api: RequestListener extends (request: infer Request, response: infer Response) => void
    ? (request: Request, response: Response, url: URL) => void
    : never = (request, response, url) => {
    // As Azure DevOps responds to other origins.
    response.setHeader('access-control-allow-origin', request.headers.origin ?? '*');
    response.setHeader('access-control-allow-headers', 'authorization,accept,x-tfs-fedauthredirect');
    response.setHeader('access-control-expose-headers', 'x-ms-continuationtoken');
    if (request.method === 'OPTIONS') {
      response.writeHead(200).end();
      return;
    }
    const { headers, method = '' } = request;
    const answer = devops.answer({ method, url, authorization: headers.authorization ?? '' });
    if (answer.hang) return;
    response.setHeader('content-type', 'application/json');
    response.writeHead(answer.status, answer.headers).end(answer.body);
  };
  const setupOf = ({ searchParams }: URL): HostSetup => {
    const id = Number(searchParams.get('run') ?? 0);
    const status = searchParams.get('over') === 'true' ? 2 : 1;
    const page = searchParams.get('page') ?? 'tab';
    const pipelineId = Number(searchParams.get('pipeline') ?? 0);
    return {
      frame: `${origins.extension}/_extension/${page}.html`,
      home: `${origins.organization}/${ORGANIZATION}/`,
      ...{ project: devops.project, token: devops.token },
      contributionId: `publisher.jit-vm-access.jit-${page}`,
      theme: THEMES[searchParams.get('theme') === 'dark' ? 'dark' : 'light'],
      ...(id > 0 && { build: { id, status } }),
      ...(pipelineId > 0 && { pipelineId }),
    };
  };
  const server = isPlain
    ? createHttp(onRequest)
    : createHttps({ ...processAuthority().issueServer(['dev.azure.com']) }, onRequest);
  await new Promise<void>((resolve) => server.listen(wantedPort, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  if (isPlain) origins.organization = origins.extension = `http://localhost:${port}`;
  return {
    ...{ devops, port },
    hostAddress({ page, theme = 'light', build: run }) {
      const query = new URLSearchParams({ page, theme });
      if (run)
        for (const [name, value] of Object.entries({ run: run.id, over: run.status === 2 }))
          query.set(name, String(value));
      return `${origins.organization}/_host?${query.toString()}`;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}

async function bundleHost(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [path.join(__dirname, 'page/host.ts')],
    ...{ bundle: true, write: false, format: 'iife', logLevel: 'silent' },
  });
  return outputFiles[0]?.text ?? '';
}

const STYLE = `html, body { height: 100%; margin: 0 } body { display: flex; background: var(--background-color) }
iframe { flex: 1; border: 0; width: 100% }`;

const hostPage = (setup: HostSetup, script: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Run 20260801.3</title>
<style>${STYLE}</style>
</head>
<body>
<iframe title="Just-in-time access"></iframe>
<script>window.setup = ${JSON.stringify(setup).replaceAll('<', '\\u003c')};</script>
<script>${script}</script>
</body>
</html>
`;
