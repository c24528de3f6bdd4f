import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { processAuthority, untrustedAuthority } from '../support/azure';
import { assertFailed, assertSucceeded, usePackagedTask } from '../support/packagedTask';

describe('the certificates of Azure', () => {
  const task = usePackagedTask();
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'certificates-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("are trusted by the agent's authorities, in addition to those of Node", async () => {
    const stage = await task.stage();
    const another = untrustedAuthority().caFile;
    const [asAgent, asNode] = await Promise.all([
      stage.run(),
      stage.run({}, { caFile: another, env: { NODE_EXTRA_CA_CERTS: stage.azure.caFile } }),
    ]);
    assertSucceeded(asAgent);
    assertSucceeded(asNode);
  });

  for (const [certificate, said] of [
    ['untrusted', 'authority'],
    ['expired', 'expired'],
    ['wrong-name', 'another name'],
  ] as const) {
    it(`end the step with JIT603 when one is ${certificate}, and are not tried twice`, async () => {
      const stage = await task.stage({ certificate });
      const run = await stage.run({ sourceIp: '20.61.99.7' });
      assertFailed(run, 'JIT603', 'certificate', said);
      assert.doesNotMatch(run.rawStdout, /trying again/);
      assert.deepEqual(stage.azure.calls, []);
    });
  }

  it('are checked also where the agent and the environment say not to', async () => {
    const stage = await task.stage({ certificate: 'untrusted' });
    const run = await stage.run(
      { sourceIp: '20.61.99.7' },
      {
        variables: { 'Agent.SkipCertValidation': 'True' },
        env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' },
      },
    );
    assertFailed(run, 'JIT603', 'certificate');
    assert.deepEqual(stage.azure.calls, []);
  });

  it('cannot be checked with a file that is not there: the step fails and names it', async () => {
    const stage = await task.stage();
    const caFile = path.join(folder, 'gone.pem');
    assertFailed(await stage.run({}, { caFile }), 'JIT603', 'gone.pem');
  });

  it('are trusted with a file of several authorities', async () => {
    const stage = await task.stage();
    const caFile = path.join(folder, 'several.pem');
    writeFileSync(caFile, untrustedAuthority().caPem + processAuthority().caPem);
    assertSucceeded(await stage.run({}, { caFile }));
  });
});
