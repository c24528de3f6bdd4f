import assert from 'node:assert/strict';
import { textsOf } from '../../tasks/shared/core/prefixes';
import { DEFAULT_SUBSCRIPTION, type PolicyHandle, type Vm } from '../support/azure';
import { anyPort } from '../support/scenario';
import { aLimit, BEDS, type Bed } from './beds';
import { collect, forbids, sortedIds, toId } from './expecting';

const HOUR_MS = 3_600_000;
const JIT = 'Microsoft.Security/locations/jitNetworkAccessPolicies';

for (const [kind, start] of BEDS) {
  describe(`policies, assessments, and calls in the inventory ${kind}`, () => {
    let bed: Bed;
    let vm: Vm;
    const range = (): readonly [number, number] => [bed.now() - 24 * HOUR_MS, bed.now() + HOUR_MS];
    const addVms = (count: number, resourceGroup = 'rg-app'): readonly Vm[] =>
      Array.from({ length: count }, (_none, at) =>
        bed.addVm({ name: `${resourceGroup}-${String(at)}`, resourceGroup, subnet: `s${String(at)}` }),
      );
    const aPolicy = (name: string, own = vm, duration = 'PT3H'): PolicyHandle =>
      bed.addPolicy({
        ...{ name, oldRequests: false },
        vms: [{ vm: own, ports: [{ ...anyPort(22), maxRequestAccessDuration: duration }] }],
      });

    beforeEach(async () => {
      bed = await start();
      vm = bed.addVm({ name: 'web-01' });
    });
    afterEach(() => bed.close());

    it('include the policies of a group, even next to an invalid entry', async () => {
      const [odd = vm] = addVms(1);
      bed.addPolicy({ name: 'far', vms: [{ vm: addVms(1, 'rg-other')[0] ?? vm, ports: [anyPort(22)] }] });
      for (const name of ['a', 'b']) aPolicy(name);
      aPolicy('odd', odd, 'P1W');
      for (const name of ['c', 'd']) aPolicy(name);
      const found = await collect(bed.inventory.policies(DEFAULT_SUBSCRIPTION, 'rg-app', aLimit()));
      assert.deepEqual(
        found.map((one) => [
          one.id.split('/').at(-1),
          'policy' in one ? one.policy.vms[0]?.ports[0]?.maxDurationMs : one.failure.code,
          'policy' in one ? (one.policy.odd ?? []).length : 0,
        ]),
        ['a', 'b', 'odd', 'c', 'd'].map((name) =>
          name === 'odd' ? [name, undefined, 1] : [name, 3 * HOUR_MS, 0],
        ),
      );
      assert.deepEqual(found[2]?.vmKeys, [toId(odd).key]);
      assert.deepEqual(found[0]?.vmKeys, [toId(vm).key]);
      assert.deepEqual(
        await collect(bed.inventory.policies(DEFAULT_SUBSCRIPTION, 'rg-other', aLimit())).then(
          (all) => all.length,
        ),
        1,
      );
    });

    it("include Defender's assessment of every VM, from all pages", async () => {
      const vms = addVms(7);
      for (const one of vms) bed.addAssessment({ vm: one, status: 'Unhealthy' });
      bed.addAssessment({ vm, status: 'NotApplicable', cause: 'OffByPolicy' });
      const found = await collect(bed.inventory.assessments(DEFAULT_SUBSCRIPTION, aLimit()));
      assert.deepEqual(
        sortedIds(found.map(({ vmKey }) => vmKey)),
        sortedIds([vm, ...vms].map(({ id }) => id)),
      );
      assert.deepEqual(
        found.find(({ vmKey }) => vmKey === toId(vm).key),
        { vmKey: toId(vm).key, status: 'NotApplicable', cause: 'OffByPolicy' },
      );
    });

    it('omit assessments that Azure omits, and name the permission if Azure refuses', async () => {
      const action = 'Microsoft.Security/assessments/read';
      bed.addAssessment({ vm, status: 'Healthy' });
      bed.principal.forbid(action);
      assert.deepEqual(await collect(bed.inventory.assessments(DEFAULT_SUBSCRIPTION, aLimit())), []);
      bed.principal.permissions = [{ actions: ['*'], scope: '/subscriptions/elsewhere' }];
      await forbids(
        collect(bed.inventory.assessments(DEFAULT_SUBSCRIPTION, aLimit())),
        action,
        `/subscriptions/${DEFAULT_SUBSCRIPTION}`,
      );
    });

    for (const carries of ['nothing', 'justification', 'requestBody'] as const) {
      it(`include the calls in the Activity Log if it contains ${carries} of the request`, async () => {
        bed.settings.activityLogCarries = carries;
        const policy = aPolicy('default');
        const requested = {
          vm,
          port: 22,
          sources: ['20.9.9.9'],
          durationMs: HOUR_MS,
          justification: 'because',
        };
        policy.requestByOther({ ...requested, requestor: 'ana@contoso.com' });
        const entries = await collect(bed.inventory.calls(DEFAULT_SUBSCRIPTION, ...range(), aLimit()));
        assert.deepEqual(entries.map(({ status }) => status).toSorted(), [
          'Accepted',
          'Started',
          'Succeeded',
        ]);
        assert.equal(new Set(entries.map(({ correlationId }) => correlationId)).size, 1);
        for (const { policyId, caller, time } of entries) {
          assert.equal(policyId.toLowerCase(), policy.id.toLowerCase());
          assert.equal(caller, 'ana@contoso.com');
          assert.ok(Math.abs(time - bed.now()) < 60_000);
        }
        const begin = entries.find(({ status }) => status === 'Started');
        assert.equal(begin?.justification, carries === 'nothing' ? '' : 'because');
        assert.deepEqual(
          begin.asked.map((one) => [one.vm.key, one.port, textsOf(one.sources)]),
          carries === 'requestBody' ? [[toId(vm).key, 22, ['20.9.9.9']]] : [],
        );
      });
    }

    it('include only the calls in a period, from all pages, and no other operations', async () => {
      const policy = aPolicy('default');
      const add = (minutesAgo: number, operation: string, caller = 'bo@contoso.com') => {
        const atMs = bed.now() - minutesAgo * 60_000;
        bed.addActivity({
          atMs,
          resourceId: policy.id,
          operation,
          caller,
          status: 'Failed',
          statusCode: 400,
        });
      };
      for (let at = 1; at <= 8; at++) add(at, `${JIT}/initiate/action`);
      for (let at = 1; at <= 8; at++) add(at, `${JIT}/write`);
      add(120, `${JIT}/initiate/action`);
      const calls = async (from: number, to: number) =>
        (await collect(bed.inventory.calls(DEFAULT_SUBSCRIPTION, bed.now() - from, bed.now() - to, aLimit())))
          .length;
      assert.equal(await calls(HOUR_MS, 0), 8);
      assert.equal(await calls(3 * HOUR_MS, 0), 9);
      assert.equal(await calls(3 * HOUR_MS, HOUR_MS), 1);
    });
  });
}
