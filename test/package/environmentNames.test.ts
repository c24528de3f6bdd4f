import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ENVIRONMENT_NAMES } from '../../tasks/shared/host/environmentNames';
import { READ_FORMS } from '../../tasks/shared/host/variables';
import { builtVsix } from '../support/agent/builtPackage';
import { unpack } from '../support/agent/unpack';
import { findEnvironmentReads, type EnvironmentReads } from '../support/environmentReads';

/** Variables that the agent itself sets for a task, in addition to variables that are read. */
const AGENTS = [
  /^(?:ENDPOINT|SECUREFILE|VSTS)_/,
  /^(?:SECRET_)?AGENT_(?:CLIENTCERTPASSWORD|PROXYPASSWORD|PROXYURL|VERSION)$/,
  /^COMMAND_CORRELATION_ID$/,
  /^SYSTEM_UNSAFEALLOWMULTILINESECRET$/,
  /^TF_BUILD$/,
];
/** Variables that only Node reads. */
const OF_NODE = ['NODE_TLS_REJECT_UNAUTHORIZED', 'NODE_USE_SYSTEM_CA', 'SSL_CERT_DIR', 'SSL_CERT_FILE'];

describe('the environment variables of the packed programs', () => {
  const reads = new Map<string, EnvironmentReads>();
  before(async function () {
    this.timeout(120_000);
    const folder = await mkdtemp(path.join(os.tmpdir(), 'reads-'));
    const files = await unpack(builtVsix(), folder);
    for (const file of files.filter((name) => name.endsWith('.js') && !name.endsWith('/post.js'))) {
      const found = findEnvironmentReads(await readFile(path.join(folder, file), 'utf8'));
      const task = path.dirname(file);
      const before = reads.get(task) ?? { names: new Set<string>(), computed: 0, whole: 0 };
      reads.set(task, {
        names: new Set([...before.names, ...found.names]),
        computed: before.computed + found.computed,
        whole: before.whole + found.whole,
      });
    }
    await rm(folder, { recursive: true });
  });

  it('have a decision for each name', () => {
    assert.equal(reads.size, 3);
    const decided = new Set([...ENVIRONMENT_NAMES.map(({ name }) => name), ...READ_FORMS]);
    for (const [file, { names }] of reads) {
      const others = [...names].filter((name) => !decided.has(name) && !AGENTS.some((own) => own.test(name)));
      assert.deepEqual(others, [], file);
    }
  });

  it('include every name in the list, so that the list has no obsolete names', () => {
    for (const [file, { names }] of reads) {
      const gone = ENVIRONMENT_NAMES.filter(({ name }) => !names.has(name) && !OF_NODE.includes(name));
      assert.deepEqual(gone, [], file);
    }
  });

  it('are read in no new place by a computed name, or as a whole', () => {
    // A change means that a library reads them in a new place: check it, and then change the number.
    for (const [file, { computed, whole }] of reads) assert.deepEqual([computed, whole], [39, 7], file);
  });
});

describe('the search for environment variables', () => {
  for (const program of [
    'process.env.NAME',
    'process.env["NAME"]',
    'lib.default.env.NAME',
    'const { NAME: a } = process.env;',
    'var e; ((e = process.env) == null ? void 0 : e.NAME)',
    'function f() { let e = process.env; return g(e.NAME); }',
    'var s = "NAME"; process.env[s]',
    'var keys = { NAME: "NAME" }; process.env[keys.NAME]',
    'function read(n) { return process.env[n] || process.env[n.toLowerCase()]; } read("NAME")',
  ]) {
    it(`finds ${program}`, () => {
      assert.deepEqual([...findEnvironmentReads(program).names], ['NAME']);
    });
  }

  it('counts computed names, and uses of the whole environment', () => {
    const { computed, whole } = findEnvironmentReads('process.env[f()]; g(process.env)');
    assert.deepEqual([computed, whole], [1, 1]);
  });
});
