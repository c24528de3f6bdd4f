import assert from 'node:assert/strict';
import fc from 'fast-check';
import { safeText } from '../../../tasks/shared/core/text';
import { jwtOf, pemOf } from './credentials';
import { HEX } from './networks';

describe('the filter for credentials in foreign text', () => {
  const secret = 'Zx9'.repeat(4);
  const CREDENTIALS: readonly (readonly [string, string, string])[] = [
    ['a JSON web token', jwtOf({ sub: 'pipeline' }), ''],
    ['a token in a header', `Authorization: Bearer ${secret}.${secret}`, secret],
    ['basic authentication', `authorization: basic ${Buffer.from(`u:${secret}`).toString('base64')}`, ''],
    ['a private key', pemOf('PRIVATE KEY'), 'MIIEvQ'],
    ['a certificate', pemOf('CERTIFICATE'), 'MIIEvQ'],
    ['a private key that is cut off', pemOf('RSA PRIVATE KEY').slice(0, 90), 'MIIEvQ'],
    ['a client secret in a form', `grant_type=x&client_secret=${secret}&scope=y`, secret],
    ['a client secret in JSON', `{"client_secret":"${secret}","scope":"y"}`, secret],
    ['an assertion in a form', `client_assertion=${secret}`, secret],
    ['a password in a query', `https://x.test/?password=${secret}`, secret],
    ['a password of a connection text', `Server=db;User=sa;Password=${secret};Encrypt=True`, secret],
    ['a password in an address', `http://proxy-user:${secret}@proxy.contoso.com:3128`, secret],
    ['the signature of a SAS', `https://x.blob.core.windows.net/a?sv=2024&sig=${secret}%3D`, secret],
    ['an account key', `AccountKey=${Buffer.alloc(64, 'kY7pQ2').toString('base64')}`, 'a1k3'],
    ['a password in quotes, with blanks', `pwd: "first ${secret} last", next`, 'last'],
    ['a password in single quotes', `Password='first ${secret} last'`, 'last'],
    ['a key of an interface', `api-key: ${secret}`, secret],
    ['the key of a service bus', `SharedAccessKey=${secret};EntityPath=q`, secret],
    [
      'a personal access token',
      `the token ${'abcdefghijklmnopqrstuvwxyz234567'.repeat(2).slice(0, 52)} is`,
      'qrst',
    ],
  ];
  for (const [what, text, part] of CREDENTIALS) {
    it(`hides ${what}`, () => {
      const shown = safeText(text);
      assert.ok(shown.includes('***'), shown);
      if (part) assert.ok(!shown.includes(part), shown);
      assert.ok(!shown.includes('eyJ') && !shown.includes('MII'), shown);
    });
  }

  it('hides a token that follows an underscore or a letter', () => {
    for (const before of ['token_', 'x', '"', '=', '/']) {
      assert.ok(!safeText(`${before}${jwtOf({ a: 1 })}`).includes('eyJ'), before);
    }
  });

  it('hides client secrets that Entra generates', () => {
    // Three characters, a digit, `Q~`, and 31 to 34 characters of letters, digits, `_`, `~`, `-` and `.`.
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_~-.'.split('');
    const part = (length: number) =>
      fc
        .array(fc.constantFrom(...letters), { minLength: length, maxLength: length })
        .map((all) => all.join(''));
    fc.assert(
      fc.property(part(3), fc.nat(9), part(34), (start, digit, end) => {
        const entra = `${start}${digit}Q~${end}`;
        const shown = safeText(`AADSTS7000215: Invalid client secret provided: '${entra}' for app.`);
        assert.ok(!shown.includes(end.slice(0, 12)), shown);
      }),
    );
  });

  const bytes = (length: number): fc.Arbitrary<Buffer> =>
    fc.uint8Array({ minLength: length, maxLength: length }).map((all) => Buffer.from(all));

  it('hides random base64 keys, regardless of their special characters', () => {
    const KEYS = [
      [32, 'key '],
      [64, 'AccountKey='],
      [64, 'the value '],
    ] as const;
    fc.assert(
      fc.property(
        fc.constantFrom(...KEYS).chain(([length, before]) => fc.tuple(bytes(length), fc.constant(before))),
        ([key, before]) => {
          assertHidden(before, key.toString('base64'));
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('hides a whole base64 key that contains what looks like the start of a token', () => {
    fc.assert(
      fc.property(bytes(64), fc.nat(72), (key, at) => {
        const text = key.toString('base64');
        assertHidden('the value ', `${text.slice(0, at)}eyJs${text.slice(at + 4)}`);
      }),
      {
        examples: [
          // The token ends at the first slash, and what follows is too short for a key.
          [
            Buffer.from(
              'g8AjIrYgwcl+hwtKzKOV8lW+CqBXGzOAqrMFpmBy6bzc0Q4yUeyJyjsNXY6l4/T/tgjlBAq8thlnO8QOgjishg==',
              'base64',
            ),
            49,
          ],
          [Buffer.alloc(64, 255), 40],
        ],
        numRuns: 1500,
      },
    );
  });

  it('hides forty random base64url characters that contain a tilde', () => {
    fc.assert(
      fc.property(bytes(29), fc.nat(38), (random, at) => {
        const text = random.toString('base64url');
        assertHidden('the value ', `${text.slice(0, at)}~${text.slice(at)}`);
      }),
      { numRuns: 1000 },
    );
  });

  function assertHidden(before: string, secretText: string): void {
    // Nothing follows, because a key can end with `sig=`.
    const shown = safeText(before + secretText);
    const rest = shown.replace(before, '').replaceAll('*', '').trim();
    assert.equal(rest, '', `${secretText} was shown: ${shown}`);
  }

  for (const readable of [
    '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-App-Prod-01/providers/Microsoft.Compute/virtualMachines/Web-Server-01',
    '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/RG/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/default',
    'a0B1c2D3-1234-4abc-8DEF-0123456789aB',
    `MicrosoftDefenderForCloud-JITRule_-123456_${HEX}`,
    `SecurityCenter-JITRule-987654-${HEX}`,
    'Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action',
    'AllowAzureLoadBalancerInBound',
    'MissingSubscriptionRegistration',
    'https://dev.azure.com/contoso/My%20Project/_build/results?buildId=4711',
    'my-very-long-host-name-01.internal.cloudapp.net',
    'vm-prod-weu-backend-frontend-cluster-node-0000000001',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    '2026-11-21T09:00:00.1234567Z',
    'status code=404, error code: ENOTFOUND',
  ]) {
    it(`does not change ${readable}`, () => {
      assert.equal(safeText(readable), readable);
    });
  }
});
