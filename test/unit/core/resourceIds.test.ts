import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  groupIdOf,
  nameIn,
  parsePlace,
  parseResourceId,
  parseVmId,
  placeOf,
  sameId,
  toGroupId,
  toPolicyId,
  toVmId,
  vnetIdOf,
} from '../../../tasks/shared/core/resourceIds';
import { filesBelow, read } from '../../support/docs/documents';

const SUBSCRIPTION = '11111111-aaaa-4bbb-8ccc-222222222222';
const VM = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-App/providers/Microsoft.Compute/virtualMachines/Web-01`;

describe('the ID of a VM', () => {
  it('keeps the spelling of its parts, and has a key for comparisons', () => {
    assert.deepEqual(parseVmId(VM), {
      subscriptionId: SUBSCRIPTION,
      resourceGroup: 'rg-App',
      name: 'Web-01',
      id: VM,
      key: VM.toLowerCase(),
    });
  });

  it('can have its fixed words in any case, with or without a slash at either end', () => {
    const shouted = VM.replace('subscriptions', 'SUBSCRIPTIONS')
      .replace('resourceGroups', 'resourcegroups')
      .replace('Microsoft.Compute/virtualMachines', 'MICROSOFT.COMPUTE/VIRTUALMACHINES');
    for (const text of [shouted, VM.slice(1), `${VM}/`, ` ${VM} `])
      assert.deepEqual(parseVmId(text), parseVmId(VM));
  });

  it('can be a group and a name if the subscription is known', () => {
    assert.deepEqual(parseVmId('rg-App/Web-01', SUBSCRIPTION), parseVmId(VM));
    assert.equal(parseVmId('rg-App/Web-01'), undefined);
    assert.equal(parseVmId('rg-App/Web-01', 'my subscription'), undefined);
    assert.deepEqual(parseVmId(VM, '99999999-aaaa-4bbb-8ccc-222222222222'), parseVmId(VM));
  });

  const wrong = {
    'an extension of a VM': `${VM}/extensions/script`,
    'a scale-set VM': VM.replace('virtualMachines', 'virtualMachineScaleSets').replace(
      'Web-01',
      'set/virtualMachines/0',
    ),
    'a scale set': VM.replace('virtualMachines', 'virtualMachineScaleSets'),
    'another provider': VM.replace('Microsoft.Compute', 'Microsoft.ClassicCompute'),
    'a policy': VM.replace(
      /Microsoft.*/,
      'Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/default',
    ),
    'a name instead of a subscription id': VM.replace(SUBSCRIPTION, 'production'),
    'two slashes in front': `/${VM}`,
    'an address in the portal': `https://portal.azure.com/#resource${VM}`,
    'a missing name': VM.replace('/Web-01', ''),
    'an empty name': VM.replace('Web-01', ''),
    nothing: '',
    'a lone name': 'web-01',
    'three parts': 'a/b/c',
    'a cut-off id': `subscriptions/${SUBSCRIPTION}`,
  };
  for (const [what, text] of Object.entries(wrong)) {
    it(`is not parsed from ${what}`, () => {
      assert.equal(parseVmId(text, SUBSCRIPTION), undefined);
    });
  }

  it('has a group name that Azure allows', () => {
    for (const group of ['a', 'A_b-c.(d)', 'Größe1', 'g'.repeat(90)])
      assert.ok(parseVmId(`${group}/vm`, SUBSCRIPTION), group);
    for (const group of ['', 'a.', '..', 'a b', 'a%20', 'a*', 'g'.repeat(91)]) {
      assert.equal(parseVmId(`${group}/vm`, SUBSCRIPTION), undefined, group);
    }
  });

  it('has a VM name that Azure allows', () => {
    for (const name of ['a', 'web_01', 'web.01', 'ü', 'v'.repeat(64)])
      assert.ok(parseVmId(`rg/${name}`, SUBSCRIPTION), name);
    for (const name of [
      '',
      '.',
      '..',
      'a.',
      'a b',
      'a?b',
      'a#b',
      'a%2e',
      'a\\b',
      'a;b',
      'a\u0007',
      'a\ud83d',
      'v'.repeat(65),
    ]) {
      assert.equal(parseVmId(`rg/${name}`, SUBSCRIPTION), undefined, name);
    }
  });

  it('is parsed back to the parts that it was built from', () => {
    const part = fc.stringMatching(/^[A-Za-z][\w-]{0,20}$/);
    fc.assert(
      fc.property(fc.uuid(), part, part, (subscription, group, name) => {
        const vm = toVmId(subscription, group, name);
        assert.deepEqual(parseVmId(vm.id), vm);
        assert.equal(parseVmId(vm.id.toUpperCase())?.key, vm.key);
        if (group.toLowerCase() !== 'subscriptions')
          assert.deepEqual(parseVmId(`${group}/${name}`, subscription), vm);
      }),
    );
  });

  it('never makes the parser throw', () => {
    const piece = fc.oneof(fc.string(), fc.constantFrom(...VM.split('/')));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const vm = parseVmId(pieces.join('/'), SUBSCRIPTION);
        if (vm) assert.deepEqual(parseVmId(vm.id), vm);
      }),
    );
  });
});

