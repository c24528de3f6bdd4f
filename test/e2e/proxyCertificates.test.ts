import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { processAuthority, untrustedAuthority } from '../support/azure';
import type { JobFolders } from '../support/agent/predefined';
import { assertFailed, assertSucceeded, assertWarns, usePackagedTask } from '../support/packagedTask';

const NOWHERE = {
  'Agent.WorkFolder': '/nowhere',
  'Agent.BuildDirectory': '/nowhere',
  'System.DefaultWorkingDirectory': '/nowhere',
  'Build.SourcesDirectory': '/nowhere',
  'Pipeline.Workspace': '/nowhere',
};

for (const handler of ['Node20_1', 'Node24'] as const) {
  describe(`Azure's certificates, on ${handler},`, () => {
    const task = usePackagedTask(handler);

    it("are trusted if the agent's authorities issued them, in addition to those of Node", async () => {
      const step = await task.prepare();
      const another = untrustedAuthority().caFile;
      const [asAgent, asNode, asNeither] = await Promise.all([
        step.run(),
        // Node keeps the authorities that a machine adds in one list with its own.
        step.run({}, { caFile: another, env: { NODE_EXTRA_CA_CERTS: step.azure.caFile } }),
        step.run({ sourceIp: '20.61.99.7' }, { caFile: another }),
      ]);
      assertSucceeded(asAgent);
      assertSucceeded(asNode);
      assertFailed(asNeither, 'JIT603', 'certificate');
    });
  });
}

describe("Azure's certificates", () => {
  const task = usePackagedTask();
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'certificates-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  for (const [certificate, said] of [
    ['untrusted', 'authority'],
    ['expired', 'expired'],
    ['wrong-name', 'a different name'],
  ] as const) {
    it(`end the step with JIT603 if one is ${certificate}, and are not tried twice`, async () => {
      const step = await task.prepare({ certificate });
      const run = await step.run({ sourceIp: '20.61.99.7' });
      assertFailed(run, 'JIT603', 'certificate', said);
      assert.doesNotMatch(run.rawStdout, /Trying again/);
      assert.deepEqual(step.azure.calls, []);
    });
  }

  it('are also checked if the agent and the environment say not to', async () => {
    const step = await task.prepare({ certificate: 'untrusted' });
    const run = await step.run(
      { sourceIp: '20.61.99.7' },
      {
        variables: { 'Agent.SkipCertValidation': 'True' },
        env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' },
      },
    );
    assertFailed(run, 'JIT603', 'certificate');
    assert.deepEqual(step.azure.calls, []);
  });

  for (const [what, make] of [
    ['is not there', (name: string) => name],
    ['is a folder', (name: string) => (mkdirSync(name), name)],
    ['holds something else', (name: string) => (writeFileSync(name, 'nothing'), name)],
  ] as const) {
    it(`are checked against Node's own authorities if the agent's file ${what}`, async () => {
      const step = await task.prepare();
      const caFile = make(path.join(folder, `${what.replaceAll(' ', '-')}.pem`));
      const env = { ...step.step().env, NODE_EXTRA_CA_CERTS: step.azure.caFile };
      const [known, unknown] = await Promise.all([
        step.run({ sourceIp: '20.61.99.7' }, { caFile, env }),
        step.run({ sourceIp: '20.61.99.7' }, { caFile, env: {} }),
      ]);
      assertSucceeded(known);
      assertFailed(unknown, 'JIT603', 'certificate');
      for (const run of [known, unknown]) assertWarns(run, caFile, '--sslcacert');
    });
  }

  it('are not checked against a file in the folders of the job, whatever path leads there', async () => {
    const { caPem } = processAuthority();
    const step = await task.prepare();
    const own = path.join(folder, 'link.pem');
    const put = (file: string): string => {
      writeFileSync(file, caPem);
      return file;
    };
    const places: readonly ((folders: JobFolders) => string)[] = [
      ({ sources }) => put(path.join(sources, 'ca.pem')),
      ({ temp }) => put(path.join(temp, 'ca.pem')),
      ({ work, root }) =>
        `${root}/home/../${path.basename(work)}/${path.basename(put(path.join(work, 'ca.pem')))}`,
      ({ sources }) => {
        symlinkSync(put(path.join(sources, 'linked.pem')), own);
        return own;
      },
    ];
    for (const place of places) {
      const run = await step.run(
        { sourceIp: '20.61.99.7' },
        { prepare: (folders) => ({ 'Agent.CAInfo': place(folders) }) },
      );
      assertFailed(run, 'JIT603', 'certificate');
      assertWarns(run, 'pem', '_work', '--sslcacert');
    }
    assert.deepEqual(step.azure.calls, []);
  });

  it('are not checked against a file in the folder of the step, whatever variables say about the folders', async () => {
    const step = await task.prepare();
    const run = await step.run(
      { sourceIp: '20.61.99.7' },
      {
        prepare: ({ sources }) => {
          const file = path.join(sources, 'ca.pem');
          writeFileSync(file, processAuthority().caPem);
          return { 'Agent.CAInfo': file, ...NOWHERE };
        },
      },
    );
    assertFailed(run, 'JIT603', 'certificate');
    assertWarns(run, 'ca.pem', '_work', '--sslcacert');
    assert.deepEqual(step.azure.calls, []);
  });

  it('are trusted with a file of several authorities', async () => {
    const step = await task.prepare();
    const caFile = path.join(folder, 'several.pem');
    writeFileSync(caFile, untrustedAuthority().caPem + processAuthority().caPem);
    assertSucceeded(await step.run({}, { caFile }));
  });
});
