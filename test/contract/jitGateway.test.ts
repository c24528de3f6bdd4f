import assert from 'node:assert/strict';
import { read, type Written } from '../support/written';
import { parsePrefix, parsePrefixes, textsOf } from '../../tasks/shared/core/prefixes';
import type { Policy } from '../../tasks/shared/core/policy';
import { ForbiddenError } from '../../tasks/shared/core/errors';
import type { InitiatePort } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/requestBody';
import { DEFAULT_SUBSCRIPTION, type PolicyHandle, type Vm } from '../support/azure';
import { aLimit, BEDS, type Bed } from './beds';
import { forbids, refuses, rejects, toId } from './expecting';

const HOUR = 3_600_000;
const JIT = 'Microsoft.Security/locations/jitNetworkAccessPolicies';

for (const [kind, start] of BEDS) {
  describe(`the just-in-time gateway ${kind}`, () => {
    let bed: Bed;
    let vm: Vm;
    let handle: PolicyHandle;
    const list = (group = 'rg-app') => bed.jit.listPolicies(DEFAULT_SUBSCRIPTION, group, aLimit());
    const thePolicy = async (): Promise<Policy> => {
      const found = (await list()).find(({ name }) => name === 'jit-web');
      assert.ok(found);
      return found;
    };
    const requested = (given: Partial<Written<InitiatePort>> = {}) =>
      read<InitiatePort>({
        vm: toId(vm),
        port: 22,
        endsAt: bed.now() + HOUR,
        sources: ['20.50.1.7'],
        ...given,
      });
    const initiate = async (...ports: readonly InitiatePort[]) =>
      bed.jit.initiate(await thePolicy(), { ports, justification: 'contract' }, aLimit());

    beforeEach(async () => {
      bed = await start();
      vm = bed.addVm({ name: 'web-01', subnetNsg: true });
      const rdp = { number: 3389, sources: ['20.50.0.0/16', '20.60.1.2'], protocol: 'TCP' };
      handle = bed.addPolicy({
        name: 'jit-web',
        vms: [
          {
            vm,
            ports: [
              { number: 22, protocol: '*', sources: '*', maxRequestAccessDuration: 'PT3H' },
              { ...rdp, maxRequestAccessDuration: 'PT1H30M' },
            ],
          },
        ],
      });
    });
    afterEach(() => bed.close());

    it('reads a policy with its VMs, ports, and requests', async () => {
      const policy = await thePolicy();
      assert.equal(policy.id.toLowerCase(), handle.id.toLowerCase());
      assert.equal(policy.location, 'westeurope');
      assert.equal(policy.vms[0]?.vm.key, vm.id.toLowerCase());
      assert.deepEqual(policy.vms[0].ports, [
        { port: 22, protocol: '*', sources: parsePrefixes(['*']), maxDurationMs: 3 * HOUR },
        {
          port: 3389,
          protocol: 'TCP',
          sources: parsePrefixes(['20.50.0.0/16', '20.60.1.2']),
          maxDurationMs: 1.5 * HOUR,
        },
      ]);
      assert.equal(policy.requests.length, handle.requests().length);
      assert.deepEqual(
        new Set(policy.requests.flatMap(({ ports }) => ports.map(({ status }) => status))),
        new Set(['Revoked', 'Initiated']),
      );
    });

    it('lists the policies of this group only, from all pages', async () => {
      for (const name of ['a', 'b', 'c', 'd']) bed.addPolicy({ name, vms: [{ vm, ports: [] }] });
      bed.addPolicy({ name: 'z', vms: [{ vm: bed.addVm({ name: 'x', resourceGroup: 'rg-b' }), ports: [] }] });
      assert.deepEqual((await list('RG-APP')).map(({ name }) => name).sort(), [
        'a',
        'b',
        'c',
        'd',
        'jit-web',
      ]);
    });

    it('returns an empty list for a group without policies', async () => {
      bed.addVm({ name: 'lonely', resourceGroup: 'rg-lonely' });
      assert.deepEqual(await list('rg-lonely'), []);
    });

    it('does not find a missing group', async () => {
      await rejects(list('rg-nowhere'), 'JIT406');
    });

    it('names the action and the scope if policies are forbidden', async () => {
      bed.principal.forbid(`${JIT}/read`);
      const group = `/subscriptions/${DEFAULT_SUBSCRIPTION}/resourceGroups/rg-app`;
      await forbids(list(), `${JIT}/read`, group);
    });

    it('reads one policy, regardless of case', async () => {
      const policy = await thePolicy();
      const named = (name: string) => ({ ...policy, name, id: policy.id.replace(/[^/]+$/, name) });
      const same = await bed.jit.getPolicy(named('JIT-WEB'), aLimit());
      assert.equal(same.vms.length, 1);
      await rejects(bed.jit.getPolicy(named('other'), aLimit()), 'JIT406');
    });

    it("calculates Azure's time from a response", async () => {
      bed.advance(HOUR);
      await list();
      assert.ok(Math.abs(bed.jit.azureNow() - bed.now()) < 5000);
    });

    it('returns what was granted, from the response and from the policy', async () => {
      const wish = requested();
      const granted = await initiate(wish);
      assert.equal(granted.justification === '' || granted.justification === 'contract', true);
      const [port] = granted.ports;
      assert.equal(granted.ports.length, 1);
      assert.equal(port?.vm.key, vm.id.toLowerCase());
      assert.deepEqual([port.port, textsOf(port.sources), port.status], [22, ['20.50.1.7'], 'Initiating']);
      assert.ok(Math.abs(port.endsAt - wish.endsAt) < 1000);
      const kept = (await thePolicy()).requests.find(({ startedAt }) => startedAt === granted.startedAt);
      assert.deepEqual(kept?.ports[0]?.sources, port.sources);
      assert.equal(kept.justification, 'contract');
      bed.advance(1000);
      const later = (await thePolicy()).requests.find(({ startedAt }) => startedAt === granted.startedAt);
      assert.equal(later?.ports[0]?.status, 'Initiated');
    });

    it('requests several ports of several VMs at once', async () => {
      const other = bed.addVm({ name: 'web-02' });
      const ports = [{ number: 22, protocol: '*', sources: '*', maxRequestAccessDuration: 'PT3H' }];
      const both = bed.addPolicy({ name: 'both', vms: [vm, other].map((of) => ({ vm: of, ports })) });
      const policy = (await list()).find(({ name }) => name === 'both');
      const wishes = [requested(), requested({ vm: toId(other) })];
      const granted = await bed.jit.initiate(policy!, { ports: wishes, justification: '' }, aLimit());
      assert.equal(granted.ports.length, 2);
      assert.equal(both.liveGrants().length, 2);
      assert.equal(bed.initiates(), 1);
    });

    it('requests a list of sources, and is granted all of them', async () => {
      const sources = ['20.50.0.0/16', '20.60.1.2'];
      const granted = await initiate(requested({ port: 3389, sources }));
      assert.deepEqual(granted.ports[0]?.sources, parsePrefixes(sources));
      assert.deepEqual(handle.liveGrants()[0]?.sources, sources);
    });

    it('is granted the address that Azure determines if it names none', async () => {
      const granted = await initiate(requested({ sources: undefined }));
      assert.deepEqual(granted.ports[0]?.sources, [parsePrefix(bed.settings.seenAddress)]);
    });

    it('returns the mapped port of Azure Firewall', async () => {
      const behind = bed.addVm({ name: 'fw-01' });
      const ports = [{ number: 22, protocol: '*', sources: '*', maxRequestAccessDuration: 'PT3H' }];
      bed.addPolicy({ name: 'fw', vms: [{ vm: behind, ports, publicIpAddress: '20.60.9.9' }] });
      const policy = (await list()).find(({ name }) => name === 'fw');
      assert.equal(policy?.vms[0]?.publicIpAddress, '20.60.9.9');
      const sent = { ports: [requested({ vm: toId(behind) })], justification: '' };
      const [port] = (await bed.jit.initiate(policy, sent, aLimit())).ports;
      assert.ok(port?.mappedPort !== undefined && port.mappedPort !== 22);
    });

    for (const [what, change] of [
      ['a port', { port: 80 }],
      ['a source', { port: 3389, sources: ['20.99.1.1'] }],
      [
        'an address that the text of the policy does not name and that so is',
        { port: 3389, sources: ['20.50.1.7'] },
      ],
    ] as const) {
      it(`is refused with JIT405 for ${what} outside the policy`, async () => {
        await refuses(initiate(requested(change)), 'JIT405');
        assert.deepEqual(handle.liveGrants(), []);
      });
    }

    it('is refused with JIT405 for a duration above the maximum', async () => {
      await refuses(initiate(requested({ endsAt: bed.now() + 3 * HOUR + 60_000 })), 'JIT405');
    });

    it('is refused with JIT406 for a policy that does not exist', async () => {
      const { id, ...there } = await thePolicy();
      const policy = { ...there, name: 'other', id: id.replace(/[^/]+$/, 'other') };
      const sent = { ports: [requested()], justification: '' };
      await refuses(bed.jit.initiate(policy, sent, aLimit()), 'JIT406');
    });

    it('names the action and the scope if the request is forbidden', async () => {
      bed.principal.forbid(`${JIT}/initiate/action`);
      const error = await refuses(initiate(requested()), 'JIT301');
      assert.ok(error instanceof ForbiddenError);
      assert.equal(error.action, `${JIT}/initiate/action`);
      assert.equal(error.scope.toLowerCase(), handle.id.toLowerCase());
    });

    it('names the permission to write the VM if that is missing', async () => {
      bed.settings.initiateNeedsVmWrite = true;
      bed.principal.forbid('Microsoft.Compute/virtualMachines/write');
      const error = await refuses(initiate(requested()), 'JIT301');
      assert.ok(error instanceof ForbiddenError);
      assert.equal(error.action, 'Microsoft.Compute/virtualMachines/write');
      assert.equal(error.scope.toLowerCase(), vm.id.toLowerCase());
    });

    it('sends nothing, and knows that nothing is open, if its limit is already over', async () => {
      const policy = await thePolicy();
      const sent = { ports: [requested()], justification: '' };
      const request = bed.jit.initiate(policy, sent, aLimit(AbortSignal.abort()));
      const error = await refuses(request, 'JIT603');
      assert.ok(error);
      assert.equal(bed.initiates(), 0);
    });

    it('reads nothing if its limit is already over', async () => {
      const over = aLimit(AbortSignal.abort());
      await rejects(bed.jit.listPolicies(DEFAULT_SUBSCRIPTION, 'rg-app', over), 'JIT603');
    });
  });
}
