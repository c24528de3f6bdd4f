import assert from 'node:assert/strict';
import { createBench, HOUR_MS, JIT_VERSION, portIn, requestIn, type Bench } from '../../support/azure/bench';
import { startAzure, type Principal, type SimulatedAzure, type Vm } from '../../support/azure';

describe('just-in-time access of the simulated Azure', () => {
  let azure: SimulatedAzure;
  let deployer: Principal;
  let bench: Bench;
  let vm: Vm;

  before(async () => {
    const clock = (): number => Date.UTC(2026, 2, 3, 10);
    azure = await startAzure({
      clock,
      settings: { ruleDelayMs: 4000, initiatingMs: 2000, tokenLifeSeconds: 86_400 },
    });
    deployer = azure.addPrincipal({ secret: 'right' });
  });
  after(() => azure.close());
  beforeEach(async () => {
    azure.forget();
    deployer.permissions = [{ actions: ['*'] }];
    bench = await createBench(azure, deployer);
    vm = bench.vm;
  });
  afterEach(() => {
    Object.assign(azure.settings, {
      supersession: 'vm+port+source',
      honoursEarlyEnd: true,
      acceptsPrefixLists: true,
      ruleBlockedByLock: false,
    });
  });

  it('returns 202 with the request, and updates status and rule later', async () => {
    const reply = await bench.initiate({ allowedSourceAddressPrefix: '20.1.2.3' });
    assert.equal(reply.status, 202);
    const port = portIn(reply);
    assert.equal(port?.status, 'Initiating');
    assert.equal(port.allowedSourceAddressPrefix, '20.1.2.3');
    assert.match(requestIn(reply).startTimeUtc, /^2026-03-03T.*\.\d{7}Z$/);
    assert.equal(requestIn(reply).requestor, '');
    assert.deepEqual(bench.openFor(), []);

    azure.advance(2000);
    const own = (await bench.readPolicy()).requests.find(
      ({ startTimeUtc }) => startTimeUtc === requestIn(reply).startTimeUtc,
    );
    assert.equal(own?.virtualMachines[0]?.ports[0]?.status, 'Initiated');
    assert.deepEqual(bench.openFor(), []);
    azure.advance(2000);
    assert.deepEqual(bench.openFor(), [['20.1.2.3']]);
    assert.equal(vm.subnetNsg?.jitAllowRules().length, 1);
  });

  it('names its rules like the service, for the private address, with the allow rule before the deny rule', async () => {
    await bench.initiate({ allowedSourceAddressPrefix: '20.1.2.3' });
    azure.advance(4000);
    const [allow, deny] = vm.nicNsg?.rules() ?? [];
    assert.match(allow?.name ?? '', /^MicrosoftDefenderForCloud-JITRule--?\d+-[0-9A-F]{32}$/);
    assert.match(deny?.name ?? '', /^MicrosoftDefenderForCloud-JITRule_-?\d+_[0-9A-F]{32}$/);
    assert.deepEqual([allow?.priority, deny?.priority], [100, 4096]);
    assert.deepEqual([allow?.destinations, deny?.destinations], [[vm.privateIp], [vm.privateIp]]);
    assert.deepEqual(deny?.destinationPorts, ['22', '3389']);
    assert.match(allow?.description ?? '', /initiation request for policy 'default' of VM 'web-01'/);
  });

  it('removes the rule at the end, and marks the request as expired', async () => {
    const reply = await bench.initiate({ allowedSourceAddressPrefix: '20.1.2.3' });
    azure.advance(HOUR_MS);
    assert.deepEqual(bench.openFor(), []);
    const own = (await bench.readPolicy()).requests.find(
      ({ startTimeUtc }) => startTimeUtc === requestIn(reply).startTimeUtc,
    );
    assert.equal(own?.virtualMachines[0]?.ports[0]?.statusReason, 'Expired');
    assert.deepEqual(bench.policy.liveGrants(), []);
  });

  it('grants the address that it detects if the request names none', async () => {
    assert.equal(portIn(await bench.initiate({}))?.allowedSourceAddressPrefix, azure.settings.seenAddress);
  });

  it('accepts a list of sources, or ignores it like a service that does not know it', async () => {
    const list = { allowedSourceAddressPrefixes: ['20.1.2.3', '20.1.2.4'] };
    assert.deepEqual(portIn(await bench.initiate(list))?.allowedSourceAddressPrefixes, [
      '20.1.2.3',
      '20.1.2.4',
    ]);
    azure.settings.acceptsPrefixLists = false;
    assert.equal(portIn(await bench.initiate(list))?.allowedSourceAddressPrefix, azure.settings.seenAddress);
    azure.assertNoViolations();
  });

  describe('with a newer request for the same port', () => {
    const requestTwice = async (second: object): Promise<readonly (readonly string[])[]> => {
      await bench.initiate({ allowedSourceAddressPrefix: '20.1.2.3' });
      azure.advance(5000);
      await bench.initiate(second);
      azure.advance(5000);
      return bench.openFor();
    };
    const other = { allowedSourceAddressPrefix: '20.9.9.9' };
    const nearEnd = () => ({ allowedSourceAddressPrefix: '20.1.2.3', endTimeUtc: bench.inMs(3000 + 5000) });

    it('from another source does not affect the older one if the source belongs to the key', async () => {
      assert.deepEqual(await requestTwice(other), [['20.1.2.3'], ['20.9.9.9']]);
    });
    it('from another source replaces the older one if the source does not belong to the key', async () => {
      azure.settings.supersession = 'vm+port';
      assert.deepEqual(await requestTwice(other), [['20.9.9.9']]);
      const reasons = JSON.stringify((await bench.readPolicy()).requests);
      assert.match(reasons, /"status":"Revoked","statusReason":"NewerRequestInitiated"/);
    });
    it('with an earlier end closes the port', async () => {
      assert.deepEqual(await requestTwice(nearEnd()), []);
    });
    it('with an earlier end shortens the older one if nothing is replaced', async () => {
      azure.settings.supersession = 'none';
      assert.deepEqual(await requestTwice(nearEnd()), []);
    });
    it('with an earlier end changes nothing if earlier ends are ignored', async () => {
      azure.settings.honoursEarlyEnd = false;
      assert.deepEqual(await requestTwice(nearEnd()), [['20.1.2.3']]);
    });
  });

  it('never writes the rule if the security groups are locked, but still reports Initiated', async () => {
    azure.settings.ruleBlockedByLock = true;
    await bench.initiate({ allowedSourceAddressPrefix: '20.1.2.3' });
    azure.advance(10_000);
    assert.deepEqual(bench.openFor(), []);
    assert.equal(bench.policy.liveGrants().length, 1);
  });

  it('maps the port behind Azure Firewall', async () => {
    const ports = [{ number: 22, protocol: '*', sources: '*', maxRequestAccessDuration: 'PT1H' }];
    const firewalled = azure.addPolicy({ name: 'fw', vms: [{ vm, ports, publicIpAddress: '20.7.7.7' }] });
    const body = {
      virtualMachines: [{ id: vm.id, ports: [{ number: 22, endTimeUtc: bench.inMs(HOUR_MS) }] }],
    };
    const reply = await bench.initiateWith(body, firewalled.id);
    assert.equal(typeof portIn(reply)?.mappedPort, 'number');
    assert.match(
      (await bench.caller.ask('GET', `${firewalled.id}?${JIT_VERSION}`)).text,
      /"publicIpAddress":"20\.7\.7\.7"/,
    );
  });

  it('keeps entries from weeks ago, in no order, and requests of other people', async () => {
    bench.policy.requestByOther({
      vm,
      port: 22,
      sources: ['20.8.8.8'],
      durationMs: HOUR_MS,
      justification: 'by hand',
    });
    await bench.initiate({ allowedSourceAddressPrefix: '20.1.2.3' });
    const { requests } = await bench.readPolicy();
    const starts = requests.map(({ startTimeUtc }) => startTimeUtc);
    assert.notDeepEqual(starts, [...starts].sort());
    assert.notDeepEqual(starts, [...starts].sort().reverse());
    assert.ok(
      requests.some(({ startTimeUtc }) => Date.parse(startTimeUtc) < azure.now() - 14 * 24 * HOUR_MS),
    );
    assert.ok(requests.some(({ requestor }) => requestor === 'ben@contoso.com'));
  });

  it('returns IDs in another case than they were created in', async () => {
    const id = requestIn(await bench.initiate({})).virtualMachines[0]?.id;
    assert.notEqual(id, vm.id);
    assert.equal(id?.toLowerCase(), vm.id.toLowerCase());
  });
});
