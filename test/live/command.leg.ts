import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, existsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EXPERIMENTS } from '../../scripts/live/experiments';
import { parseSession } from '../../scripts/live/record/session';
import { startAzure, type SimulatedAzure, type Vm } from '../support/azure';
import { parseFindings } from '../support/azure/findings';
import { ROOT } from '../support/docs/documents';

const QUESTION = EXPERIMENTS.find(({ fact }) => fact === 'rule-places')?.question ?? 'no question';

const SECRET = 'the-secret-of-the-live-kit';

interface Ended {
  readonly code: number | null;
  readonly text: string;
}

describe('npm run live', () => {
  let azure: SimulatedAzure;
  let vm: Vm;
  let folder: string;
  let env: Record<string, string>;
  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'live-'));
    azure = await startAzure({ settings: { ruleDelayMs: 0, updatingMs: 0 } });
    vm = azure.addVm({ name: 'web-01', subnetNsg: true });
    const { tenantId, clientId } = azure.addPrincipal({ secret: SECRET });
    env = {
      ...{ PATH: process.env['PATH'] ?? '', NODE_EXTRA_CA_CERTS: azure.caFile },
      ...{ AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId, AZURE_CLIENT_SECRET: SECRET },
    };
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true });
    azure.assertNoViolations();
    await azure.close();
  });

  function run(
    more: readonly string[],
    onLine: (line: string, stop: () => void) => void = () => undefined,
  ): Promise<Ended> {
    const cloud = ['--resource-manager', azure.url, '--authority', azure.authorityUrl];
    const args = ['--vm', vm.id, '--port', '22', ...cloud, '--audience', azure.settings.armAudience, ...more];
    const child = spawn(
      process.execPath,
      [
        '--import',
        path.join(ROOT, 'node_modules/tsx/dist/loader.mjs'),
        path.join(ROOT, 'scripts/live.ts'),
        ...args,
      ],
      { cwd: folder, env },
    );
    let text = '';
    const hear = (chunk: Buffer): void => {
      text += chunk.toString();
      onLine(chunk.toString(), () => child.kill('SIGINT'));
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    return new Promise((resolve) =>
      child.once('close', (code) => {
        resolve({ code, text });
      }),
    );
  }

  const writes = () => azure.callsTo('policy.put', 'policy.delete', 'initiate', 'rule.delete');

  it('shows what it would do, and does nothing without --yes', async () => {
    const { code, text } = await run([]);
    assert.equal(code, 0, text);
    assert.equal(writes().length, 0);
    for (const part of [vm.id, 'jit-live-kit', 'supersession', 'Costs:', '--yes'])
      assert.ok(text.includes(part), text);
    assert.ok(!existsSync(path.join(folder, 'live-report.md')));
  });

  it('determines the facts that are named, and writes both files', async () => {
    const { code, text } = await run(['--yes', '--only', 'contained-sources,ends']);
    assert.equal(code, 0, text);
    const findings = parseFindings(readFileSync(path.join(folder, 'live-findings.json'), 'utf8'));
    assert.deepEqual(
      findings.map(({ fact, stand }) => [fact, stand]),
      [
        ['contained-sources', 'settled'],
        ['ends', 'settled'],
      ],
    );
    const report = readFileSync(path.join(folder, 'live-report.md'), 'utf8');
    for (const foreign of [SECRET, vm.subscriptionId, vm.resourceGroup])
      assert.ok(!report.includes(foreign), foreign);
    assert.ok(!text.includes(SECRET));
  });

  it('restores everything on Ctrl-C', async function () {
    if (process.platform === 'win32') return;
    // The rule is never written, so the experiment waits when it is interrupted.
    azure.settings.ruleDelayMs = Infinity;
    const { code, text } = await run(['--yes', '--only', 'rule-places'], (line, stop) => {
      if (line.includes(QUESTION)) setTimeout(stop, 300);
    });
    assert.equal(code, 0, text);
    assert.ok(text.includes('Interrupted'), text);
    assert.equal(azure.callsTo('policy.delete').length, 1);
    assert.ok((vm.nicNsg?.rules() ?? []).length === 0);
  });

  it('cleans up after a run that was aborted', async () => {
    const port = { number: 61001, protocol: 'TCP', sources: '*', maxRequestAccessDuration: 'PT1H' };
    const policy = azure.addPolicy({ name: 'jit-live-kit', vms: [{ vm, ports: [port] }] });
    policy.requestByOther({ vm, port: 61001, sources: ['198.18.0.51'], durationMs: 600_000 });
    const { code, text } = await run(['--clean-up']);
    assert.equal(code, 0, text);
    assert.deepEqual(vm.nicNsg?.rules(), []);
    assert.equal(azure.callsTo('policy.delete')[0]?.status, 200);
  });

  it('reports all errors in its arguments', async () => {
    const { code, text } = await run([
      '--port',
      '70000',
      '--only',
      'nonsense',
      '--outside-plan',
      'web-01',
      '--input',
      'x',
    ]);
    assert.equal(code, 1);
    for (const part of ['--port', 'nonsense', '--outside-plan', '--input'])
      assert.ok(text.includes(part), text);
    assert.equal(azure.calls.length, 0);
  });

  it('records a run of the task with only --yes', async () => {
    azure.settings.initiatingMs = 0;
    const port = { number: 22, protocol: 'TCP', sources: '*', maxRequestAccessDuration: 'PT1H' };
    azure.addPolicy({ vms: [{ vm, ports: [port] }] });
    const file = path.join(folder, 'session.json');
    const wanted = ['--record', file, '--input', 'closeAtJobEnd=false', '--input', 'waitTimeout=5s'];
    const shown = await run(wanted);
    assert.equal(shown.code, 0, shown.text);
    assert.ok(!existsSync(file));
    const { code, text } = await run([...wanted, '--yes']);
    assert.equal(code, 0, text);
    const session = parseSession(readFileSync(file, 'utf8'));
    assert.equal(session.result.result, 'Succeeded', text);
    assert.equal(session.inputs['ports'], '22');
    assert.ok(!JSON.stringify(session).includes(vm.subscriptionId));
  });

  it('signs in with a federated token', async () => {
    const id = '7d0f1f52-0a3c-4a74-9d5a-3d1f3f0f0001';
    const { issuer, subject } = azure.addConnection({ id });
    const { tenantId, clientId } = azure.addPrincipal({ federated: { issuer, subject } });
    const tokenFile = path.join(folder, 'token');
    writeFileSync(tokenFile, `${await oidcToken(azure, id)}\n`);
    env = {
      ...env,
      AZURE_TENANT_ID: tenantId,
      AZURE_CLIENT_ID: clientId,
      AZURE_FEDERATED_TOKEN_FILE: tokenFile,
    };
    delete env['AZURE_CLIENT_SECRET'];
    const { code, text } = await run([]);
    assert.equal(code, 0, text);
  });
});

async function oidcToken(azure: SimulatedAzure, connection: string): Promise<string> {
  const { send } = await import('../support/azure/caller');
  const reply = await send(azure, `${azure.oidcUrl}?api-version=7.1&serviceConnectionId=${connection}`, {
    method: 'POST',
    headers: {
      ...{ authorization: `Bearer ${azure.job.accessToken}`, 'content-type': 'application/json' },
      'x-tfs-fedauthredirect': 'Suppress',
    },
    body: '',
  });
  return (JSON.parse(reply.text) as { readonly oidcToken: string }).oidcToken;
}
