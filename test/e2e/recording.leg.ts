import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { localConnection, record } from '../../scripts/live/record/record';
import { parseSession, type Session } from '../../scripts/live/record/session';
import { createScrubber } from '../../scripts/live/scrub/scrubber';
import { createAgent, type Agent } from '../support/agent/agent';
import { builtVsix } from '../support/agent/builtPackage';
import type { Run } from '../support/agent/step';
import type { Settings } from '../support/azure';
import { createCaller } from '../support/azure/caller';
import { startReplay } from '../support/live/replay';
import { startScenario, type Scenario } from '../support/scenario';

const SOURCE = '20.50.7.8';
const SESSIONS = path.resolve(__dirname, '../sessions');
const AUDIENCE = 'https://management.core.windows.net/';

describe('a recorded run', () => {
  let agent: Agent;
  before(async () => {
    agent = await createAgent({ vsix: builtVsix(), handler: 'Node20_1' });
  });
  after(() => agent.dispose());

  /** Records a run against the simulated Azure. */
  async function recordAt(
    settings: Partial<Settings>,
    prepare: (scenario: Scenario) => void = () => undefined,
    more: (scenario: Scenario) => Readonly<Record<string, string>> = () => ({}),
  ): Promise<{ session: Session; run: Run; foreign: readonly string[] }> {
    const scenario = await startScenario({ settings: { ruleDelayMs: 0, initiatingMs: 0, ...settings } });
    prepare(scenario);
    const { azure, vm, principal, policy } = scenario;
    try {
      const { token } = await createCaller(azure, principal);
      const { session, run } = await record({
        ...{
          agent,
          armUrl: azure.url,
          ca: azure.caPem,
          audience: AUDIENCE,
          subscriptionId: vm.subscriptionId,
        },
        token: () => Promise.resolve(token),
        inputs: {
          vmResourceId: vm.id,
          ports: '22',
          duration: '10m',
          sourceIp: SOURCE,
          waitTimeout: '3s',
          ...more(scenario),
        },
        scrubber: createScrubber(azure.secrets()),
      });
      azure.assertNoViolations();
      const foreign = [
        vm.name,
        vm.resourceGroup,
        vm.subscriptionId,
        vm.privateIp,
        policy.name,
        SOURCE,
        azure.url,
      ];
      return { session, run, foreign: [...foreign, vm.publicIp ?? SOURCE, ...azure.secrets()] };
    } finally {
      await azure.close();
    }
  }

  /** Runs the task again against the recording. */
  async function replay(session: Session): Promise<{ run: Run; asked: readonly string[] }> {
    const server = await startReplay(session);
    try {
      const run = await agent.run({
        inputs: { azureSubscription: 'replayed', ...session.inputs },
        connections: { replayed: localConnection(server.url, server.url, session.subscriptionId, AUDIENCE) },
        caFile: server.caFile,
      });
      assert.deepEqual(server.strange, []);
      return { run, asked: server.asked };
    } finally {
      await server.close();
    }
  }

  const codeOf = ({ message }: Run): string => /^(JIT\d+):/.exec(message)?.[1] ?? '';

  it('contains nothing that identifies whose Azure it was', async () => {
    const { session, foreign } = await recordAt({ changesIdCase: true });
    const text = JSON.stringify(session).toLowerCase();
    for (const one of foreign) assert.ok(!text.includes(one.toLowerCase()), `${one} is in ${text}`);
    assert.ok(session.calls.length > 5);
  });

  it('has the same result when it is replayed', async () => {
    const { session, run } = await recordAt({});
    assert.equal(run.result, 'Succeeded', run.log.join('\n'));
    const again = await replay(session);
    assert.equal(again.run.result, 'Succeeded', again.run.log.join('\n'));
    assert.equal(again.run.outputs['host'], session.result.outputs['host']);
    assert.equal(again.run.outputs['sourceAddresses'], session.result.outputs['sourceAddresses']);
    const initiates = (asked: readonly string[]) => asked.filter((one) => one.endsWith('/initiate')).length;
    assert.equal(initiates(again.asked), 1);
  });

  it('requires no address service in the replay if it used the agent’s own address', async () => {
    const { session, run } = await recordAt(
      {},
      () => undefined,
      ({ azure }) => ({
        sourceIp: 'agent',
        ipEchoUrls: azure.echoUrls.join('\n'),
      }),
    );
    assert.equal(run.result, 'Succeeded', run.log.join('\n'));
    assert.match(session.inputs['sourceIp'] ?? '', /^20\.\d+\.\d+\.\d+$/);
    assert.equal((await replay(session)).run.result, 'Succeeded');
  });

  it('fails again with the same code if it failed', async () => {
    const { session, run } = await recordAt({}, ({ vm }) => {
      vm.nicNsg?.addRule({ name: 'nobody', priority: 100, access: 'Deny' });
    });
    assert.equal(codeOf(run), 'JIT702', run.log.join('\n'));
    assert.equal(codeOf((await replay(session)).run), 'JIT702');
  });

  it('is refused again if Azure refused it', async () => {
    const { session, run } = await recordAt({}, ({ principal }) => {
      principal.forbid('Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action');
    });
    assert.equal(codeOf(run), 'JIT301', run.log.join('\n'));
    const again = await replay(session);
    assert.equal(codeOf(again.run), 'JIT301');
    assert.ok(again.run.message.includes('initiate/action'));
  });

  for (const file of readdirSync(SESSIONS).filter((name) => name.endsWith('.json'))) {
    it(`ends with its recorded result: ${file}`, async () => {
      const session = parseSession(readFileSync(path.join(SESSIONS, file), 'utf8'));
      const { run } = await replay(session);
      assert.deepEqual(
        [run.result, codeOf(run)],
        [session.result.result, session.result.code],
        run.log.join('\n'),
      );
    });
  }

  it('is rejected if it has another format', () => {
    for (const text of ['', '{}', '{"format":2,"calls":[]}'])
      assert.throws(() => parseSession(text), /format/);
  });
});
