import assert from 'node:assert/strict';
import { parsePrefix } from '../../tasks/shared/core/prefixes';
import type { Inventory } from '../../tasks/JitReport/JitReportV1/src/azure/inventory';
import { START } from '../support/fakes/fakeContext';
import { aReportWorkflow, coverOf, EVERYBODY, FAR } from './reportWorkflow';
import { anyPort, HOUR, MINUTE } from './workflow';

/** Delays every call, and counts the calls and the maximum number in progress. */
function slowly(inventory: Inventory, sleep: () => Promise<void>) {
  const seen = { most: 0, calls: 0 };
  let now = 0;
  const held = async <T>(work: () => Promise<T>): Promise<T> => {
    seen.calls += 1;
    seen.most = Math.max(seen.most, ++now);
    await sleep();
    return work().finally(() => {
      now -= 1;
    });
  };
  const slow = new Proxy(inventory, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function' || name === 'azureNow') return method;
      return (...args: unknown[]): unknown => {
        const isPages = !/^(?:vm|nic|vnet|securityGroup)$/.test(String(name));
        const start = () => Reflect.apply(method, target, args) as unknown;
        if (!isPages) return held(() => start() as Promise<unknown>);
        return (async function* () {
          const pages = (start() as AsyncIterable<unknown>)[Symbol.asyncIterator]();
          for (;;) {
            const page = await held(() => pages.next());
            if (page.done) return;
            yield page.value;
          }
        })();
      };
    },
  });
  return { slow, seen };
}

