import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const REPOSITORY = path.resolve(__dirname, '../..');
const read = (file: string): string => readFileSync(path.join(REPOSITORY, file), 'utf8');

type Versions = Readonly<Record<string, string>>;
interface Manifest {
  readonly dependencies: Versions;
  readonly devDependencies: Versions;
  readonly overrides: Readonly<Record<string, Versions>>;
}
interface Lockfile {
  readonly packages: Readonly<Record<string, { readonly integrity?: string; readonly version?: string }>>;
}

describe('the dependencies', () => {
  const manifest = JSON.parse(read('package.json')) as Manifest;
  const { packages } = JSON.parse(read('package-lock.json')) as Lockfile;

  it('are pinned to one version each', () => {
    const { dependencies, devDependencies, overrides } = manifest;
    const all = [dependencies, devDependencies, ...Object.values(overrides)].flatMap(Object.entries<string>);
    assert.ok(all.length > 20);
    for (const [name, version] of all) assert.match(version, /^(?:npm:[a-z]+@)?\d+\.\d+\.\d+$/, name);
  });

  it('are locked by a hash, all of them', () => {
    const entries = Object.entries(packages).filter(([folder]) => folder !== '');
    assert.ok(entries.length > 100);
    for (const [folder, { integrity = '' }] of entries) assert.match(integrity, /^sha512-/, folder);
  });

  it('come from whatever registry is configured: the lockfile names none', () => {
    // Addresses of homepages and of funding are no registries.
    assert.ok(!read('package-lock.json').includes('"resolved":'));
  });

  it('are installed in the versions that package.json and the lockfile name', () => {
    for (const [name, wanted] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
      const version = wanted.replace(/^npm:.*@/, '');
      const installed = JSON.parse(read(`node_modules/${name}/package.json`)) as { version: string };
      assert.equal(installed.version, version, name);
      assert.equal(packages[`node_modules/${name}`]?.version, version, name);
    }
  });
});
