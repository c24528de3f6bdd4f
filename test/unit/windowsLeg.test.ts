import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ESBUILD_WASM } from '../../scripts/windows/packages';

describe('the Windows leg', () => {
  it('puts an esbuild of the same version in the place of the one that it cannot run', () => {
    const text = readFileSync(path.resolve(__dirname, '../../package.json'), 'utf8');
    const { devDependencies } = JSON.parse(text) as { devDependencies: Record<string, string> };
    assert.equal(ESBUILD_WASM.version, devDependencies['esbuild']);
  });
});
