import assert from 'node:assert/strict';
import { AuthorizationManagementClient } from '@azure/arm-authorization';
import { ComputeManagementClient, type VirtualMachine } from '@azure/arm-compute';
import { MonitorClient } from '@azure/arm-monitor';
import { ResourceGraphClient } from '@azure/arm-resourcegraph';
import { parseVmId, toGroupId } from '../../tasks/shared/core/resourceIds';
import { createFindVms } from '../../tasks/shared/azure/findVms';
import { createRightsGateway } from '../../tasks/shared/azure/rightsGateway';
import { createInventory } from '../../tasks/JitReport/JitReportV1/src/azure/inventory';
import { createNetworkGateway } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/azure/networkGateway';
import { DEFAULT_SUBSCRIPTION, startAzure, type SimulatedAzure } from '../support/azure';
import { createCaller } from '../support/azure/caller';
import { optionsOf, withVersion } from '../support/azure/microsoftClients';
import { API_VERSIONS } from '../support/azure';
import { aLimit, connectTo } from './beds';
import { collect } from './expecting';

const GROUP = 'rg-app';
const HOUR_MS = 3_600_000;
const INITIATE = 'Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action';

/** As in the other witness tests, the conversion of the clients' results is independent of the readers here. */
describe('Microsoft’s own client and the readers of VMs, permissions, and calls', () => {
  let azure: SimulatedAzure;
  let arm: ReturnType<typeof connectTo>['arm'];
  let token: string;

  before(async () => {
    azure = await startAzure();
    const connected = connectTo(azure);
    arm = connected.arm;
    ({ token } = await createCaller(azure, connected.principal));
    connected.principal.permissions = [
      ...connected.principal.permissions,
      { actions: ['Microsoft.Compute/*/read'], notActions: ['Microsoft.Compute/disks/read'] },
      { scope: toGroupId(DEFAULT_SUBSCRIPTION, GROUP), actions: ['*/read'] },
    ];
    const web = azure.addVm({ name: 'web-01' });
    azure.addVm({ name: 'win-01', system: 'Windows', powerState: 'deallocated' });
    azure.addVm({ name: 'profile-01', system: 'profile:Windows', location: 'northeurope' });
    azure.addVm({ name: 'no-view-01', powerState: 'none', system: null });
    azure.addVm({
      name: 'two-nics-01',
      nics: [
        { name: 'second', primary: false, addresses: [{ privateIp: '10.0.1.7', primary: true }] },
        { name: 'first', primary: true, addresses: [{ privateIp: '10.0.1.8', primary: true }] },
      ],
    });
    const port = { number: 22, protocol: 'TCP', sources: '*', maxRequestAccessDuration: 'PT3H' };
    const policy = azure.addPolicy({ vms: [{ vm: web, ports: [port] }] });
    for (const justification of ['Deploy', 'Repair'])
      policy.requestByOther({ vm: web, port: 22, sources: ['20.1.2.3'], durationMs: HOUR_MS, justification });
  });
  after(async () => {
    await azure.close();
    azure.assertNoViolations();
  });

  const client = () =>
    withVersion(
      new ComputeManagementClient(
        optionsOf(azure, token).credential,
        DEFAULT_SUBSCRIPTION,
        optionsOf(azure, token).options,
      ),
      API_VERSIONS.compute,
    );

  it('return the same VM, with its power state', async () => {
    const compute = client();
    const network = createNetworkGateway(arm);
    for (const name of ['web-01', 'win-01', 'profile-01', 'no-view-01', 'two-nics-01']) {
      const model = await compute.virtualMachines.get(GROUP, name, { expand: 'instanceView' });
      const id = parseVmId(model.id ?? '');
      assert.ok(id, name);
      assert.deepEqual(await network.getVm(id, aLimit()), toVm(model), name);
    }
  });

  it('return the same list of VMs, from all pages', async () => {
    const models: VirtualMachine[] = [];
    for await (const one of client().virtualMachines.listAll()) models.push(one);
    assert.equal(models.length, 5);
    const found = await collect(createInventory(arm).vms(DEFAULT_SUBSCRIPTION, undefined, aLimit()));
    assert.deepEqual(
      found.map(({ vm, location, system, nicIds }) => ({ key: vm.key, location, system, nicIds })),
      models.map((model) => ({
        key: model.id?.toLowerCase(),
        location: model.location,
        system: systemOf(model),
        nicIds: model.networkProfile?.networkInterfaces?.map(({ id }) => id),
      })),
    );
  });

  it('return the same VMs for a query, from all pages', async () => {
    const { credential, options } = optionsOf(azure, token);
    const graph = withVersion(new ResourceGraphClient(credential, options), API_VERSIONS.resourceGraph);
    const query = [
      "resources | where type =~ 'microsoft.compute/virtualmachines' | where (",
      "location == 'westeurope'",
      ') | project id | order by id asc',
    ].join('\n');
    const ids: unknown[] = [];
    let skipToken: string | undefined;
    do {
      const page = await graph.resources({
        ...{ subscriptions: [DEFAULT_SUBSCRIPTION], query },
        options: { resultFormat: 'objectArray', top: 1000, ...(skipToken !== undefined && { skipToken }) },
      });
      // This client turns the list into an object.
      const rows = Object.values(page.data) as readonly { readonly id: string }[];
      assert.equal(page.count, rows.length);
      ids.push(...rows.map(({ id }) => id.toLowerCase()));
      assert.equal(page.totalRecords, 4);
      ({ skipToken } = page);
      assert.equal(page.resultTruncated, skipToken === undefined ? 'false' : 'true');
    } while (skipToken !== undefined);
    const { vms, total, strange } = await createFindVms(arm)(
      {
        ...{ filter: "location == 'westeurope'", subscriptionIds: [DEFAULT_SUBSCRIPTION] },
        ...{ maxVms: 50, allowEmpty: false },
      },
      aLimit(),
    );
    assert.deepEqual([vms.map(({ key }) => key), total, strange], [ids, 4, 0]);
  });

  it('return the same permissions, from all pages', async () => {
    const { credential, options } = optionsOf(azure, token);
    const authorization = new AuthorizationManagementClient(credential, DEFAULT_SUBSCRIPTION, options);
    const models = [];
    for await (const one of authorization.permissions.listForResourceGroup(GROUP)) models.push(one);
    assert.equal(models.length, 3);
    const found = await createRightsGateway(arm).list(toGroupId(DEFAULT_SUBSCRIPTION, GROUP), aLimit());
    assert.deepEqual(
      found,
      models.map(({ actions, notActions }) => ({ actions, notActions })),
    );
  });

  it('return the same calls, from all pages of the Activity Log', async () => {
    const { credential, options } = optionsOf(azure, token);
    const monitor = new MonitorClient(credential, DEFAULT_SUBSCRIPTION, options);
    const [from, to] = [azure.now() - HOUR_MS, azure.now() + HOUR_MS];
    const time = (at: number) => new Date(at).toISOString();
    const filter = `eventTimestamp ge '${time(from)}' and eventTimestamp le '${time(to)}' and resourceProvider eq 'Microsoft.Security'`;
    const models = [];
    for await (const one of monitor.activityLogs.list(filter)) models.push(one);
    const calls = models.filter(({ operationName }) => operationName?.value === INITIATE);
    assert.equal(calls.length, 6);
    const found = await collect(createInventory(arm).calls(DEFAULT_SUBSCRIPTION, from, to, aLimit()));
    assert.deepEqual(
      found.map(({ time: at, policyId, operationId, correlationId, status, caller, justification }) => ({
        ...{ at, policyId, operationId, correlationId, status, caller, justification },
      })),
      calls.map((one) => ({
        at: one.eventTimestamp?.getTime(),
        policyId: one.resourceId,
        operationId: one.operationId,
        correlationId: one.correlationId,
        status: one.status?.value,
        caller: one.caller,
        justification: one.properties?.['justification'] ?? '',
      })),
    );
  });
});

const systemOf = ({ storageProfile, osProfile }: VirtualMachine): string | undefined => {
  const word = storageProfile?.osDisk?.osType?.toLowerCase();
  return (
    word ??
    (osProfile?.windowsConfiguration ? 'windows' : osProfile?.linuxConfiguration ? 'linux' : undefined)
  );
};

function toVm({ networkProfile, instanceView }: VirtualMachine) {
  const nics = networkProfile?.networkInterfaces ?? [];
  const power = instanceView?.statuses?.find(({ code }) => code?.startsWith('PowerState/'))?.code;
  return {
    nicIds: nics.map(({ id }) => id),
    primaryNicId: (nics.length === 1 ? nics[0] : nics.find(({ primary }) => primary))?.id,
    ...(power !== undefined && { powerState: power.replace('PowerState/', '') }),
  };
}
