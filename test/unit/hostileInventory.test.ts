import assert from 'node:assert/strict';
import { textsOf } from '../../tasks/shared/core/prefixes';
import { toEntry } from '../../tasks/JitReport/JitReportV1/src/azure/activityLog';
import { toAssessment } from '../../tasks/JitReport/JitReportV1/src/azure/assessments';
import { FIREWALL as FIREWALL_KIND } from '../../tasks/shared/azure/read/firewall';
import { flat } from '../../tasks/shared/azure/read/json';
import { LISTED_NIC } from '../../tasks/shared/azure/read/nic';
import { REPORTED_POLICY } from '../../tasks/shared/azure/read/policy';
import { LISTED_VM } from '../../tasks/shared/azure/read/vm';
import { LISTED_VNET } from '../../tasks/shared/azure/read/vnet';
import { parseIpv4 } from '../../tasks/shared/core/addresses';
import { aPolicy, aVm } from './core/policies';
import { assertHarmless, forAnyDamage, isTexts } from './hostileTexts';

const NSG = { networkSecurityGroup: { id: '/nsg' } };
const VM = {
  ...{ id: aVm().id, name: 'web-01', location: 'westeurope' },
  properties: {
    storageProfile: { osDisk: { osType: 'Linux' } },
    osProfile: { linuxConfiguration: {} },
    networkProfile: { networkInterfaces: [{ id: '/nic', properties: { primary: true } }] },
  },
};
const address = (privateIPAddress: string) => ({
  properties: {
    privateIPAddress,
    subnet: { id: '/v/subnets/s' },
    applicationSecurityGroups: [{ id: '/asg' }],
  },
});
const NIC = {
  id: '/nic',
  properties: { ...NSG, ipConfigurations: [address('10.0.0.4'), address('10.0.0.5')] },
};
const VNET = {
  id: '/v',
  properties: {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
    subnets: [{ id: '/v/subnets/s', properties: NSG }],
    virtualNetworkPeerings: [{ properties: { remoteVirtualNetwork: { id: '/w' } } }],
  },
};
const NAT_RULE = {
  ...{ name: 'ssh', protocols: ['TCP'], sourceAddresses: ['*'] },
  ...{ translatedAddress: '10.0.0.4', translatedPort: '22' },
};
const NETWORK_RULE = {
  ...{ name: 'office', protocols: ['TCP'], sourceAddresses: ['10.0.0.1-10.0.0.9'], sourceIpGroups: ['/g'] },
  ...{ destinationAddresses: ['*'], destinationPorts: ['22'] },
};
const FIREWALL = {
  ...{ id: '/fw', name: 'fw' },
  properties: {
    ipConfigurations: [{ properties: { subnet: { id: '/v/subnets/AzureFirewallSubnet' } } }],
    firewallPolicy: { id: '/policy' },
    natRuleCollections: [{ properties: { priority: 200, rules: [NAT_RULE] } }],
    networkRuleCollections: [
      { properties: { priority: 300, action: { type: 'Allow' }, rules: [NETWORK_RULE] } },
    ],
  },
};
const RULE = { number: 22, protocol: '*', allowedSourceAddressPrefix: '*', maxRequestAccessDuration: 'PT3H' };
const POLICY = {
  ...{ id: aPolicy().id, name: 'default', location: 'westeurope' },
  properties: { virtualMachines: [{ id: aVm().id, ports: [RULE] }], requests: [] },
};
const ASKED = {
  virtualMachines: [{ id: aVm().id, ports: [{ number: 22, endTimeUtc: '2026-11-21T10:00:00Z' }] }],
  justification: 'because',
};
const ENTRY = {
  ...{ eventTimestamp: '2026-11-21T09:00:00.1234567Z', caller: 'ana@contoso.com', claims: { appid: 'a' } },
  operationName: { value: 'Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action' },
  ...{ status: { value: 'Started' }, correlationId: 'c', resourceId: `${aPolicy().id}/initiate` },
  properties: { justification: 'because', requestbody: JSON.stringify(ASKED) },
};

const isMaybeText = (value: unknown): boolean => value === undefined || typeof value === 'string';

