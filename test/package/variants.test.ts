import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findRepository, repositoryLinks } from '../../scripts/repository';
import { ROOT, stage } from '../../scripts/stage';
import { findTasks } from '../../scripts/tasks';
import type { TaskDefinition } from '../../scripts/tasks';
import { uuidV5, variantManifest } from '../../scripts/variant';
import type { Manifest, Variant } from '../../scripts/variant';

interface Staged {
  readonly manifest: Manifest & {
    readonly contributions: readonly {
      readonly id: string;
      readonly properties: {
        readonly name: string;
        readonly uri?: string;
        readonly supportsTasks?: readonly string[];
      };
    }[];
  };
  readonly tasks: readonly TaskDefinition[];
}

/** The repository of a release in these tests, regardless of package.json. */
const REPOSITORY = 'https://github.com/somebody/jit';
const VARIANTS = {
  own: { repository: REPOSITORY, isPublic: true },
  dev: { dev: true },
  other: { publisher: 'somebody', repository: REPOSITORY },
  otherDev: { publisher: 'somebody', dev: true, repository: REPOSITORY },
} as const satisfies Record<string, Variant>;

describe('the variants of the extension', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'variants-'));
  const staged = new Map<Variant, Staged>();
  const all = (): Staged[] => [...staged.values()];
  const of = (name: keyof typeof VARIANTS): Staged => staged.get(VARIANTS[name])!;

  before(async () => {
    for (const [name, variant] of Object.entries(VARIANTS)) {
      const place = path.join(folder, name);
      await stage(place, variant);
      staged.set(variant, {
        manifest: JSON.parse(
          readFileSync(path.join(place, 'vss-extension.json'), 'utf8'),
        ) as Staged['manifest'],
        tasks: (await findTasks(place)).map(({ definition }) => definition),
      });
    }
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('share no ID: of extensions, contributions, or tasks', () => {
    const ids = all().flatMap(({ manifest: { publisher, id, contributions }, tasks }) => [
      `${publisher}.${id}`,
      ...contributions.map((contribution) => `${publisher}.${id}.${contribution.id}`),
      ...tasks.map((task) => task.id),
    ]);
    assert.ok(ids.length > 4 * 3);
    assert.equal(new Set(ids).size, ids.length);
    for (const { tasks } of all()) {
      for (const { id } of tasks) assert.match(id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    }
  });

  it('show their tab for runs of their own tasks only', () => {
    for (const { manifest, tasks } of all()) {
      const supported = manifest.contributions.flatMap(({ properties }) => properties.supportsTasks ?? []);
      assert.deepEqual(supported.toSorted(), tasks.map(({ id }) => id).toSorted());
    }
  });

  it('have different names for the pages of the private channel', () => {
    const names = (name: keyof typeof VARIANTS) =>
      of(name).manifest.contributions.flatMap(({ properties }) => (properties.uri ? [properties.name] : []));
    assert.equal(names('own').length, 3);
    assert.deepEqual(
      names('dev'),
      names('own').map((name) => `${name} (dev)`),
    );
  });

  it('keep the task IDs in the real extension', async () => {
    const ids = (await findTasks(ROOT)).map(({ definition }) => definition.id);
    assert.deepEqual(
      of('own').tasks.map(({ id }) => id),
      ids,
    );
  });

  it('give the private channel IDs that never change', () => {
    const open = of('dev').tasks.find(({ name }) => name === 'JitOpenPortsDev');
    assert.equal(open?.id, 'ebab119a-3741-5762-8ea3-970d1916f8e3');
  });

  it('also have different task names, so that both can be installed in one organization', () => {
    const names = (name: keyof typeof VARIANTS) => of(name).tasks.map((task) => task.name);
    assert.deepEqual(
      names('dev'),
      names('own').map((name) => `${name}Dev`),
    );
    assert.deepEqual(names('other'), names('own'));
    for (const { name, friendlyName } of of('dev').tasks) {
      // The rules of the editor and of tfx.
      assert.match(name, /^[A-Za-z0-9-]+$/);
      assert.match(friendlyName, / \(dev\)$/);
      assert.ok(friendlyName.length <= 40, friendlyName);
    }
  });

  it('are public, except for the private channel', () => {
    assert.deepEqual(
      [of('own'), of('dev'), of('other'), of('otherDev')].map(({ manifest }) => manifest['public']),
      [true, false, true, false],
    );
    assert.notEqual(of('dev').manifest['name'], of('own').manifest['name']);
    assert.equal(of('other').manifest.publisher, 'somebody');
  });
});

describe('a name-based ID', () => {
  it('conforms to the standard', () => {
    // RFC 9562, A.4: the namespace of DNS.
    assert.equal(
      uuidV5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com'),
      '2ed6657d-e927-568b-95e1-2665a8aea6a2',
    );
  });
});

describe('a package without a repository', () => {
  const manifest = { publisher: 'toys', id: 'toy', public: true };
  const repository = { url: REPOSITORY, tag: 'v1.2.3' };

  it('is the same extension, but private', () => {
    assert.deepEqual(variantManifest(manifest, {}, {}, undefined), { ...manifest, public: false });
    assert.deepEqual(variantManifest(manifest, {}, {}, repository), manifest);
    assert.deepEqual(variantManifest(manifest, {}, { isPublic: true }, repository), manifest);
  });

  it('cannot be public, and the error says how to name a repository', () => {
    assert.throws(
      () => variantManifest(manifest, {}, { isPublic: true }, undefined),
      /npm pkg set repository\.type=git repository\.url=https:\/\/github\.com\/your-name\/your-repository$/,
    );
  });

  it('can be the private channel, which is never public', () => {
    const dev = { public: false };
    assert.equal(variantManifest(manifest, dev, { dev: true }, undefined)['public'], false);
    assert.equal(variantManifest(manifest, dev, { dev: true }, repository)['public'], false);
    assert.throws(() => variantManifest(manifest, dev, { dev: true, isPublic: true }, repository));
  });

  it('is rejected before anything is built if it must be public', async () => {
    const { repository } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
      repository?: unknown;
    };
    // A fork that names its repository can be packed publicly.
    if (repository !== undefined) return;
    const folder = path.join(os.tmpdir(), 'refused');
    await assert.rejects(stage(folder, { isPublic: true }), /npm pkg set/);
    assert.ok(!existsSync(folder));
  });
});

