import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { pack } from '../../scripts/pack';
import { builtVsix } from '../support/agent/builtPackage';
import { unpack } from '../support/agent/unpack';
import { packageFolders, readablePrograms } from '../support/readablePrograms';

const TASK = 'tasks/JitOpenPorts/JitOpenPortsV1';
const POLICY_TASK = 'tasks/JitConfigurePolicy/JitConfigurePolicyV1';
const REPORT_TASK = 'tasks/JitReport/JitReportV1';
const TASKS = [TASK, POLICY_TASK, REPORT_TASK];
const PAGES = ['web/tab.html', 'web/widget.html', 'web/configuration.html'];
const REPOSITORY = path.resolve(__dirname, '../..');
const { repository: named } = JSON.parse(readFileSync(path.join(REPOSITORY, 'package.json'), 'utf8')) as {
  repository?: unknown;
};

/**
 * The real package that `npm run package` built, and the package of the private channel, which is built here. Without a
 * repository in package.json, the real one is private too.
 */
const PACKAGES = {
  'the package': {
    ...{ id: 'jit-vm-access', flags: named === undefined ? '' : 'Public' },
    make: () => Promise.resolve(builtVsix()),
  },
  'the package of the private channel': {
    id: 'jit-vm-access-dev',
    flags: '',
    make: async (folder: string) => (await pack(folder, { dev: true })).vsix,
  },
};

