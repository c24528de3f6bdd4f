import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { CONNECTION_ID } from '../support/scenario';
import {
  requestedPorts,
  assertFailed,
  assertSucceeded,
  assertWarns,
  usePackagedTask,
  warningsOf,
  type PackagedStep,
} from '../support/packagedTask';
import type { VariableValue } from '../support/agent/variables';

const kept = (value: string): VariableValue => ({ value, preserveCase: true });
const TASKS = ['JitOpenPorts', 'JitConfigurePolicy', 'JitReport'] as const;

/** Starts a server on this machine where an attacker listens. It records who connects. */
async function startListener(): Promise<{ server: Server; host: string; visits: string[] }> {
  const visits: string[] = [];
  const server = createServer((request, response) => {
    visits.push(request.url ?? '');
    response.end('{}');
  });
  server.on('connection', () => visits.push('connection'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, host: `localhost:${String((server.address() as AddressInfo).port)}`, visits };
}

describe('variables of the pipeline', () => {
  let attacker: Awaited<ReturnType<typeof startListener>>;
  let folder = '';
  beforeEach(async () => {
    attacker = await startListener();
    folder = mkdtempSync(path.join(os.tmpdir(), 'environment-'));
    writeFileSync(path.join(folder, 'token'), 'the-file-that-must-stay-here');
  });
  afterEach(() => {
    attacker.server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const name of TASKS) {
    describe(`for ${name}`, () => {
      const task = usePackagedTask('Node24', `tasks/${name}/${name}V1`);

      for (const kind of ['key', 'certificate', 'federation'] as const) {
        it(`do not redirect the sign-in with ${kind}`, async () => {
          const step = await task.prepare({ kind });
          const region = `${attacker.host}/x?y=`;
          const variables = {
            AZURE_REGIONAL_AUTHORITY_NAME: region,
            MSAL_FORCE_REGION: region,
            REGION_NAME: region,
            AZURE_AUTHORITY_HOST: `http://${attacker.host}`,
          };
          const run = await step.run({}, { variables });
          assertSucceeded(run);
          assertWarns(run, ...Object.keys(variables));
          assert.equal(warningsOf(run).filter((text) => text.includes('MSAL_FORCE_REGION')).length, 1);
          assert.deepEqual(attacker.visits, []);
          assert.equal(step.azure.callsTo('token').length, 1);
        });
      }

      it('do not send a file of the agent anywhere as a managed identity', async () => {
        const step = await task.prepare({ kind: 'system-assigned identity' });
        const run = await step.run(
          {},
          {
            variables: {
              AZURE_TENANT_ID: 'contoso.example',
              AZURE_CLIENT_ID: 'somebody',
              AZURE_FEDERATED_TOKEN_FILE: path.join(folder, 'token'),
              AZURE_AUTHORITY_HOST: `http://${attacker.host}`,
            },
          },
        );
        assertSucceeded(run);
        assertWarns(run, 'AZURE_FEDERATED_TOKEN_FILE');
        assert.deepEqual(attacker.visits, []);
      });

      for (const [what, variables] of [
        ['App Service', { IDENTITY_ENDPOINT: '', IDENTITY_HEADER: 'x' }],
        ['Arc', { IDENTITY_ENDPOINT: '', IMDS_ENDPOINT: '' }],
        ['Cloud Shell', { MSI_ENDPOINT: '' }],
        ['Service Fabric', { IDENTITY_ENDPOINT: '', IDENTITY_HEADER: 'x', IDENTITY_SERVER_THUMBPRINT: 'x' }],
        ['a pod identity', { azure_pod_identity_authority_host: '' }],
      ] as const) {
        it(`do not redirect the machine's identity to ${what}`, async () => {
          const step = await task.prepare({ kind: 'user-assigned identity' });
          const set = Object.entries(variables).map(([key, value]) => [
            key,
            value || `http://${attacker.host}/token`,
          ]);
          const run = await step.run({}, { variables: Object.fromEntries(set) as Record<string, string> });
          assert.deepEqual(attacker.visits, []);
          assertWarns(run, ...Object.keys(variables));
        });
      }

      it("do not affect the machine's own identity on App Service and in Cloud Shell", async () => {
        const url = `http://${attacker.host}/token`;
        for (const env of [{ IDENTITY_ENDPOINT: url, IDENTITY_HEADER: 'x' }, { MSI_ENDPOINT: url }]) {
          const step = await task.prepare({ kind: 'system-assigned identity' });
          const run = await step.run({}, { env });
          assert.equal(run.result, 'Failed', 'it gives no token');
          assert.deepEqual(warningsOf(run), []);
          assert.ok(attacker.visits.splice(0).length > 0, 'the endpoint of the machine is asked');
        }
      });

      it('do not redirect anything, and neither does the region that the machine names', async () => {
        const step = await task.prepare();
        const env = { AZURE_REGIONAL_AUTHORITY_NAME: attacker.host, MSAL_FORCE_REGION: 'westeurope' };
        const run = await step.run({}, { env });
        assertSucceeded(run);
        assert.deepEqual(warningsOf(run), []);
        assert.deepEqual(attacker.visits, []);
      });

      it('stop the step if two variables with the same name are read, and both are named', async () => {
        const pairs = [
          ['Agent.ProxyUrl', 'agent_proxyurl'],
          ['System.OidcRequestUri', 'System OidcRequestUri'],
          ['Agent.CAInfo', 'AGENT_cainfo'],
        ] as const;
        for (const [own, other] of pairs) {
          const step = await task.prepare({ kind: 'federation' });
          const given = own === 'Agent.ProxyUrl' ? { proxy: { url: `http://${attacker.host}` } } : {};
          const run = await step.run({}, { ...given, variables: { [other]: `http://${attacker.host}` } });
          assertFailed(run, 'JIT101', own, other);
          assert.deepEqual(step.azure.calls, []);
          assert.deepEqual(attacker.visits, []);
        }
      });
    });
  }

  const task = usePackagedTask();
  const succeeds = async (step: PackagedStep, more: Parameters<PackagedStep['run']>[1], inputs = {}) => {
    const run = await step.run(inputs, more);
    assertSucceeded(run);
    assert.deepEqual(attacker.visits, []);
    return run;
  };

  it('fill no input that was left empty', async () => {
    const step = await task.prepare();
    const variables = {
      INPUT_ipEchoUrls: kept(`https://${attacker.host}`),
      INPUT_policyName: kept('other'),
      input_justification: kept('because'),
      'Input.sourceIp': kept('*'),
      INPUT_duration: kept('24h'),
    };
    const run = await succeeds(step, { variables }, { justification: '', policyName: '' });
    assertWarns(run, ...Object.keys(variables));
    const [requested] = requestedPorts(step);
    assert.equal(requested?.allowedSourceAddressPrefix, step.azure.settings.seenAddress);
    assert.deepEqual(run.outputs['sourceAddresses'], step.azure.settings.seenAddress);
  });

  it('replace no input of a newer agent, and are named', async () => {
    const step = await task.prepare();
    const run = await succeeds(step, { variables: { INPUT_SOURCEIP: '*', 'input.duration': '24h' } });
    assertWarns(run, 'INPUT_SOURCEIP', 'input.duration');
    assert.equal(requestedPorts(step)[0]?.allowedSourceAddressPrefix, step.azure.settings.seenAddress);
  });

  it('stop a step of an older agent if they might have replaced an input', async () => {
    const step = await task.prepare();
    const older = { variablesLast: true };
    const run = await step.run({}, { ...older, variables: { 'input.sourceIp': '*' } });
    assertFailed(run, 'JIT101', 'input.sourceIp');
    assert.deepEqual(step.azure.calls, []);
    const honest = await succeeds(step, { ...older, variables: { INPUT_FILE: 'a.txt' } });
    assertWarns(honest, 'INPUT_FILE');
  });

  it('add nothing to the connection, in any case of its ID', async () => {
    const step = await task.prepare();
    const { activeDirectoryAuthority, ...data } = step.connection.data ?? {};
    const url = `https://${attacker.host}`;
    const connection = {
      ...step.connection,
      data: { ...data, environmentAuthorityUrl: activeDirectoryAuthority ?? '' },
    };
    const variables = {
      [`ENDPOINT_DATA_${CONNECTION_ID}_ACTIVEDIRECTORYAUTHORITY`]: kept(url),
      [`endpoint.data.${CONNECTION_ID}.environmentAuthorityUrl`]: kept(url),
      [`ENDPOINT_URL_${CONNECTION_ID}`]: kept(url),
      [`ENDPOINT_AUTH_${CONNECTION_ID.toUpperCase()}`]: kept('{"scheme":"ManagedServiceIdentity"}'),
    };
    const given = { connections: { 'my-connection': connection }, variables };
    const run = await succeeds(step, given);
    assertWarns(run, ...Object.keys(variables));
    const older = await step.run({}, { ...given, variablesLast: true });
    assertFailed(older, 'JIT101', `ENDPOINT_URL_${CONNECTION_ID}`);
  });

  it('add no certificate authority', async () => {
    const step = await task.prepare();
    const fixed = { sourceIp: '20.1.2.3' };
    const bare = { 'Agent.CAInfo': undefined };
    const extra = { NODE_EXTRA_CA_CERTS: step.azure.caFile };
    const variable = await step.run(fixed, { variables: { ...bare, ...extra } });
    assertFailed(variable, 'JIT603');
    assertWarns(variable, 'NODE_EXTRA_CA_CERTS');
    assertSucceeded(await step.run(fixed, { variables: bare, env: extra }));
  });

  it('enable no log that bypasses the filter', async () => {
    const step = await task.prepare();
    const logging = {
      ...{ DEBUG: '*', AZURE_LOG_LEVEL: 'verbose', TYPESPEC_RUNTIME_LOG_LEVEL: 'verbose' },
      NODE_DEBUG: 'http,https,net,tls,fetch,http_client',
    };
    const run = await succeeds(step, { variables: logging });
    assert.equal(run.rawStderr, '');
    assert.equal((await step.run({}, { env: logging })).rawStderr, '');
  });

  it('cause no warning if they have other names or are set by the agent', async () => {
    const step = await task.prepare();
    const variables = {
      MY_INPUT_x: 'a',
      'my.setting': 'b',
      AZURE_HTTP_USER_AGENT: 'c',
      pin: { value: 'very-secret', secret: true } as const,
    };
    assert.deepEqual(warningsOf(await succeeds(step, { variables })), []);
  });
});

/** Node 20 uses the certificate authorities of the system only with a command-line option. */
describe('variables of the pipeline that Node 24 reads', () => {
  const task = usePackagedTask('Node24');

  it("add no certificate authority of the system, or of a file that replaces the system's", async () => {
    const step = await task.prepare();
    const fixed = { sourceIp: '20.1.2.3' };
    const bare = { 'Agent.CAInfo': undefined };
    const folder = path.dirname(step.azure.caFile);
    for (const file of [{ SSL_CERT_FILE: step.azure.caFile }, { SSL_CERT_DIR: folder }]) {
      const run = await step.run(fixed, { variables: { ...bare, ...file, NODE_USE_SYSTEM_CA: '1' } });
      assertFailed(run, 'JIT603');
      assertWarns(run, 'NODE_USE_SYSTEM_CA', ...Object.keys(file));
      // Either variable alone, together with the setting of the machine.
      const [name = ''] = Object.keys(file);
      const partly = await step.run(fixed, {
        variables: { ...bare, ...file },
        env: { NODE_USE_SYSTEM_CA: '1' },
      });
      assertFailed(partly, 'JIT603');
      assertWarns(partly, name);
    }
  });
});
