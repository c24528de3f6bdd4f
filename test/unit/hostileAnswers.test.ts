import assert from 'node:assert/strict';
import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import fc from 'fast-check';
import { textsOf } from '../../tasks/shared/core/prefixes';
import { failureOf } from '../../tasks/shared/azure/failures';
import { PRIMARY_NIC } from '../../tasks/shared/azure/read/nic';
import { toPolicy } from '../../tasks/shared/azure/read/policy';
import { toAccessRequest } from '../../tasks/shared/azure/read/requests';
import { SECURITY_GROUP } from '../../tasks/shared/azure/read/securityGroup';
import { VM_RESOURCE } from '../../tasks/shared/azure/read/vm';
import { signInFailure } from '../../tasks/shared/azure/signInFailures';
import { parseIpv4 } from '../../tasks/shared/core/addresses';
import { formatUtc } from '../../tasks/shared/core/text';
import { aPolicy, aVm } from './core/policies';
import { assertHarmless, damaged, forAnyDamage, hostileText, isTexts } from './hostileTexts';

const until = '2026-11-21T10:00:00.1234567Z';
const port = { number: 22, allowedSourceAddressPrefix: '20.50.1.7', endTimeUtc: until };
const REQUEST = {
  ...{ startTimeUtc: '2026-11-21T09:00:00.1234567Z', requestor: 'ana@contoso.com', justification: 'a' },
  virtualMachines: [
    {
      id: aVm().id,
      ports: [{ ...port, status: 'Initiated', statusReason: 'UserRequested', mappedPort: 2022 }],
    },
  ],
};
const RULE = { number: 22, protocol: '*', allowedSourceAddressPrefix: '*', maxRequestAccessDuration: 'PT3H' };
const POLICY = {
  ...{ id: aPolicy().id, name: 'default', location: 'westeurope', provisioningState: 'Succeeded' },
  virtualMachines: [{ id: aVm().id, publicIpAddress: '20.1.1.1', ports: [RULE] }],
  requests: [REQUEST],
};
const NSG_RULE = {
  ...{ name: 'allow', priority: 100, direction: 'Inbound', access: 'Allow', protocol: 'Tcp' },
  ...{ sourceAddressPrefix: '*', sourceAddressPrefixes: ['10.0.0.0/8'], sourcePortRange: '*' },
  ...{ destinationAddressPrefix: '*', destinationPortRange: '22', destinationPortRanges: ['80-90'] },
  sourceApplicationSecurityGroups: [{ id: '/asg' }],
};
const NSG = { id: '/nsg', name: 'nsg', securityRules: [NSG_RULE], defaultSecurityRules: [NSG_RULE] };
const NIC = {
  networkSecurityGroup: { id: '/nsg' },
  ipConfigurations: [
    {
      ...{ primary: true, privateIPAddress: '10.0.0.4', subnet: { id: '/subnet' } },
      ...{ publicIPAddress: { id: '/ip' }, applicationSecurityGroups: [{ id: '/asg' }] },
    },
    { name: 'second', privateIPAddress: '10.0.0.5', publicIPAddress: { id: '/ip-2' } },
  ],
};
const VM = {
  properties: {
    networkProfile: { networkInterfaces: [{ id: '/nic', properties: { primary: true } }] },
    instanceView: { statuses: [{ code: 'ProvisioningState/succeeded' }, { code: 'PowerState/running' }] },
  },
};
describe('an invalid response from Azure is rejected with a code, and never crashes the reader of', () => {
  it('a policy', () => {
    forAnyDamage(POLICY, toPolicy, ({ vms, name, location }) => {
      assert.deepEqual([typeof name, typeof location], ['string', 'string']);
      for (const { ports, publicIpAddress } of vms) {
        // Later steps use it in their scripts.
        assert.ok(publicIpAddress === undefined || parseIpv4(publicIpAddress) !== undefined);
        for (const rule of ports) {
          assert.ok(Number.isInteger(rule.port) && isTexts(textsOf(rule.sources)) && rule.maxDurationMs > 0);
        }
      }
    });
  });

  it('a request for access', () => {
    forAnyDamage(REQUEST, toAccessRequest, ({ startedAt, requestor, justification, ports }) => {
      assert.deepEqual([typeof requestor, typeof justification], ['string', 'string']);
      assert.ok(!Number.isNaN(Date.parse(startedAt)));
      for (const own of ports) {
        assert.ok(Number.isInteger(own.port) && isTexts(textsOf(own.sources)));
        formatUtc(own.endsAt);
        assert.deepEqual([typeof own.status, typeof own.statusReason], ['string', 'string']);
        assert.ok(Number.isInteger(own.mappedPort ?? 0));
      }
    });
  });

  it('a network security group', () => {
    forAnyDamage(
      NSG,
      (body) => SECURITY_GROUP.read(body, '/nsg'),
      ({ id, name, rules }) => {
        assert.deepEqual([typeof id, typeof name], ['string', 'string']);
        for (const rule of rules) {
          assert.ok(Number.isInteger(rule.priority), String(rule.priority));
          assert.deepEqual([typeof rule.name, typeof rule.protocol], ['string', 'string']);
          for (const prefixes of [rule.sources, rule.destinations]) assert.ok(isTexts(textsOf(prefixes)));
          assert.ok(isTexts(rule.sourcePorts) && isTexts(rule.destinationPorts));
          assert.ok(isTexts(rule.sourceGroupIds) && isTexts(rule.destinationGroupIds));
        }
      },
    );
  });

  it('a network interface', () => {
    forAnyDamage(NIC, PRIMARY_NIC.read, ({ privateIpAddress, subnetId, applicationGroupIds, ...more }) => {
      for (const { configuration, publicIpId } of more.otherPublicIps ?? [])
        assert.ok(isTexts([configuration, publicIpId]));
      assert.ok(privateIpAddress === undefined || parseIpv4(privateIpAddress.text) !== undefined);
      for (const text of [subnetId, more.publicIpId, more.securityGroupId])
        assert.ok(text === undefined || typeof text === 'string');
      assert.ok(isTexts(applicationGroupIds));
    });
  });

  it('a VM', () => {
    forAnyDamage(VM, VM_RESOURCE.read, ({ nicIds, primaryNicId, powerState }) => {
      assert.ok(isTexts(nicIds));
      assert.ok(powerState === undefined || typeof powerState === 'string');
      assert.ok(primaryNicId === undefined || typeof primaryNicId === 'string');
    });
  });

  it('an error from Azure or Entra', () => {
    const call = { what: 'The policy', action: 'a/read', scope: '/x', sought: { noun: 'policy', id: '/x' } };
    const errors = damaged({ error: { code: 'Forbidden', message: 'No.' }, error_description: 'a\r\nb' });
    const statuses = fc.constantFrom(400, 401, 403, 404, 407, 408, 409, 418, 429, 500, 503);
    fc.assert(
      fc.property(errors, statuses, hostileText, (body, status, id) => {
        const headers = createHttpHeaders({ 'x-ms-correlation-request-id': id });
        const request = createPipelineRequest({ url: 'https://management.azure.com/' });
        const response = { status, headers, request, bodyAsText: JSON.stringify(body) };
        assertHarmless(failureOf(response, call).message);
        assertHarmless(
          signInFailure({ response }, undefined, { kind: 'managed', clientId: undefined }).message,
        );
        const identity = { kind: 'federated', tenantId: 't', clientId: 'c' } as const;
        assertHarmless(signInFailure({ response }, undefined, identity).message);
      }),
      {
        numRuns: 2000,
        examples: [{ toString: 0 }, { toString: null, valueOf: 1 }, null, 7, []].flatMap(
          (odd): [unknown, 400 | 403, string][] => [
            [{ error: odd }, 400, 'x'],
            [{ error: { code: odd, message: odd, details: odd } }, 403, 'x'],
          ],
        ),
      },
    );
  });
});
