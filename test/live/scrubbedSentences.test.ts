import assert from 'node:assert/strict';
import { createScrubber } from '../../scripts/live/scrub/scrubber';

const GUID = '1b7de3a0-5f2c-4c8e-9a41-0c2f6d3e8b57';
const VM = `/subscriptions/${GUID}/resourceGroups/rg-contoso/providers/Microsoft.Compute/virtualMachines/contoso-sql-07`;
const LEAK = /contoso|1b7de3a0|payroll|51[.-]104[.-]33[.-]7/i;

/** Sentences of Azure with names, IDs, and addresses in every place in which they have been seen. */
const SENTENCES: Readonly<Record<string, string>> = {
  'a refusal by Azure Policy': `Resource 'nsg-contoso' was disallowed by policy. Reasons: 'Contoso forbids SSH'. Policy identifiers: '[{"policyAssignment":{"name":"Contoso payroll guard","id":"/subscriptions/${GUID}/providers/Microsoft.Authorization/policyAssignments/contoso-guard"},"policyDefinition":{"name":"Contoso no ssh","id":"/providers/Microsoft.Management/managementGroups/contoso-root/providers/Microsoft.Authorization/policyDefinitions/contoso-no-ssh"}}]'. See 'contoso'.`,
  'JSON in JSON': JSON.stringify(JSON.stringify({ name: 'Contoso', 'contoso-team': 'payroll', id: VM })),
  'names in double quotes': 'The resource "contoso-sql-07" was not found.',
  'a name behind an apostrophe': "It doesn't exist: 'contoso-sql-07' isn't there.",
  'an encoded id': encodeURIComponent(VM),
  'an id that is encoded twice': `see ${encodeURIComponent(encodeURIComponent(VM))}.`,
  'an id with encoded slashes alone': `scope=${VM.slice(1).replaceAll('/', '%2f')}`,
  'the end of an id': 'resourcegroups/rg-contoso/providers/Microsoft.Network/virtualNetworks/vnet-contoso',
  'an id behind a word': `scope:subscriptions/${GUID}/resourceGroups/rg-contoso`,
  'a GUID without dashes': `Operation ${GUID.replaceAll('-', '')} (${GUID.replaceAll('-', '').toUpperCase()}) failed.`,
  'the name of a tenant': 'Tenant contoso.onmicrosoft.com or contoso.com.',
  'names of hosts': 'sql07.corp.contoso.com, contoso.local and CONTOSO-DC1.intern.example',
  'an address in a name': 'dns 51-104-33-7.contoso.com, ip-51-104-33-7, 51.104.33.7',
};

describe('the scrubber leaves no identifying text in', () => {
  for (const [name, sentence] of Object.entries(SENTENCES)) {
    it(name, () => {
      const scrubber = createScrubber();
      const text = scrubber.text(sentence);
      assert.doesNotMatch(text, LEAK);
      assert.doesNotMatch(JSON.stringify(scrubber.json({ error: { code: 'X', message: sentence } })), LEAK);
      // An address is replaced by another address.
      if (!/\d+[.-]\d+[.-]\d+[.-]\d+/.test(text)) assert.equal(scrubber.text(text), text);
    });
  }
});

describe('the scrubber, in a sentence,', () => {
  const kept = (text: string) => {
    assert.equal(createScrubber().text(text), text);
  };

  it('keeps actions, namespaces, fields, times, versions, and hosts of Azure', () => {
    kept("No access to 'Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action'.");
    kept(
      'properties.virtualMachines[0].ports of Microsoft.Security, 2026-11-29T12:00:00.1234567Z, 2020-01-01',
    );
    kept('See https://example.com/1 at management.azure.com, in Storage.WestEurope.');
  });

  it('keeps codes, and the form of embedded JSON', () => {
    const error = { error: { code: 'AuthorizationFailed', status: 'Failed', message: '' } };
    kept(JSON.stringify(error));
    kept(JSON.stringify(JSON.stringify(error)).slice(1, -1));
  });

  it('keeps GUIDs distinguishable, with or without dashes', () => {
    const [dashed = '', bare = ''] = createScrubber()
      .text(`${GUID} ${GUID.replaceAll('-', '')}`)
      .split(' ');
    assert.equal(bare, dashed.replaceAll('-', ''));
  });
});
