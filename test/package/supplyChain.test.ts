import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { NODE_24, nodeFor } from '../support/agent/node';

const REPOSITORY = path.resolve(__dirname, '../..');
const read = (file: string): string => readFileSync(path.join(REPOSITORY, file), 'utf8');

type Versions = Readonly<Record<string, string>>;
interface Manifest {
  readonly dependencies: Versions;
  readonly devDependencies: Versions;
  readonly optionalDependencies: Versions;
  readonly allowScripts: Readonly<Record<string, boolean>>;
  readonly overrides: Readonly<Record<string, Versions>>;
}
interface Lockfile {
  readonly packages: Readonly<Record<string, Locked>>;
}
interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
  readonly optional?: boolean;
  readonly os?: string | readonly string[];
  readonly cpu?: string | readonly string[];
}

describe('the dependencies', () => {
  const manifest = JSON.parse(read('package.json')) as Manifest;
  const { packages } = JSON.parse(read('package-lock.json')) as Lockfile;

  it('are each pinned to one version', () => {
    const { dependencies, devDependencies, optionalDependencies, overrides } = manifest;
    const parts = [dependencies, devDependencies, optionalDependencies, ...Object.values(overrides)];
    const all = parts.flatMap(Object.entries<string>);
    assert.ok(all.length > 20);
    for (const [name, version] of all) assert.match(version, /^\d+\.\d+\.\d+(?:-[\w.]+)?$/, name);
  });

  it('are all locked by a hash', () => {
    const entries = Object.entries(packages).filter(([folder]) => folder !== '');
    assert.ok(entries.length > 100);
    for (const [folder, { integrity = '' }] of entries) assert.match(integrity, /^sha512-/, folder);
  });

  it('come from the configured registry, because the lockfile names none', () => {
    // The URLs of homepages and funding are not registries.
    assert.ok(!read('package-lock.json').includes('"resolved":'));
  });

  it('are installed in the versions in package.json and the lockfile', () => {
    for (const [name, wanted] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
      const installed = JSON.parse(read(`node_modules/${name}/package.json`)) as { version: string };
      assert.equal(installed.version, wanted, name);
      assert.equal(packages[`node_modules/${name}`]?.version, wanted, name);
    }
  });

  it('have no install script without a decision in package.json', () => {
    const scripted = Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript === true);
    const names = scripted.map(([folder]) => folder.replace(/^.*node_modules\//, ''));
    assert.deepEqual(names, Object.keys(manifest.allowScripts));
    assert.deepEqual(manifest.allowScripts, { esbuild: true, koffi: false });
  });

  it('for publishing are only tfx, in the same version and with the same hashes that everything else is tested with', () => {
    const publishing = JSON.parse(read('publishing/package.json')) as Pick<Manifest, 'dependencies'>;
    assert.deepEqual(publishing.dependencies, { 'tfx-cli': manifest.devDependencies['tfx-cli'] });
    const locked = JSON.parse(read('publishing/package-lock.json')) as Lockfile;
    const nameOf = (folder: string) => folder.replace(/^.*node_modules\//, '');
    const known = new Set(
      Object.entries(packages).map(
        ([folder, one]) => `${nameOf(folder)}@${one.version ?? ''} ${one.integrity ?? ''}`,
      ),
    );
    const entries = Object.entries(locked.packages).filter(([folder]) => folder !== '');
    assert.ok(entries.length > 50);
    for (const [folder, one] of entries) {
      assert.ok(known.has(`${nameOf(folder)}@${one.version ?? ''} ${one.integrity ?? ''}`), folder);
      assert.notEqual(one.hasInstallScript, true, folder);
    }
    assert.ok(!read('publishing/package-lock.json').includes('"resolved":'));
    assert.match(read('publishing/.npmrc'), /^ignore-scripts=true$/m);
  });

  it('include Node 24 as locked packages, one for each platform, without any further installation', () => {
    assert.deepEqual(Object.keys(manifest.optionalDependencies), Object.values(NODE_24).toSorted());
    for (const [platform, name] of Object.entries(NODE_24)) {
      const locked = packages[`node_modules/${name}`];
      assert.deepEqual([locked?.os, locked?.cpu].flat().join('-'), platform);
      assert.deepEqual([locked?.version, locked?.optional], [manifest.optionalDependencies[name], true]);
      assert.ok(locked?.version?.startsWith('24.') && !locked.hasInstallScript, name);
    }
    const { stdout } = spawnSync(nodeFor('Node24'), ['--version'], { encoding: 'utf8' });
    const own = NODE_24[`${process.platform}-${process.arch}`] ?? '';
    assert.equal(stdout.trim(), `v${packages[`node_modules/${own}`]?.version ?? ''}`);
  });
});