describe('the links of the listing', () => {
  const links = (url: string): Record<string, object> =>
    repositoryLinks(findRepository({ version: '1.2.3', repository: { type: 'git', url } })) as Record<
      string,
      object
    >;

  it('lead to the repository in package.json, at the tag of the version', () => {
    const at = `${REPOSITORY}/blob/v1.2.3`;
    assert.deepEqual(links(`git+${REPOSITORY}.git`), {
      repository: { type: 'git', url: REPOSITORY },
      links: {
        getstarted: { uri: `${at}/docs/first-steps.md` },
        learn: { uri: `${at}/README.md#documentation` },
        license: { uri: `${at}/LICENSE` },
        privacypolicy: { uri: `${at}/docs/privacy.md` },
        support: { uri: `${REPOSITORY}/issues` },
        issues: { uri: `${REPOSITORY}/issues` },
      },
      CustomerQnASupport: { enablemarketplaceqna: true, url: `${REPOSITORY}/issues` },
      badges: [
        {
          href: `${REPOSITORY}/actions/workflows/build.yml`,
          uri: 'https://img.shields.io/github/actions/workflow/status/somebody/jit/build.yml?branch=main',
          description: 'Build and tests',
        },
      ],
    });
  });

  it('include no page that only GitHub has if the repository is elsewhere', () => {
    const url = 'https://dev.azure.com/somebody/project/_git/jit';
    const text = JSON.stringify(links(url));
    assert.ok(text.includes(`${url}?path=/docs/privacy.md&version=GTv1.2.3`), text);
    assert.ok(!/\/issues|actions|blob/.test(text), text);
  });

  it('are omitted without a repository, and rejected for a non-public URL', () => {
    assert.deepEqual(repositoryLinks(findRepository({ version: '1.2.3' })), {});
    for (const url of [
      'git@github.com:somebody/jit.git',
      'http://example.com/a',
      'https://me@example.com/a',
    ]) {
      assert.throws(() => links(url), /https/);
    }
  });
});