describe('a report', () => {
  it('shows coverage, what is open now, and who requested it, for everything in the scope', async () => {
    const { azure, vm, policy, run, world: context } = aReportWorkflow();
    azure.addVm({ name: 'closed-01', subnet: 'b' });
    azure.addVm({ name: 'open-01', subnet: 'c' }).nicNsg?.addRule(EVERYBODY);
    azure.addAssessment({ vm, status: 'Healthy' });
    const requested = { vm, port: 22, sources: ['20.9.9.9'], requestor: 'ana@contoso.com' };
    policy.addPastRequest({ ...requested, agoMs: 2 * HOUR, durationMs: HOUR });
    policy.addPastRequest({ ...requested, agoMs: 8 * 24 * HOUR, durationMs: HOUR });
    policy.requestByOther({ ...requested, durationMs: HOUR });
    const report = await run();
    assert.deepEqual(coverOf(report), {
      'closed-01': 'notConfigured',
      'open-01': 'notConfigured',
      'web-01': 'configured',
    });
    const { counts } = report;
    assert.deepEqual(
      [
        counts.recommended,
        counts.liveRequests,
        counts.standingPorts,
        counts.openPorts,
        counts.openToInternet,
      ],
      [1, 1, 1, 2, 1],
    );
    assert.deepEqual(
      report.requests.map(({ found, who, ports }) => [found, who, ports[0]?.state]),
      [
        ['both', 'ana@contoso.com', 'live'],
        ['both', 'ana@contoso.com', 'ended'],
      ],
    );
    const web = report.vms.find(({ name }) => name === 'web-01');
    assert.deepEqual(
      [web?.requests, web?.lastUser, web?.lastUse],
      [2, 'ana@contoso.com', report.requests[0]?.time],
    );
    assert.deepEqual([web?.defender?.status, web?.ports[0]?.maxDuration], ['Healthy', 'PT3H']);
    assert.equal(report.liveRequests[0]?.rules, 'open');
    assert.deepEqual(report.gaps, []);
    assert.deepEqual(context.texts('warning').length, 1, 'of the port that is open to all');
  });

  it('counts a port once for each VM, however it is open', async () => {
    const { policy, vm, run } = aReportWorkflow();
    vm.nicNsg?.addRule(EVERYBODY);
    policy.requestByOther({ vm, port: 22, sources: ['20.9.9.9'], durationMs: HOUR });
    policy.requestByOther({ vm, port: 22, sources: ['20.9.9.8'], durationMs: HOUR });
    const { counts } = await run();
    assert.deepEqual([counts.liveRequests, counts.standingPorts, counts.openPorts], [2, 1, 1]);
  });

  for (const protocols of [
    ['TCP', 'UDP'],
    ['UDP', 'TCP'],
  ] as const) {
    it(`counts a port as open because of the rule for TCP if a policy has it for ${protocols.join(' and ')}`, async () => {
      const { azure, run } = aReportWorkflow();
      const vm = azure.addVm({ name: 'db-01', subnet: 'b' });
      const ports = protocols.map((protocol) => anyPort(4433, { protocol }));
      const policy = azure.addPolicy({ name: 'jit-db', vms: [{ vm, ports }] });
      policy.requestByOther({ vm, port: 4433, sources: ['20.9.9.9'], durationMs: HOUR });
      const { counts, liveRequests } = await run();
      assert.deepEqual(
        liveRequests.map(({ port, rules }) => [port, rules]),
        [[4433, 'open']],
      );
      assert.equal(counts.openPorts, 1);
    });
  }

  it('covers the scope and nothing around it', async () => {
    const { azure, vm, policy, run } = aReportWorkflow();
    const near = azure.addVm({ name: 'near-01' });
    const apart = azure.addVm({ name: 'apart-01', resourceGroup: 'rg-app-2' });
    const both = azure.addPolicy({
      ...{ name: 'near', oldRequests: false },
      vms: [{ vm: near, ports: [anyPort(22)] }],
    });
    const far = azure.addPolicy({
      name: 'far',
      vms: [{ vm: apart, ports: [anyPort(22)] }],
      oldRequests: false,
    });
    const requested = { port: 22, sources: ['20.9.9.9'], durationMs: HOUR };
    policy.requestByOther({ ...requested, vm });
    both.requestByOther({ ...requested, vm: near });
    far.requestByOther({ ...requested, vm: apart });
    const names = async (scope: string) => {
      const { vms, liveRequests, requests } = await run({ scope });
      const lists = [vms.map(({ name }) => name), liveRequests.map(({ vmName }) => vmName)];
      return [...lists, requests.map(({ vmName }) => vmName ?? 'none')].map((list) => list.toSorted().join());
    };
    const same = (list: string) => [list, list, list];
    assert.deepEqual(await names(vm.id.toUpperCase()), same('web-01'));
    assert.deepEqual(await names('RG-APP'), same('near-01,web-01'));
    assert.deepEqual(await names('rg-app-2, rg-app/web-01'), same('apart-01,web-01'));
    assert.deepEqual(await names(''), same('apart-01,near-01,web-01'));
  });

  it("counts its days by Azure's clock", async () => {
    const { world: context, policy, vm, azure, run } = aReportWorkflow();
    const ahead = START + 400 * 24 * HOUR;
    await context.clock.sleep(5 * HOUR, context.signal);
    policy.addPastRequest({ vm, port: 22, sources: ['20.1.1.1'], agoMs: 2 * HOUR, durationMs: HOUR });
    const report = await run({ days: '1' });
    assert.deepEqual(report.period, {
      from: new Date(START + 5 * HOUR - 24 * HOUR).toISOString(),
      to: new Date(START + 5 * HOUR).toISOString(),
      days: 1,
    });
    assert.equal(report.requests.length, 1);
    const later = await run({ days: '1' }, { ...azure.inventory, azureNow: () => ahead });
    assert.deepEqual([later.generatedAt, later.requests.length], [new Date(ahead).toISOString(), 0]);
  });

  it('queries the log for the period that it keeps, and until shortly after now', async () => {
    const { azure, run } = aReportWorkflow();
    const requested: number[][] = [];
    const inventory: Inventory = {
      ...azure.inventory,
      calls(id, from, to, limit) {
        requested.push([START - from, to - START]);
        return azure.inventory.calls(id, from, to, limit);
      },
    };
    await run({ days: '90' }, inventory);
    await run({ days: '1' }, inventory);
    const [[longest = 0, past = 0] = [], [day] = []] = requested;
    assert.ok(longest < 90 * 24 * HOUR && longest > 89 * 24 * HOUR, String(longest));
    assert.ok(past > 0 && past <= 5 * MINUTE, String(past));
    assert.equal(day, 24 * HOUR);
  });

  it('has at most four calls in progress at the same time', async () => {
    for (const scope of ['', Array.from({ length: 12 }, (_none, at) => `rg-${String(at)}`).join()]) {
      const { azure, world: context, run } = aReportWorkflow();
      for (let at = 0; at < 12; at++) {
        const resourceGroup = `rg-${String(at)}`;
        azure.addVm({ name: `vm-${String(at)}`, resourceGroup, nicNsg: at % 3 > 0 });
      }
      const { slow, seen } = slowly(azure.inventory, () => context.clock.sleep(100, context.signal));
      const report = await run({ scope }, { ...slow, among: () => slow });
      assert.deepEqual([seen.most, report.gaps, report.vms.length], [4, [], scope ? 12 : 13], scope);
      assert.ok(context.clock.now() < seen.calls * 100, 'more than one at a time');
    }
  });

  it('reads no complete lists if the scope has only groups or VMs', async () => {
    const { azure, vm, run, count } = aReportWorkflow();
    azure.addVm({ name: 'other-01', resourceGroup: 'rg-other', subnetNsg: true });
    await run({ scope: `rg-other,${vm.id}` });
    for (const kind of ['nics.list', 'nsgs.list', 'vnets.list', 'firewalls.list'] as const) {
      assert.equal(count(kind), 0, kind);
    }
    assert.deepEqual([count('nic'), count('vnet'), count('nsg')], [2, 2, 3]);
    await run();
    assert.deepEqual([count('nic'), count('vnet'), count('nsg')], [2, 2, 3]);
  });

  it('reads firewalls only if a VM has no NSG', async () => {
    const { azure, run, count } = aReportWorkflow();
    await run();
    assert.equal(count('firewalls.list'), 0);
    const bare = azure.addVm({ name: 'bare-01', nicNsg: false, vnet: 'vnet-bare' });
    const hub = azure.addVm({ name: 'hub-01', vnet: 'vnet-hub' });
    const nat = { destinationAddresses: ['20.4.0.4'], destinationPorts: ['2222'] };
    azure.addFirewall({
      besides: hub,
      natRules: [{ name: 'ssh', ...nat, translatedAddress: bare.privateIp, translatedPort: '22' }],
    });
    assert.equal(coverOf(await run())['bare-01'], 'unsupported');
    azure.peerNetworks(bare, hub);
    const report = await run();
    assert.equal(coverOf(report)['bare-01'], 'notConfigured');
    assert.deepEqual(
      report.standingPorts.map(({ vmName, rules }) => [vmName, rules[0]?.attachedTo]),
      [['bare-01', 'firewall']],
    );
  });

  it('does not follow a network that contains no VM', async () => {
    const { azure, run } = aReportWorkflow();
    const elsewhere = `/subscriptions/${FAR}/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v`;
    const endpoint = {
      ...{ id: '/subscriptions/x/nic', securityGroupId: undefined },
      addresses: [
        {
          ...{
            privateIpAddress: parsePrefix('10.9.0.4'),
            subnetId: `${elsewhere}/subnets/s`,
            applicationGroupIds: [],
          },
          publicIpId: undefined,
        },
      ],
    };
    const inventory: Inventory = {
      ...azure.inventory,
      async *nics(id, limit) {
        yield [endpoint];
        yield* azure.inventory.nics(id, limit);
      },
    };
    assert.deepEqual((await run({}, inventory)).gaps, []);
  });
});
