import assert from 'node:assert/strict';
import { build } from 'esbuild';
import { createRequire } from 'node:module';
import vm from 'node:vm';
import { deferred } from '../../scripts/deferred';
import { ROOT } from '../../scripts/stage';

/** Bundles a module with this code, and runs it. `loaded` lists the Node modules that it has loaded so far. */
async function run(code: string): Promise<{ exports: Record<string, () => unknown>; loaded: string[] }> {
  const { outputFiles } = await build({
    ...{ absWorkingDir: ROOT, bundle: true, platform: 'node', format: 'cjs', write: false },
    stdin: { contents: code, resolveDir: ROOT },
    plugins: [deferred],
  });
  const load = createRequire(__filename);
  const loaded: string[] = [];
  const module = { exports: {} };
  const require = (name: string): unknown => {
    loaded.push(name);
    return load(name) as unknown;
  };
  vm.runInNewContext(outputFiles[0]?.text ?? '', { module, require, process, Buffer });
  return { exports: module.exports, loaded };
}

describe('a deferred package', () => {
  it('runs when a part of it is used, and not before', async () => {
    const { exports, loaded } = await run(
      `import jwt from 'jsonwebtoken'; export const sign = () => jwt.sign({ of: 'a test' }, 'key');`,
    );
    assert.equal(loaded.length, 0);
    assert.match(String(exports['sign']?.()), /^[^.]+\.[^.]+\.[^.]+$/);
    assert.ok(loaded.includes('crypto'));
  });

  it('is loaded as one package, regardless of the number of uses and the kind of import', async () => {
    const { exports, loaded } = await run(
      `import { HttpsProxyAgent } from 'https-proxy-agent';
       import * as all from 'https-proxy-agent';
       const required = require('https-proxy-agent');
       export const classes = () => [HttpsProxyAgent, all.HttpsProxyAgent, required.HttpsProxyAgent];`,
    );
    assert.equal(loaded.length, 0);
    const [one, ...others] = exports['classes']?.() as unknown[];
    assert.equal(typeof one, 'function');
    assert.deepEqual(
      others.map((other) => other === one),
      [true, true],
    );
  });
});
