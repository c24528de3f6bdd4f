import assert from 'node:assert/strict';
import Ajv from 'ajv';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { formatSbom } from '../../scripts/sbom';
import { builtVsix } from '../support/agent/builtPackage';
import { unpack } from '../support/agent/unpack';
import { packageFolders, readablePrograms } from '../support/readablePrograms';

const SCHEMAS = path.join(
  path.dirname(require.resolve('@cyclonedx/cyclonedx-library/package.json')),
  'res/schema',
);

interface Component {
  readonly type: string;
  readonly name: string;
  readonly group?: string;
  readonly version?: string;
  readonly purl?: string;
  readonly 'bom-ref': string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  readonly licenses?: readonly { readonly license: { readonly id: string } }[];
}
interface Sbom {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}

function validate(sbom: unknown): unknown {
  // The schema of 1.6 uses draft 7. Some formats in it are from a later draft, which Ajv does not support.
  const ajv = new Ajv({ strict: false, validateFormats: false });
  const schema = (name: string) =>
    JSON.parse(readFileSync(path.join(SCHEMAS, `${name}.SNAPSHOT.schema.json`), 'utf8')) as object;
  for (const name of ['spdx', 'jsf-0.82', 'cryptography-defs']) {
    ajv.addSchema(schema(name), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
  }
  const check = ajv.compile(schema('bom-1.6'));
  return check(sbom) ? [] : check.errors;
}

describe('the software bill of materials', () => {
  let folder: string;
  let programs: readonly string[];
  let sbom: Sbom;
  const text = (file: string): string => readFileSync(path.join(folder, file), 'utf8');

  before(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'sbom-'));
    programs = (await unpack(builtVsix(), folder)).filter((file) => /\.(?:js|html)$/.test(file));
    sbom = JSON.parse(text('sbom.cdx.json')) as Sbom;
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('conforms to the schema of CycloneDX 1.6', () => {
    assert.deepEqual([sbom.bomFormat, sbom.specVersion], ['CycloneDX', '1.6']);
    assert.deepEqual(validate(sbom), []);
    assert.notDeepEqual(validate({ ...sbom, components: [{ type: 'library' }] }), []);
  });

  it('is about this version of the extension', () => {
    const [, id, version] = /[\\/]([a-z-]+)-(\d+\.\d+\.\d+)\.vsix$/.exec(builtVsix()) ?? [];
    assert.deepEqual([sbom.metadata.component.name, sbom.metadata.component.version], [id, version]);
  });

  it('names exactly the packages in the programs', async () => {
    const readable = [...(await readablePrograms()).values()];
    const folders = readable.flatMap(packageFolders);
    const expected = [...new Set(folders)].map((place) => {
      const own = JSON.parse(
        readFileSync(path.resolve(__dirname, '../..', place, 'package.json'), 'utf8'),
      ) as {
        name: string;
        version: string;
        license: string;
      };
      return `pkg:npm/${own.name.replace('@', '%40')}@${own.version} ${own.license}`;
    });
    const libraries = sbom.components.filter(({ type }) => type === 'library');
    assert.deepEqual(
      libraries.map(({ purl = '', licenses }) => `${purl} ${licenses?.[0]?.license.id ?? ''}`).toSorted(),
      expected.toSorted(),
    );
    assert.ok(expected.length > 20);
    for (const { name, group, version, purl } of libraries) {
      const full = group === undefined ? name : `${group.replace('@', '%40')}/${name}`;
      assert.equal(purl, `pkg:npm/${full}@${version ?? ''}`);
    }
  });

  it('names every program with its hash', () => {
    const listed = sbom.components.filter(({ type }) => type === 'file');
    assert.deepEqual(
      listed.map(({ name, hashes }) => [name, hashes]),
      programs.toSorted().map((file) => {
        const content = createHash('sha256')
          .update(readFileSync(path.join(folder, file)))
          .digest('hex');
        return [file, [{ alg: 'SHA-256', content }]];
      }),
    );
    assert.ok(sbom.components.every(({ type }) => type === 'file' || type === 'library'));
  });

  it('lists the packages of each program', () => {
    const dependsOn = (ref: string) => sbom.dependencies.find((entry) => entry.ref === ref)?.dependsOn ?? [];
    const refs = (type: string) =>
      sbom.components.filter((component) => component.type === type).map((component) => component['bom-ref']);
    assert.deepEqual(dependsOn(sbom.metadata.component['bom-ref']).toSorted(), refs('file').toSorted());
    const starts = programs.filter((file) => file.endsWith('/index.js'));
    const libraries = starts.map((start) => {
      const own = programs.filter((file) => path.dirname(file) === path.dirname(start));
      return [...new Set(own.flatMap(dependsOn))];
    });
    assert.equal(libraries.length, 3);
    assert.ok(libraries.every((own) => own.length > 20));
    const pages = programs.filter((file) => file.endsWith('.html')).map(dependsOn);
    assert.deepEqual(pages, Array(3).fill(['azure-devops-extension-sdk@5.0.0']));
    assert.deepEqual([...new Set([...libraries, ...pages].flat())].toSorted(), refs('library').toSorted());
  });

  it('has no package in what a task loads first, so that the environment is cleaned before they load', () => {
    for (const start of programs.filter((file) => file.endsWith('/index.js'))) {
      // The code that is loaded at once. The program itself is loaded by a promise: `()=>h(require("./program-….js"))`.
      const first = new Set([start]);
      for (const file of first)
        for (const [, name = ''] of readFileSync(path.join(folder, file), 'utf8').matchAll(
          /(?<!=>\w+\()\brequire\("(\.\/[^"]+)"\)/g,
        ))
          first.add(path.posix.join(path.dirname(start), name));
      assert.deepEqual(
        sbom.dependencies.filter(({ ref }) => first.has(ref)).map(({ dependsOn }) => dependsOn),
        [undefined, undefined, undefined],
      );
    }
  });

  it('is rejected for a license that is not an SPDX ID', () => {
    const toy = { name: 'toy', folder: 'node_modules/toy', version: '1.0.0', license: 'Whatever' };
    const program = { target: 'index.js', content: Buffer.from(''), packages: [toy] };
    assert.throws(
      () => formatSbom({ id: 'toy', version: '1.0.0' }, [program]),
      /node_modules\/toy.*Whatever/,
    );
  });
});
