import assert from 'node:assert/strict';
import { createSecureContext } from 'node:tls';
import { parsePrefixes } from '../../../tasks/shared/core/prefixes';
import { connectAzure } from '../../../tasks/shared/azure/azure';
import { createJitGateway } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/azure/jitGateway';
import { RequestError } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/azure/requestError';
import { systemClock } from '../../../tasks/shared/host/clock';
import { createRoutes } from '../../../tasks/shared/host/routes';
import { ProxyRefusedError } from '../../../tasks/shared/messages/routes';
import { DEFAULT_SUBSCRIPTION, startAzure, type SimulatedAzure } from '../../support/azure';
import { startProxy, type Proxy } from '../../support/proxy/proxy';
import { anyPort } from '../../support/scenario';

const limit = { signal: new AbortController().signal, remainingMs: () => 30_000 };

describe('a request for access that a proxy refuses to forward', () => {
  let azure: SimulatedAzure;
  let proxy: Proxy;
  beforeEach(async () => {
    [azure, proxy] = await Promise.all([startAzure(), startProxy()]);
  });
  afterEach(() => Promise.all([azure.close(), proxy.close()]));

  /** All other calls are sent directly. `onPause` is called for each pause before a retry. */
  async function request(onPause = (): void => undefined) {
    const secret = 'unit-test-only';
    const { tenantId, clientId } = azure.addPrincipal({ secret });
    const routes = createRoutes(
      () => ({ url: proxy.url, username: undefined, password: undefined }),
      createSecureContext({ ca: azure.caPem }),
    );
    const arm = connectAzure({
      connection: {
        id: 'unit',
        cloud: { name: 'AzureStack', known: false },
        identity: { kind: 'secret', tenantId, clientId, secret },
        armUrl: azure.url,
        audience: azure.settings.armAudience,
        authorityUrl: azure.authorityUrl,
        subscriptionId: DEFAULT_SUBSCRIPTION,
      },
      routes: {
        direct: routes.direct,
        asAgent: (url) => (url.includes('/initiate') ? routes.asAgent(url) : routes.direct(url)),
      },
      oidc: { url: undefined, home: '', jobToken: undefined },
      clock: systemClock,
      announce: onPause,
      onVersion: () => undefined,
      onSecret: () => undefined,
      signal: limit.signal,
    });
    const jit = createJitGateway(arm, systemClock);
    const vm = azure.addVm({ name: 'web-01' });
    azure.addPolicy({ name: 'jit', vms: [{ vm, ports: [anyPort(22)] }] });
    const [policy] = await jit.listPolicies(DEFAULT_SUBSCRIPTION, vm.resourceGroup, limit);
    const [listed] = policy?.vms ?? [];
    assert.ok(policy && listed);
    const port = {
      vm: listed.vm,
      port: 22,
      sources: parsePrefixes(['20.1.2.3']),
      endsAt: arm.azureNow() + 600_000,
    };
    return jit.initiate(policy, { ports: [port], justification: '' }, limit);
  }

  for (const status of [201, 202, 404, 403]) {
    it(`was not sent, regardless of the proxy's response: ${status}`, async () => {
      const body = JSON.stringify({ virtualMachines: [], startTimeUtc: '2026-01-01T00:00:00Z' });
      proxy.mood = { status, headers: { 'Content-Type': 'application/json' }, body };
      await assert.rejects(request(), (error) => {
        assert.ok(error instanceof RequestError);
        assert.ok(error.cause instanceof ProxyRefusedError && error.cause.status === status);
        return !error.mayBeOpen;
      });
      assert.deepEqual(azure.callsTo('initiate'), []);
    });
  }

  it('is sent once if the proxy recovers', async () => {
    proxy.mood = 'bad gateway';
    const granted = await request(() => {
      proxy.mood = 'tunnel';
    });
    assert.equal(granted.ports.length, 1);
    assert.equal(azure.callsTo('initiate').length, 1);
  });
});
