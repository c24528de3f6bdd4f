import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseConnection } from '../../tasks/shared/azure/connection';
import { countVotes } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/echo';
import { parseIsoDuration } from '../../tasks/shared/core/durations';
import { parsePorts } from '../../tasks/shared/core/ports';
import { parseResourceId, parseVmId } from '../../tasks/shared/core/resourceIds';
import { parseSource } from '../../tasks/shared/core/sources';
import { aVm, SUBSCRIPTION } from './core/policies';
import { assertHarmless, codedOnly, hostileText } from './hostileTexts';

describe('a service connection', () => {
  const keys = fc.constantFrom(
    ...['tenantid', 'serviceprincipalid', 'serviceprincipalkey', 'authenticationType'],
    ...['servicePrincipalCertificate', 'environment', 'activeDirectoryAuthority', 'subscriptionId'],
    ...['msiclientId', 'resourceManagerUrl', 'activeDirectoryServiceEndpointResourceId'],
  );
  const schemes = [
    'ServicePrincipal',
    'WorkloadIdentityFederation',
    'ManagedServiceIdentity',
    'PublishProfile',
    '',
  ];
  const url = fc.oneof(hostileText, fc.webUrl(), fc.constant('https://management.azure.com/'));

  it('is parsed, or rejected with a code, regardless of its content, and never sends a token without TLS', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          keys,
          fc.oneof(hostileText, fc.webUrl(), fc.constantFrom('AzureCloud', 'spnCertificate')),
        ),
        fc.oneof(fc.constantFrom(...schemes), hostileText),
        url,
        hostileText,
        (values, scheme, armUrl, id) => {
          const read = (key: string): string => (Object.hasOwn(values, key) ? (values[key] ?? '') : '');
          const raw = { id, url: armUrl, scheme, parameter: read, property: read };
          const connection = codedOnly(() => parseConnection(raw));
          if (!connection) return;
          for (const origin of [connection.armUrl, connection.authorityUrl])
            assert.equal(new URL(origin).protocol, 'https:');
        },
      ),
    );
  });
});

describe('foreign text as an identifier', () => {
  const pieces = fc
    .array(
      fc.oneof(
        hostileText,
        fc.constantFrom(
          ...aVm().id.split(/(?=\/)/),
          '/',
          '..',
          '.',
          'rg',
          SUBSCRIPTION,
          '?',
          '#',
          '%2f',
          '22',
          '-',
        ),
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join(''));

  it('never becomes a path to another resource', () => {
    fc.assert(
      fc.property(fc.oneof(pieces, hostileText), (text) => {
        const vm = parseVmId(text, SUBSCRIPTION);
        const resource = parseResourceId(text);
        for (const id of [vm?.id, resource?.id]) {
          if (id === undefined) continue;
          assert.doesNotMatch(id, /[?#%\\\p{Cc}]|\/\.{0,2}(?:\/|$)/u);
          assert.equal(new URL(`https://management.azure.com${encodeURI(id)}`).pathname, encodeURI(id));
        }
        if (vm) assertHarmless(vm.name.replace(/\p{Cf}/gu, ''));
      }),
      { numRuns: 2000 },
    );
  });

  it('is parsed or rejected, and never crashes', () => {
    fc.assert(
      fc.property(fc.oneof(pieces, hostileText), (text) => {
        const ms = parseIsoDuration(text);
        assert.ok(ms === undefined || ms > 0);
        assert.ok(['list', 'all', 'wrong'].includes(parsePorts(text).kind));
        const source = parseSource(text);
        if (source.kind === 'any') assert.equal(text.trim(), '*');
        const vote = countVotes([{ service: 'a', kind: 'text', text }], 1);
        if (vote.kind === 'agreed') assert.match(vote.address.text, /^(?:\d{1,3}\.){3}\d{1,3}$/);
      }),
      { numRuns: 2000 },
    );
  });
});
