import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { repositoryLinks } from '../../scripts/repository';
import { ROOT, stage } from '../../scripts/stage';
import { findTasks } from '../../scripts/tasks';
import type { TaskDefinition } from '../../scripts/tasks';
import { uuidV5 } from '../../scripts/variant';
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

const VARIANTS = {
  own: {},
  dev: { dev: true },
  other: { publisher: 'somebody' },
  otherDev: { publisher: 'somebody', dev: true },
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

  it('have no id in common: neither of extensions, nor of contributions, nor of tasks', () => {
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

  it('show their tab for runs of their own tasks, and no others', () => {
    for (const { manifest, tasks } of all()) {
      const supported = manifest.contributions.flatMap(({ properties }) => properties.supportsTasks ?? []);
      assert.deepEqual(supported.toSorted(), tasks.map(({ id }) => id).toSorted());
    }
  });

  it('name the pages of the private channel apart', () => {
    const names = (name: keyof typeof VARIANTS) =>
      of(name).manifest.contributions.flatMap(({ properties }) => (properties.uri ? [properties.name] : []));
    assert.equal(names('own').length, 3);
    assert.deepEqual(
      names('dev'),
      names('own').map((name) => `${name} (dev)`),
    );
  });

  it('keep the ids of the tasks in the real extension', async () => {
    const ids = (await findTasks(ROOT)).map(({ definition }) => definition.id);
    assert.deepEqual(
      of('own').tasks.map(({ id }) => id),
      ids,
    );
  });

  it('give the private channel ids that never change', () => {
    const open = of('dev').tasks.find(({ name }) => name === 'JitOpenPortsDev');
    assert.equal(open?.id, 'ebab119a-3741-5762-8ea3-970d1916f8e3');
  });

  it('differ in the names of the tasks, too, when both can be installed in one organisation', () => {
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

describe('an id that is made of an id and a name', () => {
  it('is the one of the standard', () => {
    // RFC 9562, A.4: the namespace of DNS.
    assert.equal(
      uuidV5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com'),
      '2ed6657d-e927-568b-95e1-2665a8aea6a2',
    );
  });
});

describe('the links of the listing', () => {
  const links = (url: string): object => repositoryLinks({ repository: { type: 'git', url } });

  it('are those of the repository in package.json', () => {
    const { badges, ...rest } = links('git+https://github.com/somebody/jit.git') as Record<string, object>;
    assert.deepEqual(rest, {
      repository: { type: 'git', url: 'https://github.com/somebody/jit' },
      links: {
        getstarted: { uri: 'https://github.com/somebody/jit' },
        support: { uri: 'https://github.com/somebody/jit/issues' },
      },
      CustomerQnASupport: { enablemarketplaceqna: true, url: 'https://github.com/somebody/jit/issues' },
    });
    assert.equal((badges as unknown[]).length, 1);
  });

  it('name no page that only GitHub has when the repository is elsewhere', () => {
    const text = JSON.stringify(links('https://dev.azure.com/somebody/project/_git/jit'));
    assert.ok(text.includes('dev.azure.com') && !/issues|actions/.test(text), text);
  });

  it('are absent when there is no repository, and refuse what is no public address', () => {
    assert.deepEqual(repositoryLinks({}), {});
    for (const url of [
      'git@github.com:somebody/jit.git',
      'http://example.com/a',
      'https://me@example.com/a',
    ]) {
      assert.throws(() => links(url), /https/);
    }
  });
});