for (const [title, { id, flags, make }] of Object.entries(PACKAGES))
  describe(title, () => {
    let workshop: string;
    let vsix: string;
    let folder: string;
    let files: string[];
    let readable: ReadonlyMap<string, string>;
    const text = (file: string): string => readFileSync(path.join(folder, file), 'utf8');

    /** Returns the files of the package that a program loads. */
    const needs = (file: string): readonly string[] =>
      [...text(file).matchAll(/\b(?:require|import)\("([^"]+)"\)/g)]
        .map(([, name = '']) => name)
        .filter((name) => !builtinModules.includes(name.replace(/^node:/, '')))
        .map((name) => path.posix.join(path.posix.dirname(file), name));

    before(async () => {
      workshop = mkdtempSync(path.join(os.tmpdir(), 'package-'));
      folder = path.join(workshop, 'unpacked');
      vsix = await make(workshop);
      files = await unpack(vsix, folder);
      readable = await readablePrograms();
    });
    after(() => {
      rmSync(workshop, { recursive: true, force: true });
    });

    it('contains exactly the expected files', () => {
      const started = TASKS.flatMap((task) => {
        const { execution, postjobexecution } = JSON.parse(text(`${task}/task.json`)) as Record<
          string,
          Record<string, { target: string }>
        >;
        return [execution, postjobexecution].flatMap((handlers) =>
          Object.values(handlers ?? {}).map(({ target }) => `${task}/${target}`),
        );
      });
      // Files that are added during this loop are visited too.
      const programs = new Set(started);
      for (const file of programs) for (const needed of needs(file)) programs.add(needed);
      const images = files.filter((file) => /^images\/(?:screenshots\/)?[a-z-]+\.png$/.test(file));
      assert.deepEqual(
        files.toSorted(),
        [
          ...['[Content_Types].xml', 'extension.vsixmanifest', 'extension.vsomanifest'],
          ...['README.md', 'LICENSE', 'ThirdPartyNotices.txt', 'sbom.cdx.json'],
          ...TASKS.flatMap((task) => [`${task}/task.json`, `${task}/icon.png`, `${task}/package.json`]),
          ...programs,
          ...PAGES,
          ...images,
        ].toSorted(),
      );
    });

    it('has no help with links that do not work in the editors', () => {
      for (const task of TASKS) {
        const { helpMarkDown, inputs } = JSON.parse(text(`${task}/task.json`)) as {
          helpMarkDown: string;
          inputs: { helpMarkDown: string }[];
        };
        for (const help of [helpMarkDown, ...inputs.map((input) => input.helpMarkDown)]) {
          assert.doesNotMatch(help, /\]\((?!https:)/);
        }
      }
    });

    it('is smaller than a megabyte', () => {
      assert.ok(statSync(vsix).size < 1_000_000);
    });

    it('has the version in package.json everywhere', () => {
      const { version } = JSON.parse(readFileSync(path.join(REPOSITORY, 'package.json'), 'utf8')) as {
        version: string;
      };
      assert.match(text('extension.vsixmanifest'), new RegExp(`<Identity [^>]*Version="${version}"`));
      for (const folder of TASKS) {
        const task = (JSON.parse(text(`${folder}/task.json`)) as { version: Record<string, number> }).version;
        assert.equal(`${version.split('.')[0]}.${task['Minor']}.${task['Patch']}`, version);
      }
      assert.match(vsix, new RegExp(`-${version}\\.vsix$`));
    });

    it('names its publisher and its contents', () => {
      const manifest = text('extension.vsixmanifest');
      assert.match(manifest, new RegExp(`<Identity [^>]*Id="${id}" Publisher="jit-vm-access"`));
      assert.equal(/<GalleryFlags>(.*?)<\/GalleryFlags>/.exec(manifest)?.[1] ?? '', flags);
      assert.match(manifest, /<Categories>Azure Pipelines<\/Categories>/);
      const description = /<Description[^>]*>(.*?)<\/Description>/s.exec(manifest)?.[1] ?? '';
      assert.ok(description.length > 0 && description.length <= 200, description);
      for (const [type, file] of [
        ['Content.Details', 'README.md'],
        ['Content.License', 'LICENSE'],
        ['Icons.Default', 'images/extension-icon.png'],
      ] as const) {
        assert.match(manifest, new RegExp(`Services\\.${type}" d:Source="File" Path="${file}"`));
      }
    });

    it('contributes the tasks by their folders', () => {
      const { contributions } = JSON.parse(text('extension.vsomanifest')) as {
        contributions: { type: string; targets: string[]; properties: { name: string } }[];
      };
      const tasks = contributions.filter(({ type }) => type === 'ms.vss-distributed-task.task');
      assert.deepEqual(
        tasks.map(({ properties }) => properties.name),
        TASKS.map((task) => path.dirname(task)),
      );
      for (const { targets, properties } of tasks) {
        assert.deepEqual(targets, ['ms.vss-distributed-task.tasks']);
        assert.ok(files.some((file) => file.startsWith(`${properties.name}/`)));
      }
    });

    it('contributes a tab for runs of its own tasks, a widget and its configuration, and can only read builds', () => {
      const { contributions, scopes } = JSON.parse(text('extension.vsomanifest')) as {
        scopes: string[];
        contributions: {
          id: string;
          type: string;
          targets: string[];
          properties: {
            uri?: string;
            supportsTasks?: string[];
            dynamic?: boolean;
            supportedScopes?: string[];
          };
        }[];
      };
      assert.deepEqual(scopes, ['vso.build']);
      const pages = contributions.filter(({ properties }) => properties.uri !== undefined);
      assert.deepEqual(
        pages.map(({ id, type, targets, properties }) => [id, type, targets, properties.uri]),
        [
          [
            ...['jit-run-tab', 'ms.vss-build-web.build-results-tab'],
            ...[['ms.vss-build-web.build-results-view'], 'web/tab.html'],
          ],
          [
            ...['jit-widget', 'ms.vss-dashboards-web.widget'],
            ...[['ms.vss-dashboards-web.widget-catalog', '.jit-configuration'], 'web/widget.html'],
          ],
          [
            ...['jit-configuration', 'ms.vss-dashboards-web.widget-configuration'],
            ...[['ms.vss-dashboards-web.widget-configuration'], 'web/configuration.html'],
          ],
        ],
      );
      const ids = TASKS.map((task) => (JSON.parse(text(`${task}/task.json`)) as { id: string }).id);
      const [tab, widget] = pages;
      assert.deepEqual(tab?.properties.supportsTasks, ids);
      assert.equal(tab.properties.dynamic, true);
      assert.deepEqual(widget?.properties.supportedScopes, ['project_team']);
      for (const page of PAGES)
        assert.match(text('extension.vsixmanifest'), new RegExp(`Path="${page}" Addressable="true"`));
    });

    it('has pages of one file each, which run one script and connect to Azure DevOps organizations only', () => {
      for (const page of PAGES) {
        const html = text(page);
        const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1] ?? '';
        const scripts = [...html.matchAll(/<script>([^]*?)<\/script>/g)].map(([, script = '']) => script);
        assert.equal(scripts.length, 1);
        const hash = createHash('sha256')
          .update(scripts[0] ?? '')
          .digest('base64');
        assert.equal(
          policy,
          `default-src 'none'; script-src 'sha256-${hash}'; style-src 'unsafe-inline'; ` +
            "connect-src https://dev.azure.com https://*.visualstudio.com; base-uri 'none'; form-action 'none'",
        );
        assert.doesNotMatch(html, /<(?:link|img|iframe|script [^>]*src)|@import|url\(["']?https?:/);
        assert.doesNotMatch(
          scripts[0] ?? '',
          /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/,
        );
        // The script of the tab has 50,000 bytes, of which 10,000 are Microsoft's SDK.
        assert.ok(Buffer.byteLength(scripts[0] ?? '') < 60_000, `${page} is larger than it was.`);
      }
    });

    it('has icons in the sizes that the Marketplace and the task list require', () => {
      const size = (file: string): [number, number] => {
        const png = readFileSync(path.join(folder, file));
        assert.equal(png.toString('latin1', 1, 4), 'PNG');
        return [png.readUInt32BE(16), png.readUInt32BE(20)];
      };
      assert.deepEqual(size('images/extension-icon.png'), [128, 128]);
      for (const task of TASKS) assert.deepEqual(size(`${task}/icon.png`), [32, 32]);
    });

    it('has a small post-job program, because it is started after each step and usually has nothing to do', () => {
      assert.deepEqual(needs(`${TASK}/post.js`), [`${TASK}/index.js`]);
      assert.ok(statSync(path.join(folder, `${TASK}/post.js`)).size < 10_000);
    });

    it('contains no client of a service except the sign-in, because the other clients are only used as types and in tests', () => {
      for (const task of TASKS) {
        const folders = packageFolders(readable.get(`${task}/index.js`) ?? '');
        assert.ok(folders.includes('node_modules/@azure/identity'));
        assert.deepEqual(
          folders.filter((place) => place.includes('@azure/arm-')),
          [],
        );
      }
    });

    it('contains nothing about the machine that packed it', () => {
      for (const file of files.filter((name) => /\.(?:js|json|txt|md|vs[io]*manifest)$/.test(name))) {
        assert.ok(!text(file).includes(REPOSITORY), file);
        assert.ok(!text(file).includes(os.userInfo().homedir + path.sep), file);
      }
    });

    it('contains the license of every package in its programs, and of no other', () => {
      const notices = text('ThirdPartyNotices.txt');
      const packages = [...readable.values()]
        .flatMap(packageFolders)
        .map((place) => place.replace(/^.*node_modules\//, ''));
      assert.ok(packages.includes('azure-pipelines-task-lib'));
      const parts = notices.split(/^-{80}\n/m).slice(1);
      const named = parts.map((part) => /^(\S+) \d+\.\d+\.\d+ \([\w.-]+\)\n\n/.exec(part)?.[1]);
      assert.deepEqual([...new Set(named)].toSorted(), [...new Set(packages)].toSorted());
      // The shortest of the license texts, ISC, has about 700 characters.
      for (const part of parts) assert.ok(part.length > 600, part);
    });
  });
