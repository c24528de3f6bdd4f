import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findReleaseProblems } from '../../scripts/releaseProblems';
import { ROOT } from '../../scripts/stage';
import { isValidArguments, publishArguments, shareArguments } from '../../publishing/tfx';
import { nodeFor } from '../support/agent/node';
import { findVsix } from '../../scripts/vsix';

const GOOD = {
  tag: 'v1.2.3',
  packageJson: { version: '1.2.3', repository: { type: 'git', url: 'https://github.com/somebody/jit' } },
  changelog: '# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2026-01-31\n\n### Fixed\n\n- A fault.\n',
};
const run = (script: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  spawnSync(process.execPath, ['--import', 'tsx', script, ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });

describe('a tag', () => {
  it('can be published if it matches the version, and the changelog describes it', () => {
    assert.deepEqual(findReleaseProblems(GOOD), []);
    assert.deepEqual(findReleaseProblems({ ...GOOD, tag: 'refs/tags/v1.2.3' }), []);
  });

  for (const tag of ['1.2.3', 'v1.2.4', 'v1.2.3-beta', 'refs/heads/v1.2.3', '']) {
    it(`cannot be published if it is "${tag}"`, () => {
      assert.equal(findReleaseProblems({ ...GOOD, tag }).length, 1);
    });
  }

  const changelogs = {
    'does not name the version': '## [1.2.30] - 2026-01-31\n\n- A change.\n',
    'has no day for it': '## [1.2.3] - Unreleased\n\n- A change.\n',
    'names no change': '## [1.2.3] - 2026-01-31\n\n## [1.2.2] - 2026-01-30\n\n- A change.\n',
  };
  for (const [what, changelog] of Object.entries(changelogs)) {
    it(`cannot be published if the changelog ${what}`, () => {
      const problems = findReleaseProblems({ ...GOOD, changelog });
      assert.equal(problems.length, 1);
      assert.match(problems[0]!, /CHANGELOG\.md.*1\.2\.3|1\.2\.3.*CHANGELOG\.md/);
    });
  }

  it('cannot be published if there is no repository for the links of the listing', () => {
    const packageJson = { version: '1.2.3' };
    assert.equal(findReleaseProblems({ ...GOOD, packageJson }).length, 1);
  });

  it('that is invalid fails the command, with every reason', () => {
    const { status, stderr } = run('scripts/releaseCheck.ts', ['v0.0.0']);
    assert.equal(status, 1);
    assert.match(stderr, /"v0\.0\.0"/);
  });
});

describe('CHANGELOG.md', () => {
  it('has a section for the version in package.json, with its changes', () => {
    const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');
    const { version } = JSON.parse(read('package.json')) as { version: string };
    // Until the day of the release, the section has no date.
    const changelog = read('CHANGELOG.md').replace(`[${version}] - Unreleased`, `[${version}] - 2026-01-31`);
    const packageJson = { ...GOOD.packageJson, version };
    assert.deepEqual(findReleaseProblems({ tag: `v${version}`, packageJson, changelog }), []);
  });
});

describe('publishing', () => {
  it('uses only options of tfx that exist', () => {
    const commands = [
      publishArguments('a.vsix', 'secret'),
      isValidArguments('a.vsix', '1.2.3', 'secret'),
      shareArguments('a.vsix', ['one', 'two'], 'secret'),
    ];
    assert.ok(commands[0]?.includes('--no-wait-validation'));
    for (const args of commands) {
      // With a URL, tfx does not query the Marketplace, and needs no internet.
      const help = [...args.slice(0, 2), '--help', '--no-color', '--service-url', 'https://example.com'];
      const { stdout } = spawnSync(process.execPath, ['node_modules/tfx-cli/_build/tfx-cli.js', ...help], {
        cwd: ROOT,
        encoding: 'utf8',
      });
      const options = args.filter((arg) => arg.startsWith('--'));
      assert.ok(options.includes('--vsix') && options.includes('--token'));
      for (const option of options) assert.match(stdout, new RegExp(`^ +${option}\\b`, 'm'));
    }
  });

  const publish = (args: readonly string[], token: string) =>
    [process.execPath, nodeFor('Node24')].map((node) => {
      // Node 24 runs it directly, because a job that publishes installs no tool for that.
      const tools = node === process.execPath ? ['--import', 'tsx'] : [];
      return spawnSync(node, [...tools, 'publishing/publish.ts', ...args], {
        ...{ cwd: ROOT, encoding: 'utf8' },
        env: { ...process.env, MARKETPLACE_TOKEN: token },
      });
    });

  it('stops without a token, or without exactly one package, before anything is sent', () => {
    const cases = [
      [['a.vsix'], '', /MARKETPLACE_TOKEN/],
      [[], 'token', /one package/],
      [['a.vsix', 'b.vsix'], 'token', /one package/],
      [['dist'], 'token', /one package/],
    ] as const;
    for (const [args, token, expected] of cases) {
      for (const { status, stderr } of publish(args, token)) {
        assert.equal(status, 1);
        assert.match(stderr, expected);
      }
    }
  });

  it('uses the only package in a folder, and never guesses', () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'release-'));
    try {
      assert.throws(() => findVsix(folder), /not 0/);
      writeFileSync(path.join(folder, 'a.vsix'), '');
      assert.equal(findVsix(folder), path.join(folder, 'a.vsix'));
      writeFileSync(path.join(folder, 'b.vsix'), '');
      assert.throws(() => findVsix(folder), /not 2/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
