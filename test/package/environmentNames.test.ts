import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ENVIRONMENT_NAMES } from '../../tasks/shared/host/environmentNames';
import { READ_FORMS } from '../../tasks/shared/host/variables';
import { builtVsix } from '../support/agent/builtPackage';
import { unpack } from '../support/agent/unpack';
import { findEnvironmentReads, type EnvironmentReads } from '../support/environmentReads';

/** What the agent itself sets for a task, beyond variables that are read. */
const AGENTS = [
  /^(?:ENDPOINT|SECUREFILE|VSTS)_/,
  /^(?:SECRET_)?AGENT_(?:CLIENTCERT|PROXY)PASSWORD$/,
  /^COMMAND_CORRELATION_ID$/,
  /^SYSTEM_UNSAFEALLOWMULTILINESECRET$/,
  /^TF_BUILD$/,
];
/** Texts that share their short name in the packed programs with one that is read. */
const NO_NAMES = ['SIGTERM', 'open', 'pre'];
/** Read by Node alone. */
const OF_NODE = ['NODE_TLS_REJECT_UNAUTHORIZED'];

describe('the environment that the packed programs read', () => {
  const reads = new Map<string, EnvironmentReads>();
  before(async function () {
    this.timeout(120_000);
    const folder = await mkdtemp(path.join(os.tmpdir(), 'reads-'));
    const files = await unpack(builtVsix(), folder);
    for (const file of files.filter((name) => name.endsWith('index.js'))) {
      reads.set(file, findEnvironmentReads(await readFile(path.join(folder, file), 'utf8')));
    }
    await rm(folder, { recursive: true });
  });

  it('has no name that nobody has decided about', () => {
    assert.equal(reads.size, 3);
    const decided = new Set([...ENVIRONMENT_NAMES.map(({ name }) => name), ...READ_FORMS, ...NO_NAMES]);
    for (const [file, { names }] of reads) {
      const others = [...names].filter((name) => !decided.has(name) && !AGENTS.some((own) => own.test(name)));
      assert.deepEqual(others, [], file);
    }
  });

  it('has every name of the list, so that the list tells no tales', () => {
    for (const [file, { names }] of reads) {
      const gone = ENVIRONMENT_NAMES.filter(({ name }) => !names.has(name) && !OF_NODE.includes(name));
      assert.deepEqual(gone, [], file);
    }
  });

  it('is read nowhere else in a way that cannot be followed', () => {
    // The agent's library reads variables by a name made up from theirs (3), and lists what it puts into its vault;
    // lists for `debug_`, the environment of programs that are never started, and the cleaning take it whole.
    for (const [file, { unknown, whole }] of reads) assert.deepEqual([unknown, whole], [3, 7], file);
  });
});

describe('the search for reads of the environment', () => {
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

  it('counts what it cannot follow, and the whole', () => {
    const { unknown, whole } = findEnvironmentReads('process.env[f()]; g(process.env)');
    assert.deepEqual([unknown, whole], [1, 1]);
  });
});
