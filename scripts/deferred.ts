import type { Plugin } from 'esbuild';
import { createRequire } from 'node:module';
import path from 'node:path';

/**
 * Packages that another one loads immediately, but that most runs never use: the signing of assertions, which only a
 * connection with a certificate needs, and the connection to a proxy.
 */
const SELDOM_USED = ['jsonwebtoken', 'http-proxy-agent', 'https-proxy-agent'];

const NAMESPACE = 'deferred';

/**
 * Loads CommonJS packages when one of their exports is used for the first time, instead of when they are imported. An
 * import of such a package returns an object with its names, each of which loads the package when it is read.
 */
export const deferred: Plugin = {
  name: NAMESPACE,
  setup(build) {
    const root = build.initialOptions.absWorkingDir ?? process.cwd();
    build.onResolve({ filter: new RegExp(`^(?:${SELDOM_USED.join('|')})$`) }, async (imported) => {
      if (imported.pluginData === NAMESPACE || imported.namespace === NAMESPACE) return undefined;
      const { importer, resolveDir } = imported;
      const kind = 'require-call';
      const found = await build.resolve(imported.path, { importer, resolveDir, kind, pluginData: NAMESPACE });
      if (found.errors.length > 0) return { errors: found.errors };
      return { path: path.relative(root, found.path).replaceAll('\\', '/'), namespace: NAMESPACE };
    });
    build.onLoad({ filter: /./, namespace: NAMESPACE }, ({ path: file }) => {
      const exported = createRequire(path.join(root, file))(`./${path.basename(file)}`) as object;
      const load = `require(${JSON.stringify(`./${path.basename(file)}`)})`;
      const names = Object.keys(exported).map(
        (name) => `get ${JSON.stringify(name)}() { return ${load}[${JSON.stringify(name)}]; }`,
      );
      const mark = '__esModule' in exported ? ['__esModule: true'] : [];
      return {
        contents: `module.exports = { ${[...mark, ...names].join(', ')} };`,
        resolveDir: path.dirname(path.join(root, file)),
      };
    });
  },
};
