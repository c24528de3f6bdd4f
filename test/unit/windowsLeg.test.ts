import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describeLeg, endsWell, judge, KNOWN, runLeg } from '../../scripts/windows/leg';
import { ESBUILD_WASM } from '../../scripts/windows/packages';

describe('the Windows test run', () => {
  it('replaces esbuild, which it cannot run, by the same version for WebAssembly', () => {
    const text = readFileSync(path.resolve(__dirname, '../../package.json'), 'utf8');
    const { devDependencies } = JSON.parse(text) as { devDependencies: Record<string, string> };
    assert.equal(ESBUILD_WASM.version, devDependencies['esbuild']);
  });

  it('distinguishes failures of tests from failures of Wine', () => {
    const passing = '  12 passing (3s)\n';
    assert.equal(judge({ code: 0, output: passing }), 'passed');
    assert.equal(judge({ code: 1, output: `${passing}  1 failing\n` }), 'failed');
    assert.equal(judge({ code: 1, output: `${passing}  1 failing\nwineserver crashed` }), 'wine');
    for (const output of ['', passing, 'wine: could not load kernel32.dll']) {
      assert.equal(judge({ code: 1, output }), 'wine');
    }
    assert.equal(judge({ code: 0, output: '  0 passing (1ms)\n' }), 'wine');
  });

  it('fails for tests that fail twice on their own, and reports in one line what was not run', () => {
    const good = { code: 0, output: '  1 passing (1s)\n' };
    const bad = { code: 1, output: '  1 failing\n' };
    const outcomes = new Map([
      ['good', [good]],
      ['unsure', [bad, good]],
      ['hung', [{ code: 1, output: '' }]],
      ['bad', [bad, bad]],
      ['late', [good]],
    ]);
    let runs = 0;
    const run = (): ReturnType<typeof runLeg> =>
      runLeg(
        [...outcomes.keys()],
        (file) => {
          runs += 1;
          return outcomes.get(file)?.shift() ?? good;
        },
        () => 6 - runs,
      );
    const verdicts = run();
    assert.equal(
      describeLeg(verdicts),
      'The Windows leg: 1 of 5 files passed; failed: 1 (bad); failed because of Wine: 2 (unsure, hung); not run, no time left: 1 (late).',
    );
    assert.equal(endsWell(verdicts), false);
    assert.equal(endsWell(new Map([...verdicts].filter(([file]) => file !== 'bad'))), true);
  });

  it('names existing files', () => {
    for (const file of KNOWN) assert.ok(existsSync(path.resolve(__dirname, '../..', file)), file);
  });
});