describe('the ID of a resource', () => {
  const group = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg`;

  it('with one level is a type and a name', () => {
    const id = `${group}/providers/Microsoft.Network/networkInterfaces/nic-1`;
    assert.deepEqual(parseResourceId(id), {
      subscriptionId: SUBSCRIPTION,
      resourceGroup: 'rg',
      provider: 'Microsoft.Network',
      types: ['networkInterfaces'],
      names: ['nic-1'],
      name: 'nic-1',
      id,
    });
  });

  it('with several levels is a type and a name for each level', () => {
    const policy = parseResourceId(
      `${group}/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/default/`,
    );
    assert.equal(policy?.provider, 'Microsoft.Security');
    assert.deepEqual(policy.types, ['locations', 'jitNetworkAccessPolicies']);
    assert.deepEqual(policy.names, ['westeurope', 'default']);
    assert.equal(policy.name, 'default');
    assert.equal(policy.id.endsWith('/default'), true);
  });

  const wrong = {
    'a subscription-level resource': `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Security/locations/westeurope`,
    'a resource group': group,
    'a provider': `${group}/providers/Microsoft.Network`,
    'a type without a name': `${group}/providers/Microsoft.Network/networkInterfaces`,
    'an extension resource': `${VM}/providers/Microsoft.Security/assessments/1`,
    'an empty part': `${group}/providers/Microsoft.Network//nic`,
    'a step upwards': `${group}/providers/Microsoft.Network/networkInterfaces/..`,
    'an escaped step upwards': `${group}/providers/Microsoft.Network/networkInterfaces/%2e%2e`,
    'a query': `${group}/providers/Microsoft.Network/networkInterfaces/nic?x=1`,
    'half a character': `${group}/providers/Microsoft.Network/networkInterfaces/nic\ud83d`,
  };
  for (const [what, text] of Object.entries(wrong)) {
    it(`is not parsed from ${what}`, () => {
      assert.equal(parseResourceId(text), undefined);
    });
  }

  it('is equal in another case', () => {
    assert.equal(sameId(VM, VM.toUpperCase()), true);
    assert.equal(sameId(VM, `${VM}1`), false);
  });
});

describe('the place of a resource', () => {
  const group = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-App`;

  it('is its subscription and its resource group, in the spelling of the ID', () => {
    assert.deepEqual(placeOf(VM), { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg-App' });
    assert.deepEqual(placeOf(VM.toUpperCase()), {
      ...{ subscriptionId: SUBSCRIPTION.toUpperCase(), resourceGroup: 'RG-APP' },
    });
    assert.deepEqual(placeOf(group), placeOf(VM));
    for (const id of [`/subscriptions/${SUBSCRIPTION}`, `/subscriptions/${SUBSCRIPTION}/providers/a/b`]) {
      assert.deepEqual(placeOf(id), { subscriptionId: SUBSCRIPTION, resourceGroup: undefined }, id);
    }
    for (const id of ['', '/', 'web-01', '/subscriptions', '/subscriptions/', '/providers/a', VM.slice(1)]) {
      assert.equal(placeOf(id), undefined, id);
    }
  });

  it('is parsed from the ID of a subscription or a group, and from nothing else', () => {
    for (const text of [group, group.slice(1)]) assert.deepEqual(parsePlace(text), placeOf(VM), text);
    assert.equal(parsePlace(`/subscriptions/${SUBSCRIPTION}`)?.resourceGroup, undefined);
    assert.ok(parsePlace(`subscriptions/${SUBSCRIPTION}`));
    for (const text of [VM, `${group}/`, `/subscriptions/${SUBSCRIPTION}/resourceGroups`, SUBSCRIPTION, '']) {
      assert.equal(parsePlace(text), undefined, text);
    }
  });

  it('has the ID of the group, and an ID outside a group remains unchanged', () => {
    assert.equal(groupIdOf(VM), group);
    assert.equal(groupIdOf(VM.toUpperCase()), group.toUpperCase());
    for (const id of [group, toGroupId(SUBSCRIPTION), 'web-01', '']) assert.equal(groupIdOf(id), id);
  });
});

describe('the parts of an ID', () => {
  it('include the virtual network of a subnet, regardless of case', () => {
    const vnet = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/subnets';
    for (const word of ['subnets', 'Subnets']) assert.equal(vnetIdOf(`${vnet}/${word}/default`), vnet);
    assert.equal(vnetIdOf(vnet), vnet);
  });

  it('include the name at the end', () => {
    assert.deepEqual(['/a/web-01', 'web-01', '/a/', ''].map(nameIn), ['web-01', 'web-01', '', '']);
  });

  it('form the ID of a policy', () => {
    const { names, resourceGroup } = parseResourceId(toPolicyId(SUBSCRIPTION, 'rg', 'westeurope', 'p')) ?? {};
    assert.deepEqual([names, resourceGroup], [['westeurope', 'p'], 'rg']);
  });

  it('are only extracted from an ID in one file', () => {
    const taken = /\\\/subnets\\\/|subscriptions\\\/|`\/subscriptions\/|\bid\w*\)?\.split\('\/'\)/i;
    const files = filesBelow('tasks', '.ts').filter((file) => taken.test(read(file)));
    assert.deepEqual(files, ['tasks/shared/core/resourceIds.ts']);
  });
});
