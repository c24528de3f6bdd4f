import assert from 'node:assert/strict';
import { createCaller, type Caller } from '../../support/azure/caller';
import { API_VERSIONS, DEFAULT_SUBSCRIPTION, startAzure, type SimulatedAzure } from '../../support/azure';

const SUBSCRIPTION = `/subscriptions/${DEFAULT_SUBSCRIPTION}`;

describe('a large simulated Azure', () => {
  let azure: SimulatedAzure;
  let caller: Caller;

  before(async () => {
    azure = await startAzure({ settings: { listPageSize: 500 } });
    caller = await createCaller(azure, azure.addPrincipal({ secret: 'right' }));
  });
  after(() => azure.close());

  const walk = async (first: string) => {
    const seen: { readonly id: string; readonly operationId?: string }[] = [];
    let pages = 0;
    let next: string | undefined = first;
    while (next !== undefined) {
      const { text } = await caller.ask('GET', next);
      const { value, nextLink } = JSON.parse(text) as { value: typeof seen; nextLink?: string };
      seen.push(...value);
      pages += 1;
      next = nextLink?.slice(azure.url.length);
    }
    return { pages, seen };
  };

  it('lists 2,000 VMs, each with its own address', async () => {
    const each = (index: number) => (index % 2 ? { location: 'northeurope', publicIp: '20.9.9.9' } : {});
    const vms = azure.addManyVms({ count: 2000, groups: 4, each });
    const list = `${SUBSCRIPTION}/providers/Microsoft.Compute/virtualMachines?api-version=${API_VERSIONS.compute}`;
    const { pages, seen } = await walk(list);
    assert.deepEqual([pages, new Set(seen.map(({ id }) => id)).size], [4, 2000]);
    assert.equal(new Set(vms.map(({ privateIp }) => privateIp)).size, 2000);
    assert.equal(new Set(vms.map(({ resourceGroup }) => resourceGroup)).size, 4);
    assert.equal(vms[1]?.location, 'northeurope');
    azure.assertNoViolations();
  });

  it('returns 10,000 entries in pages, three for each request', async () => {
    const vm = azure.addVm({ name: 'web-01' });
    const ssh = { number: 22, protocol: 'TCP', sources: '*', maxRequestAccessDuration: 'PT3H' };
    const policy = azure.addPolicy({ vms: [{ vm, ports: [ssh] }] });
    azure.addManyActivities({ count: 10_000, days: 30, policy });
    const from = new Date(azure.now() - 31 * 86_400_000).toISOString();
    const query = `api-version=${API_VERSIONS.activityLog}&$filter=${encodeURIComponent(`eventTimestamp ge '${from}'`)}`;
    const values = `${SUBSCRIPTION}/providers/Microsoft.Insights/eventtypes/management/values`;
    const { pages, seen } = await walk(`${values}?${query}`);
    assert.deepEqual([pages, seen.length], [20, 10_000]);
    assert.equal(new Set(seen.map(({ operationId }) => operationId)).size, 5000);
    azure.assertNoViolations();
  });
});
