import assert from 'node:assert/strict';
import { createFlowGateway } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/azure/flowGateway';
import { ForbiddenError } from '../../tasks/shared/core/errors';
import type { Clock, Limit } from '../../tasks/shared/core/limits';
import { DEFAULT_SUBSCRIPTION, startAzure, type SimulatedAzure, type Vm } from '../support/azure';
import { createCaller } from '../support/azure/caller';
import { createMicrosoftClients } from '../support/azure/microsoftClients';
import { aLimit, connectTo } from './beds';
import { rejects, toId } from './expecting';

const RESULT = 'Microsoft.Network/locations/operationResults/read';

describe('a delayed IP flow verify result', () => {
  let azure: SimulatedAzure;
  let vm: Vm;
  let watcher: string;
  let connected: ReturnType<typeof connectTo>;
  /** The pauses that the gateway requested before each poll. Azure's clock advances instead. */
  let pauses: number[];

  beforeEach(async () => {
    azure = await startAzure({ settings: { verdictMs: 5000 } });
    vm = azure.addVm({ name: 'web-01' });
    watcher = azure.addWatcher();
    connected = connectTo(azure);
    pauses = [];
  });
  afterEach(async () => {
    await azure.close();
    azure.assertNoViolations();
  });

  const clock: Clock = {
    now: () => performance.now(),
    sleep: (ms) => {
      pauses.push(ms);
      azure.advance(ms);
      return Promise.resolve();
    },
  };
  const verify = (limit: Limit = aLimit()) =>
    createFlowGateway(connected.arm, clock).verify(
      watcher,
      {
        ...{ vm: toId(vm), nicId: vm.nicIds[0] ?? '', privateIpAddress: vm.privateIp },
        ...{ port: 22, protocol: 'TCP', source: '20.50.1.7' },
      },
      limit,
    );

  it('is read from the location in each response, which has a new signature each time', async () => {
    assert.deepEqual(await verify(), { access: 'Deny', ruleName: 'DefaultRule_DenyAllInBound' });
    const looks = azure.callsTo('flowResult');
    assert.deepEqual(
      looks.map(({ status }) => status),
      [202, 202, 200],
    );
    assert.equal(new Set(looks.map(({ query }) => query['s'])).size, 3);
    assert.deepEqual(pauses, [2000, 2000, 2000]);
    assert.deepEqual(
      azure.callsTo('ipFlowVerify').map(({ body }) => body),
      [
        {
          ...{ targetResourceId: vm.id, targetNicResourceId: vm.nicIds[0], direction: 'Inbound' },
          ...{ protocol: 'TCP', localPort: '22', remotePort: '*' },
          ...{ localIPAddress: vm.privateIp, remoteIPAddress: '20.50.1.7' },
        },
      ],
    );
  });

  /** Returns a response that requests a pause before the result is polled at a location without a result. */
  const laterAt = (retryAfterSeconds: number) => ({
    ...{ status: 202, body: 'null', retryAfterSeconds },
    headers: { location: `${azure.url}/nowhere`, 'content-type': 'application/json' },
  });

  it('is polled after the pause that Azure requests', async () => {
    azure.faults.next('ipFlowVerify', laterAt(7));
    await assert.rejects(verify());
    assert.deepEqual(pauses, [7000]);
    azure.forget();
  });

  it("is polled after the task's own pause if Azure requests none", async () => {
    azure.faults.next('ipFlowVerify', laterAt(0));
    await assert.rejects(verify());
    assert.deepEqual(pauses, [2000]);
    azure.forget();
  });

  it('is abandoned at once if Azure requests more time than remains', async () => {
    for (const seconds of [31, 99_999_999_999]) {
      azure.faults.next('ipFlowVerify', laterAt(seconds));
      await rejects(verify(), 'JIT601');
    }
    assert.deepEqual([pauses, azure.callsTo('flowResult')], [[], []]);
  });

  it('requires a permission of its own, which is named', async () => {
    connected.principal.forbid(RESULT);
    await assert.rejects(verify(), (error: unknown) => {
      assert.ok(error instanceof ForbiddenError);
      assert.deepEqual([error.action, error.scope], [RESULT, `/subscriptions/${DEFAULT_SUBSCRIPTION}`]);
      return true;
    });
  });

  it('is JIT604 without a location, with a location elsewhere, and with any other value than allowed or denied', async () => {
    const headers = { 'content-type': 'application/json' };
    const answers = [
      { status: 202, body: 'null', headers },
      { status: 202, body: 'null', headers: { ...headers, location: 'somewhere' } },
      { status: 202, body: 'null', headers: { ...headers, location: 'https://elsewhere.example/x' } },
      { status: 202, body: '<html>', headers: { location: `${azure.url}/x`, 'content-type': 'text/html' } },
      ...['null', '{}', '[]', '{"access":"Perhaps"}', '{"access":7}', '{"access":"Allow","ruleName":[]}'].map(
        (body) => ({ status: 200, body, headers }),
      ),
    ];
    for (const answer of answers) {
      azure.faults.next('ipFlowVerify', answer);
      await rejects(verify(), 'JIT604');
    }
    assert.deepEqual(azure.callsTo('flowResult'), []);
    azure.faults.next('ipFlowVerify', { status: 200, body: '{"access":"allow","ruleName":null}', headers });
    assert.deepEqual(await verify(), { access: 'Allow' });
  });

  it('matches what Microsoft’s own client reads', async () => {
    const { token } = await createCaller(azure, connected.principal);
    const { network } = createMicrosoftClients(azure, token, DEFAULT_SUBSCRIPTION);
    azure.settings.verdictMs = 1;
    const found = await network.networkWatchers.beginVerifyIPFlowAndWait(
      'NetworkWatcherRG',
      'NetworkWatcher_westeurope',
      {
        ...{ targetResourceId: vm.id, direction: 'Inbound', protocol: 'TCP' },
        ...{ localPort: '22', remotePort: '*' },
        ...{ localIPAddress: vm.privateIp, remoteIPAddress: '20.50.1.7' },
      },
      { updateIntervalInMs: 1 },
    );
    const { access, ruleName } = await verify();
    assert.deepEqual([found.access, found.ruleName], [access, ruleName]);
  });
});
