import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Mapper, Operation } from './definitions/mapper';
import { readClient } from './definitions/read';
import { toSchemas } from './definitions/schema';
import { SOURCES, type Source } from './definitions/sources';

const FOLDER = path.resolve(__dirname, '../test/definitions');

/**
 * `npm run definitions`: rewrites test/definitions from the clients that Microsoft generates from its published
 * definitions. It downloads them from the registry, and installs nothing.
 */
function main(): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'definitions-'));
  try {
    for (const source of SOURCES) {
      const text = `${JSON.stringify(toFile(source, download(source, folder)))}\n`;
      writeFileSync(path.join(FOLDER, `${source.name}.json`), text);
      console.log(
        `${source.name}.json: ${source.definitions} (${source.package}), ${String(text.length)} characters`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Downloads and unpacks a release. @returns its folder */
function download({ package: name }: Source, folder: string): string {
  const own = mkdtempSync(path.join(folder, 'client-'));
  const packed = execFileSync('npm', ['pack', name, '--silent', '--pack-destination', own], {
    encoding: 'utf8',
  });
  execFileSync('tar', ['xzf', path.join(own, packed.trim()), '-C', own]);
  return path.join(own, 'package');
}

function toFile(source: Source, folder: string): object {
  const client = readClient(folder, source);
  const operations = source.wanted.map((wanted) => {
    const [method = '', place = ''] = wanted.split(' ');
    const found = client.operations.find(
      ({ httpMethod, path: own, requestBody }) =>
        httpMethod === method && own === place && (method !== 'POST' || requestBody !== undefined),
    );
    if (!found) throw new Error(`${source.package} has no operation ${wanted}.`);
    return found;
  });
  const names = new Map<Mapper, string>();
  const roots = operations.flatMap((operation) => bodiesOf(operation));
  for (const root of roots) if (root.type.className !== undefined) names.set(root, root.type.className);
  return {
    source: { definitions: source.definitions, package: source.package },
    operations: operations.map((operation) => describe(operation)),
    definitions: toSchemas(roots, client),
  };
}

/** Error bodies belong to Azure Resource Manager itself, and are not compared. */
const bodiesOf = ({ requestBody, responses }: Operation): readonly Mapper[] => [
  ...(requestBody?.mapper ? [requestBody.mapper] : []),
  ...Object.entries(responses).flatMap(([status, { bodyMapper }]) =>
    bodyMapper && status !== 'default' ? [bodyMapper] : [],
  ),
];

function describe({
  path: place,
  httpMethod,
  queryParameters = [],
  requestBody,
  responses,
}: Operation): object {
  return {
    method: httpMethod,
    path: place.startsWith('/') ? place : `/${place}`,
    query: queryParameters.map(({ mapper }) => mapper?.serializedName).sort(),
    ...(requestBody?.mapper && { request: requestBody.mapper.type.className }),
    answers: Object.fromEntries(
      Object.entries(responses)
        .filter(([status]) => status !== 'default')
        .map(([status, { bodyMapper }]) => [status, bodyMapper?.type.className ?? null]),
    ),
  };
}

main();
