import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pack } from '../../scripts/pack';
import { ROOT } from '../../scripts/stage';
import { documentNamed } from '../../tasks/shared/messages/documents';
import { createAgent, type Agent } from '../support/agent/agent';
import { assertFailed, usePackagedTask } from '../support/packagedTask';
import { startScenario } from '../support/scenario';

const READ = 'Microsoft.Security/locations/jitNetworkAccessPolicies/read';
const ALL_READ = 'Microsoft.Security/locations/jitNetworkAccessPolicies/*/read';

describe('a message that refers to a document', () => {
  const task = usePackagedTask();
  const packageJson = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
    version: string;
    repository?: unknown;
  };

  it('names the section of the Marketplace page in a package without a repository', async () => {
    // A fork that names its repository has the URL instead, as tested below.
    if (packageJson.repository !== undefined) return;
    const step = await task.prepare();
    step.principal.forbid(READ, ALL_READ);
    assertFailed(await step.run(), 'JIT301', documentNamed('roles'));
  });

  describe('in a package with a repository', () => {
    let folder: string;
    let agent: Agent;

    before(async () => {
      folder = mkdtempSync(path.join(os.tmpdir(), 'documents-'));
      const { vsix } = await pack(folder, { repository: 'https://github.com/somebody/jit' });
      agent = await createAgent({ vsix, handler: 'Node20_1' });
    });
    after(async () => {
      await agent.dispose();
      rmSync(folder, { recursive: true, force: true });
    });

    it('names its URL at the tag of the version', async () => {
      const scenario = await startScenario();
      try {
        scenario.principal.forbid(READ, ALL_READ);
        const run = await agent.run(scenario.step({}));
        const address = `https://github.com/somebody/jit/blob/v${packageJson.version}/{file}`;
        assertFailed(run, 'JIT301', documentNamed('roles', address));
      } finally {
        await scenario.close();
      }
    });
  });
});