describe('an invalid list item is rejected with a code, and never crashes the reader of', () => {
  it('a VM', () => {
    forAnyDamage(VM, LISTED_VM.read, (found) => {
      assert.ok(isTexts(found.nicIds));
      assert.ok(['linux', 'windows', undefined].includes(found.system));
      assert.equal(typeof found.location, 'string');
    });
  });

  it('a VM with an invalid ID', () => {
    for (const id of ['/x', `${aVm().id}/extensions/y`, aVm().id.replace('web-01', 'a b')]) {
      assert.throws(() => LISTED_VM.read({ ...VM, id }), { code: 'JIT604' }, id);
    }
  });

  it('a network interface', () => {
    forAnyDamage(NIC, LISTED_NIC.read, ({ id, securityGroupId, addresses }) => {
      assert.ok(typeof id === 'string' && isMaybeText(securityGroupId));
      for (const { privateIpAddress, subnetId, applicationGroupIds } of addresses) {
        assert.notEqual(parseIpv4(privateIpAddress.text), undefined);
        assert.ok(isMaybeText(subnetId) && isTexts(applicationGroupIds));
      }
    });
  });

  it('a virtual network', () => {
    forAnyDamage(VNET, LISTED_VNET.read, ({ id, space, subnets, peeredVnetIds }) => {
      assert.ok(typeof id === 'string' && isTexts(textsOf(space.certain)) && isTexts(peeredVnetIds));
      assert.ok(isTexts(textsOf(space.possible)));
      assert.ok(subnets.every((one) => typeof one.id === 'string' && isMaybeText(one.securityGroupId)));
    });
  });

  it('a firewall', () => {
    forAnyDamage(FIREWALL, FIREWALL_KIND.read, ({ id, name, vnetId, hasPolicy, ...rules }) => {
      assert.ok(isTexts([id, name]) && isMaybeText(vnetId));
      assert.equal(typeof hasPolicy, 'boolean');
      for (const rule of rules.networkRules) {
        assert.ok(
          isTexts([rule.name, ...rule.protocols, ...textsOf([...rule.sources, ...rule.destinations])]),
        );
        assert.ok(isTexts(rule.destinationPorts) && Number.isInteger(rule.priority));
      }
      for (const rule of rules.natRules) {
        assert.ok(isTexts([rule.name, rule.translatedAddress, ...rule.protocols, ...textsOf(rule.sources)]));
        assert.ok(Number.isInteger(rule.priority) && Number.isInteger(rule.translatedPort));
      }
    });
  });

  it('a policy, which returns the VMs of the policy if they can be read', () => {
    forAnyDamage(POLICY, REPORTED_POLICY.read, (found) => {
      assert.ok(isTexts([found.id, ...found.vmKeys]));
      if ('failure' in found) assertHarmless(found.failure.message);
      else assert.ok(Array.isArray(found.policy.vms));
    });
  });

  it('an assessment', () => {
    const row = { resourceId: aVm().id, status: 'Healthy', cause: '' };
    forAnyDamage(row, toAssessment, ({ vmKey, status, cause }) => {
      assert.ok(isTexts([vmKey, status, cause]));
    });
  });

  it('an entry of the Activity Log', () => {
    forAnyDamage(
      ENTRY,
      (body) => toEntry(body) ?? null,
      (entry) => {
        if (!entry) return;
        new Date(entry.time).toISOString();
        const { policyId, correlationId, status, caller, justification } = entry;
        assert.ok(isTexts([policyId, correlationId, status, caller, justification]));
        assert.ok(
          entry.asked.every(({ port, sources }) => Number.isInteger(port) && isTexts(textsOf(sources))),
        );
      },
    );
  });
});

describe('the body of an Activity Log call', () => {
  const requested = (body: unknown) => toEntry({ ...ENTRY, properties: { requestBody: body } });

  it('is read with either name', () => {
    for (const name of ['requestbody', 'requestBody']) {
      const entry = toEntry({ ...ENTRY, properties: { [name]: JSON.stringify(ASKED) } });
      assert.deepEqual([entry?.justification, entry?.asked[0]?.port], ['because', 22]);
    }
  });

  it('does not change the entry if it is invalid', () => {
    const senseless = [
      '',
      'x',
      '[]',
      '7',
      'null',
      '{"virtualMachines":7}',
      JSON.stringify({ virtualMachines: [7] }),
    ];
    for (const body of senseless) {
      const entry = requested(body);
      assert.deepEqual(
        [entry?.asked, entry?.caller, entry?.status],
        [[], 'ana@contoso.com', 'Started'],
        body,
      );
    }
  });

  it('belongs to an entry with the caller, or otherwise the application', () => {
    const nobody = { ...ENTRY, caller: null };
    assert.equal(toEntry(nobody)?.caller, 'a');
    assert.equal(toEntry({ ...nobody, claims: {} })?.caller, '');
  });

  it('is ignored for other operations', () => {
    for (const value of ['Microsoft.Security/locations/jitNetworkAccessPolicies/write', 'x', '']) {
      assert.equal(toEntry({ operationName: { value } }), undefined);
    }
    assert.equal(toEntry({}), undefined);
    assert.ok(toEntry({ ...ENTRY, operationName: { value: ENTRY.operationName.value.toUpperCase() } }));
  });
});

describe('flat', () => {
  it('merges the properties of every object into its other fields', () => {
    assert.deepEqual(
      flat({ id: 'a', properties: { b: [{ properties: { c: 1 }, d: null }], e: { properties: {} } } }, 'x'),
      {
        ...{ id: 'a', b: [{ c: 1, d: null }], e: {} },
      },
    );
    const both = { name: 'own', properties: { name: 'inner' } };
    assert.deepEqual(flat(both, 'x'), { name: 'own' });
    assert.deepEqual(flat({ properties: 7, x: [1, 'a', [2]] }, 'x'), { properties: 7, x: [1, 'a', [2]] });
  });
});
