import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { startForwarder, type Forwarder } from '../../scripts/live/record/forwarder';
import { createCaller } from '../support/azure/caller';
import { startScenario, type Scenario } from '../support/scenario';

const run = promisify(execFile);
const isInstalled = spawnSync('az', ['version']).status === 0;

/** `npm run test:az`: compares the simulation with Microsoft's CLI. Each command takes seconds. */
if (!isInstalled) console.log('The az CLI is not installed: its answers were not compared.');
else
  describe('the az CLI with the simulated Azure', function () {
    this.timeout(120_000);
    let scenario: Scenario;
    let forwarder: Forwarder;
    let folder: string;

    async function az(...args: readonly string[]): Promise<unknown> {
      const { stdout } = await run('az', [...args, '--output', 'json'], {
        env: {
          ...process.env,
          AZURE_CONFIG_DIR: folder,
          AZURE_CORE_COLLECT_TELEMETRY: 'false',
          REQUESTS_CA_BUNDLE: forwarder.caFile,
        },
      });
      return stdout.trim() === '' ? undefined : (JSON.parse(stdout) as unknown);
    }

    before(async () => {
      folder = mkdtempSync(path.join(tmpdir(), 'az-'));
      scenario = await startScenario({ settings: { ruleDelayMs: 0, initiatingMs: 0 } });
      const { azure, principal } = scenario;
      const { token } = await createCaller(azure, principal);
      // The CLI signs in with Active Directory Federation Services if the authority ends like this. It then trusts any
      // host.
      forwarder = await startForwarder({
        ...{ armUrl: azure.url, ca: azure.caPem },
        token: () => Promise.resolve(token),
      });
      await az(
        ...['cloud', 'register', '--name', 'simulated', '--endpoint-resource-manager', forwarder.armUrl],
        ...['--endpoint-active-directory', `${forwarder.authorityUrl}/adfs`],
        ...['--endpoint-active-directory-resource-id', azure.settings.armAudience],
        ...['--endpoint-management', forwarder.armUrl, '--endpoint-gallery', forwarder.armUrl],
        ...['--endpoint-active-directory-graph-resource-id', forwarder.armUrl],
      );
      await az('cloud', 'set', '--name', 'simulated');
    });
    after(async () => {
      await forwarder.close();
      await scenario.azure.close();
      rmSync(folder, { recursive: true });
      scenario.azure.assertNoViolations();
    });

    it('signs in and sees the subscription', async () => {
      const { vm, principal } = scenario;
      const accounts = await az(
        ...['login', '--service-principal', '--tenant', 'adfs'],
        ...['--username', principal.clientId, '--password', 'any'],
      );
      assert.deepEqual(
        (accounts as readonly { readonly id: string }[]).map(({ id }) => id),
        [vm.subscriptionId],
      );
    });

    it('lists and shows the policy', async () => {
      const { vm, policy } = scenario;
      const place = ['--resource-group', vm.resourceGroup];
      const listed = (await az('security', 'jit-policy', 'list', ...place)) as readonly Policy[];
      assert.deepEqual(
        listed.map(({ name }) => name),
        [policy.name],
      );
      const shown = (await az(
        ...['security', 'jit-policy', 'show', ...place, '--location', vm.location, '--name', policy.name],
      )) as Policy;
      assert.deepEqual(
        shown.virtualMachines[0]?.ports.map(({ number, maxRequestAccessDuration }) => [
          number,
          maxRequestAccessDuration,
        ]),
        [
          [22, 'PT3H'],
          [3389, 'PT3H'],
        ],
      );
    });

    it('requests access, and reads the resulting rule', async () => {
      const { vm, policy, azure } = scenario;
      const file = path.join(folder, 'request.json');
      const endTimeUtc = new Date(azure.now() + 600_000).toISOString();
      const port = { number: 22, allowedSourceAddressPrefix: '20.50.7.8', endTimeUtc };
      writeFileSync(
        file,
        JSON.stringify({ virtualMachines: [{ id: vm.id, ports: [port] }], justification: 'By the CLI' }),
      );
      const rest = (method: string, id: string, version: string, ...more: readonly string[]) =>
        az('rest', '--method', method, '--uri', `${forwarder.armUrl}${id}?api-version=${version}`, ...more);
      const made = (await rest('post', `${policy.id}/initiate`, '2020-01-01', '--body', `@${file}`)) as Made;
      assert.equal(made.virtualMachines[0]?.ports[0]?.allowedSourceAddressPrefix, '20.50.7.8');
      const group = (await rest('get', vm.nicNsg?.id ?? '', '2022-01-01')) as Group;
      const rules = group.properties.securityRules.filter(({ properties }) => properties.access === 'Allow');
      assert.deepEqual(
        rules.map(({ properties: one }) => [one.sourceAddressPrefix ?? one.sourceAddressPrefixes?.[0]]),
        [['20.50.7.8']],
      );
    });

    it('reads the request in the Activity Log', async () => {
      const { vm, azure } = scenario;
      const start = new Date(azure.now() - 3_600_000).toISOString();
      const entries = (await az(
        ...['monitor', 'activity-log', 'list', '--resource-group', vm.resourceGroup, '--start-time', start],
      )) as readonly Entry[];
      const found = entries.filter(({ operationName }) => operationName.value.endsWith('/initiate/action'));
      assert.ok(found.length >= 2, JSON.stringify(entries));
      assert.ok(found.some(({ properties }) => properties?.['justification'] === 'By the CLI'));
    });
  });

interface Policy {
  readonly name: string;
  readonly virtualMachines: readonly {
    readonly ports: readonly { readonly number: number; readonly maxRequestAccessDuration: string }[];
  }[];
}

interface Made {
  readonly virtualMachines: readonly {
    readonly ports: readonly { readonly allowedSourceAddressPrefix: string }[];
  }[];
}

interface Group {
  readonly properties: {
    readonly securityRules: readonly {
      readonly properties: {
        readonly access: string;
        readonly sourceAddressPrefix?: string;
        readonly sourceAddressPrefixes?: readonly string[];
      };
    }[];
  };
}

interface Entry {
  readonly operationName: { readonly value: string };
  readonly properties?: Readonly<Record<string, string>>;
}
