import assert from 'node:assert/strict';
import { parsePrefixes } from '../../tasks/shared/core/prefixes';
import { createInventory } from '../../tasks/JitReport/JitReportV1/src/azure/inventory';
import { createJitGateway } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/azure/jitGateway';
import { createNetworkGateway } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/azure/networkGateway';
import { systemClock } from '../../tasks/shared/host/clock';
import { DEFAULT_SUBSCRIPTION, startAzure, type SimulatedAzure } from '../support/azure';
import { createCaller } from '../support/azure/caller';
import { createMicrosoftClients, type MicrosoftClients } from '../support/azure/microsoftClients';
import { aLimit, connectTo } from './beds';
import { collect } from './expecting';
import { buildEverything } from './everything';
import {
  toAdminRule,
  toComparable,
  toGroup,
  toListedNic,
  toPolicy,
  toPrimaryNic,
  toSubnet,
  toVnet,
} from './microsoftModels';

const GROUP = 'rg-app';

/**
 * The results of Microsoft's clients are independent of this project. Its readers must return the same, field by field.
 */
describe('Microsoft’s own client and the readers of this product', () => {
  let azure: SimulatedAzure;
  let microsoft: MicrosoftClients;
  let own: {
    readonly inventory: ReturnType<typeof createInventory>;
    readonly network: ReturnType<typeof createNetworkGateway>;
    readonly jit: ReturnType<typeof createJitGateway>;
  };

  before(async () => {
    azure = await startAzure({ settings: { ruleDelayMs: 0, initiatingMs: 0 } });
    const { arm, principal } = connectTo(azure);
    const { token } = await createCaller(azure, principal);
    microsoft = createMicrosoftClients(azure, token, DEFAULT_SUBSCRIPTION);
    own = {
      inventory: createInventory(arm),
      network: createNetworkGateway(arm),
      jit: createJitGateway(arm, systemClock),
    };
    buildEverything(azure);
  });
  after(async () => {
    await azure.close();
    azure.assertNoViolations();
  });

  it('return the same network interface, in a list and separately', async () => {
    const models = await collectAll(microsoft.network.networkInterfaces.listAll());
    assert.ok(models.length > 6);
    const found = await collect(own.inventory.nics(DEFAULT_SUBSCRIPTION, aLimit()));
    assert.deepEqual(byId(found), byId(models.map(toListedNic)));
    for (const model of models) {
      const nic = await own.network.getNic(model.id ?? '', aLimit());
      assert.deepEqual(nic, toPrimaryNic(model), model.name);
    }
  });

  for (const ruleFields of ['singular', 'plural', 'alternating'] as const) {
    it(`return the same security group, with ${ruleFields} fields`, async () => {
      azure.settings.ruleFields = ruleFields;
      const models = await collectAll(microsoft.network.networkSecurityGroups.listAll());
      const found = await collect(own.inventory.securityGroups(DEFAULT_SUBSCRIPTION, aLimit()));
      assert.deepEqual(byId(found), byId(models.map(toGroup)));
      assert.ok(found.flatMap(({ rules }) => rules).some(({ name }) => name.includes('JITRule')));
      for (const model of models) {
        const id = model.id ?? '';
        assert.deepEqual(await own.network.getSecurityGroup(id, aLimit()), toGroup(model));
      }
    });
  }

  it('return the same VNet with its subnets', async () => {
    const models = await collectAll(microsoft.network.virtualNetworks.listAll());
    const found = await collect(own.inventory.vnets(DEFAULT_SUBSCRIPTION, aLimit()));
    assert.deepEqual(
      byId(found.map(({ id, subnets, peeredVnetIds }) => ({ id, subnets, peeredVnetIds }))),
      byId(models.map(toVnet)),
    );
    assert.ok(found.some(({ peeredVnetIds }) => peeredVnetIds.length > 0));
    for (const { id = '', subnets = [], ...model } of models) {
      const one = found.find((vnet) => vnet.id === id);
      // Every VNet here is peered completely or not at all, and none has a gateway.
      const prefixes = [
        ...(model.addressSpace?.addressPrefixes ?? []),
        ...(model.virtualNetworkPeerings ?? []).flatMap(
          ({ remoteAddressSpace }) => remoteAddressSpace?.addressPrefixes ?? [],
        ),
      ];
      assert.deepEqual(one?.space.certain, parsePrefixes(prefixes));
      assert.deepEqual(await own.network.getVnet(`${id}/subnets/any`, aLimit()), one.space);
      for (const { id: subnetId = '' } of subnets) {
        const [, , , , group = '', , , , vnet = '', , name = ''] = subnetId.split('/');
        const subnet = await microsoft.network.subnets.get(group, vnet, name);
        const { securityGroupId, hasRouteTable } = toSubnet(subnet);
        assert.deepEqual(await own.network.getSubnet(subnetId, aLimit()), {
          hasRouteTable,
          ...(securityGroupId !== undefined && { securityGroupId }),
        });
      }
    }
  });

  it('return the same security admin rule, on every page', async () => {
    const [web] = (await collectAll(microsoft.network.virtualNetworks.listAll())).filter(
      ({ name }) => name === `vnet-${GROUP}`,
    );
    const id = web?.id ?? '';
    const models: Parameters<typeof toAdminRule>[0][] = [];
    let skipToken: string | undefined;
    do {
      const page = await microsoft.network.listNetworkManagerEffectiveSecurityAdminRules(
        GROUP,
        web?.name ?? '',
        skipToken === undefined ? {} : { skipToken },
      );
      models.push(...(page.value ?? []));
      skipToken = page.skipToken;
    } while (skipToken !== undefined);
    assert.deepEqual([models.length, models.at(-1)?.kind], [4, 'Default']);
    const expected = models.map(toAdminRule);
    assert.deepEqual(await own.network.listAdminRules(id, aLimit()), expected);
    assert.deepEqual(await collect(own.inventory.adminRules(id, aLimit())), expected);
  });

  it('return the same public address', async () => {
    const nics = await collectAll(microsoft.network.networkInterfaces.listAll());
    const ids = nics
      .flatMap(({ ipConfigurations = [] }) => ipConfigurations.map((one) => one.publicIPAddress?.id))
      .filter((id) => id !== undefined);
    assert.ok(ids.length > 3);
    for (const id of ids) {
      const { ipAddress, sku } = await microsoft.network.publicIPAddresses.get(
        id.split('/')[4] ?? '',
        id.split('/').at(-1) ?? '',
      );
      assert.deepEqual(await own.network.getPublicAddress(id, aLimit()), {
        id,
        sku: sku?.name,
        ...(ipAddress !== undefined && { ipAddress }),
      });
    }
  });

  it('return the same firewall', async () => {
    const models = await collectAll(microsoft.network.azureFirewalls.listAll());
    const found = await collect(own.inventory.firewalls(DEFAULT_SUBSCRIPTION, aLimit()));
    assert.deepEqual(
      byId(found),
      byId(
        models.map((model) => ({
          id: model.id ?? '',
          name: model.name,
          vnetId: model.ipConfigurations?.[0]?.subnet?.id?.replace(/\/subnets\/.*$/, ''),
          hasPolicy: model.firewallPolicy !== undefined,
          natRules: (model.natRuleCollections ?? []).flatMap(({ priority, rules = [] }) =>
            rules.map((rule) => ({
              name: rule.name,
              priority,
              protocols: rule.protocols,
              sources: parsePrefixes(rule.sourceAddresses ?? []),
              translatedAddress: rule.translatedAddress,
              translatedPort: Number(rule.translatedPort),
            })),
          ),
          networkRules: (model.networkRuleCollections ?? []).flatMap(({ priority, action, rules = [] }) =>
            rules.map((rule) => ({
              ...{ name: rule.name, priority, access: action?.type, protocols: rule.protocols },
              sources: parsePrefixes(rule.sourceAddresses ?? []),
              destinations: parsePrefixes(rule.destinationAddresses ?? []),
              destinationPorts: rule.destinationPorts,
            })),
          ),
        })),
      ),
    );
    assert.ok(found.some(({ natRules, networkRules }) => natRules.length > 0 && networkRules.length > 0));
  });

  it('return the same policy with its requests, in a list and separately', async () => {
    const { jitNetworkAccessPolicies } = microsoft.security;
    const models = await collectAll(jitNetworkAccessPolicies.listByResourceGroup(GROUP));
    const found = await own.jit.listPolicies(DEFAULT_SUBSCRIPTION, GROUP, aLimit());
    assert.deepEqual(byId(found.map(toComparable)), byId(models.map(toPolicy)));
    for (const policy of found) {
      const { location, name } = policy;
      const model = await jitNetworkAccessPolicies.get(GROUP, location, name);
      assert.deepEqual(toComparable(await own.jit.getPolicy(policy, aLimit())), toPolicy(model));
    }
    assert.ok(found.some(({ requests }) => requests.length > 2));
  });
});

async function collectAll<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

const byId = <T extends { readonly id: string }>(items: readonly T[]): readonly T[] =>
  items.toSorted((one, other) => one.id.localeCompare(other.id));
