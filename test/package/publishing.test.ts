import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import JSZip from 'jszip';
import { LONGEST_WAIT_MS, waitForValidation } from '../../publishing/validation';
import { readIdentity, type PackageIdentity } from '../../publishing/vsix';
import { ROOT } from '../../scripts/stage';
import { builtVsix } from '../support/agent/builtPackage';
import { nodeFor } from '../support/agent/node';

const TOKEN = 'not-a-real-token';
const IDENTITY: PackageIdentity = {
  ...{ publisher: 'toys', id: 'toy', version: '1.2.3' },
  ...{ isPublic: false, hasRepository: false },
};

/** Creates a package that contains only a manifest. */
async function makeVsix(file: string, { flags = '', links = '' } = {}): Promise<void> {
  const zip = new JSZip();
  zip.file('other.txt', 'other');
  zip.file(
    'extension.vsixmanifest',
    `<Identity Language="en-US" Id="toy" Publisher="toys" Version="1.2.3"/><GalleryFlags>${flags}</GalleryFlags>${links}`,
  );
  writeFileSync(file, await zip.generateAsync({ type: 'nodebuffer', compression: 'DEFLATE' }));
}

const REPOSITORY =
  '<Property Id="Microsoft.VisualStudio.Services.Links.GitHub" Value="https://github.com/a/b"/>';

describe('waiting for the validation', () => {
  /**
   * Waits with these responses of tfx, one for each call, and the last one for all further calls. An Error is a failure
   * of tfx.
   */
  async function wait(answers: readonly (string | Error)[]) {
    let [now, calls] = [0, 0];
    const tfx = () => {
      const answer = answers[Math.min(calls, answers.length - 1)];
      calls += 1;
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer ?? '');
    };
    const clock = {
      now: () => now,
      pause: (ms: number) => {
        now += ms;
        return Promise.resolve();
      },
    };
    const error = await waitForValidation(
      tfx,
      { vsix: 'a.vsix', identity: IDENTITY, token: TOKEN },
      clock,
    ).then(
      () => undefined,
      (reason: unknown) => reason as Error,
    );
    return { error, calls, now };
  }
  const [pending, success] = ['{ "status": "pending" }', '{ "status": "success" }'];

  it('ends when the version is valid', async () => {
    assert.deepEqual(await wait([success]), { error: undefined, calls: 1, now: 0 });
    const { error, calls } = await wait([pending, pending, success]);
    assert.deepEqual([error, calls], [undefined, 3]);
  });

  it("fails with the Marketplace's reason when it is not", async () => {
    const { error } = await wait([pending, '{ "status": "error", "message": "The icon is missing." }']);
    assert.match(error?.message ?? '', /toys\.toy 1\.2\.3.*The icon is missing\./);
  });

  it('fails after 20 minutes, and says how to continue', async () => {
    const { error, now } = await wait([pending]);
    assert.ok(now > LONGEST_WAIT_MS - 20_000 && now <= LONGEST_WAIT_MS, String(now));
    assert.match(error?.message ?? '', /isvalid --publisher toys --extension-id toy --version 1\.2\.3/);
  });

  it('survives two consecutive failures, but not a third one', async () => {
    const failed = new Error('tfx failed');
    const { error, calls } = await wait([failed, failed, pending, failed, failed, success]);
    assert.deepEqual([error, calls], [undefined, 6]);
    assert.equal((await wait([failed, failed, failed, success])).error, failed);
  });

  it('accepts only the JSON of tfx as a response', async () => {
    for (const answer of ['Valid', '{}', '', '{ "status": "fine" }']) {
      const { error, calls } = await wait([answer]);
      assert.match(error?.message ?? '', /unexpected response/);
      assert.equal(calls, 3);
    }
  });
});

describe('publish.ts', () => {
  let folder: string;
  const file = (name: string): string => path.join(folder, name);

  before(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'publishing-'));
    cpSync(path.join(ROOT, 'publishing'), folder, {
      recursive: true,
      filter: (name) => !name.includes('node_modules'),
    });
    const tfx = file('node_modules/tfx-cli/_build/tfx-cli.js');
    mkdirSync(path.dirname(tfx), { recursive: true });
    // Records its calls, and responds according to the file answers.json.
    writeFileSync(
      tfx,
      `const fs = require('node:fs');
const args = process.argv.slice(2);
fs.appendFileSync(${JSON.stringify(file('calls.txt'))}, JSON.stringify(args) + '\\n');
const { output, exitCode } = JSON.parse(fs.readFileSync(${JSON.stringify(file('answers.json'))}, 'utf8'))[args[1]];
console.log(output);
process.exit(exitCode);
`,
    );
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs the program with a tfx that responds in this way, and returns the calls to tfx. */
  function publish(args: readonly string[], answers: Readonly<Record<string, [string, number]>> = {}) {
    const usual = { publish: ['done', 0], isvalid: ['{ "status": "success" }', 0], share: ['done', 0] };
    const all = Object.entries({ ...usual, ...answers }).map(
      ([command, [output, exitCode]]) => [command, { output, exitCode }] as const,
    );
    writeFileSync(file('answers.json'), JSON.stringify(Object.fromEntries(all)));
    writeFileSync(file('calls.txt'), '');
    const { status, stdout, stderr } = spawnSync(nodeFor('Node24'), [file('publish.ts'), ...args], {
      encoding: 'utf8',
      env: { ...process.env, MARKETPLACE_TOKEN: TOKEN },
    });
    const calls = readFileSync(file('calls.txt'), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as string[]);
    assert.ok(!stdout.includes(TOKEN) && !stderr.includes(TOKEN));
    return { status, stdout, stderr, calls, commands: calls.map(([, command]) => command) };
  }

  it('publishes without waiting, then checks the validation, and then shares', async () => {
    await makeVsix(file('a.vsix'));
    const { status, calls, commands, stderr } = publish([file('a.vsix'), '--share-with', 'contoso']);
    assert.deepEqual([status, commands], [0, ['publish', 'isvalid', 'share']], stderr);
    assert.ok(calls[0]?.includes('--no-wait-validation'));
    assert.ok(calls[1]?.join(' ').includes('--version 1.2.3 --json'));
    assert.ok(calls[2]?.join(' ').includes('--share-with contoso'));
  });

  it('shares with no one if no organization is named', async () => {
    await makeVsix(file('a.vsix'));
    assert.deepEqual(publish([file('a.vsix'), '--share-with', '']).commands, ['publish', 'isvalid']);
  });

  it('does not share an invalid package, and gives the reason', async () => {
    await makeVsix(file('a.vsix'));
    const invalid = '{ "status": "error", "message": "The icon is missing." }';
    const { status, stderr, commands } = publish([file('a.vsix'), '--share-with', 'contoso'], {
      isvalid: [invalid, 0],
    });
    assert.deepEqual([status, commands], [1, ['publish', 'isvalid']]);
    assert.match(stderr, /The icon is missing\./);
  });

  it('stops with the message of tfx if publishing fails', async () => {
    await makeVsix(file('a.vsix'));
    const { status, stderr, commands } = publish([file('a.vsix')], {
      publish: ['error: Version number must increase', 255],
    });
    assert.deepEqual([status, commands], [1, ['publish']]);
    assert.match(stderr, /Version number must increase[^]*exit code 255/);
  });

  it('publishes publicly only a public package with a repository, and only on request', async () => {
    await makeVsix(file('public.vsix'), { flags: 'Public', links: REPOSITORY });
    await makeVsix(file('unlinked.vsix'), { flags: 'Public' });
    await makeVsix(file('private.vsix'), { links: REPOSITORY });
    const { status, commands } = publish([file('public.vsix'), '--public']);
    assert.deepEqual([status, commands], [0, ['publish', 'isvalid']]);
    for (const [args, reason] of [
      [['public.vsix'], /add --public/],
      [['unlinked.vsix', '--public'], /npm pkg set/],
      [['private.vsix', '--public'], /npm run package -- --public/],
    ] as const) {
      const [name, ...options] = args;
      const refused = publish([file(name), ...options]);
      assert.deepEqual([refused.status, refused.calls], [1, []], name);
      assert.match(refused.stderr, reason);
    }
  });

  it('rejects a file that is not a package, before anything is sent', () => {
    for (const [name, content] of [
      ['text.vsix', 'text'],
      ['empty.vsix', ''],
    ] as const) {
      writeFileSync(file(name), content);
      const { status, calls, stderr } = publish([file(name)]);
      assert.deepEqual([status, calls], [1, []]);
      assert.match(stderr, /not the package of an extension/);
    }
  });
});

describe('the identity of a package', () => {
  it('is read from the package that npm run package builds', async () => {
    const { version, repository } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
      version: string;
      repository?: unknown;
    };
    const isNamed = repository !== undefined;
    assert.deepEqual(await readIdentity(builtVsix()), {
      ...{ publisher: 'jit-vm-access', id: 'jit-vm-access', version },
      ...{ isPublic: isNamed, hasRepository: isNamed },
    });
  });
});
