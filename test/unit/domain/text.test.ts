import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { formatUtc, listText, markdownText, safeText, say } from '../../../tasks/shared/domain/text';
import { jwtOf, pemOf } from './credentials';
import { HEX } from './networks';

/** Any text, with what is dangerous made frequent. */
const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '##vso[task.setvariable variable=x]y',
        '##[error]',
        '#',
        '##',
        'vso[',
        '\r\n',
        '\u202e',
        '\u200b',
        '\u2028',
        '\ud83d\ude00',
        '\ud83d',
        '|',
        '`',
        '<img src=x>',
        ' ',
        'a'.repeat(397),
      ),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

describe('foreign text', () => {
  it('never holds control, format, separator or lone surrogate characters', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        assert.doesNotMatch(safeText(text), /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
      }),
    );
  });

  it('never holds the start of a logging command', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        assert.doesNotMatch(safeText(text), /##[\w.]*\[/);
      }),
    );
  });

  it('is never longer than 400 characters, and stays as it is the second time', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const once = safeText(text);
        assert.ok(once.length <= 400);
        assert.equal(safeText(once), once);
      }),
    );
  });

  it('does not cut a character in two', () => {
    for (let length = 395; length <= 405; length++) {
      const shown = safeText(`${'a'.repeat(length)}\u{1f600}${'b'.repeat(20)}`);
      assert.doesNotMatch(shown, /\p{Cs}/u, `after ${length}`);
    }
  });

  it('keeps ordinary text', () => {
    const text = 'The VM "web-01" (größe: 2, 日本) is in #5 of rg_app; see https://aka.ms/x?y=1#z.';
    assert.equal(safeText(text), text);
  });

  it('is made harmless wherever a sentence takes it in', () => {
    assert.doesNotMatch(say`VM ${'##vso[task.complete]\n\u202e'} on ${22}`, /##vso\[|\n|\u202e/);
    assert.equal(say`port ${22} of ${'web-01'}.`, 'port 22 of web-01.');
  });
});

describe('credentials in foreign text', () => {
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
  ];
  for (const [what, text, part] of CREDENTIALS) {
    it(`hides ${what}`, () => {
      const shown = safeText(text);
      assert.ok(shown.includes('***'), shown);
      if (part) assert.ok(!shown.includes(part), shown);
      assert.ok(!shown.includes('eyJ') && !shown.includes('MII'), shown);
    });
  }

  it('hides a token that comes after an underscore or a letter', () => {
    for (const before of ['token_', 'x', '"', '=', '/']) {
      assert.ok(!safeText(`${before}${jwtOf({ a: 1 })}`).includes('eyJ'), before);
    }
  });

  it('hides the secrets that Entra makes', () => {
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

  it('hides forty random characters of base64url and a tilde', () => {
    for (let round = 0; round < 200; round++) {
      const text = randomBytes(29).toString('base64url');
      const secretText = `${text.slice(0, round % 39)}~${text.slice(round % 39)}`;
      const shown = safeText(`the value ${secretText} was given`);
      assert.ok(!shown.includes(secretText), `shown: ${shown}`);
    }
  });

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
    it(`keeps readable: ${readable}`, () => {
      assert.equal(safeText(readable), readable);
    });
  }
});

describe('foreign text in Markdown', () => {
  it('holds nothing that Markdown or HTML reads', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const entities = /&(?:amp|lt|gt|#\d+);/g;
        const left = markdownText(text).replace(entities, '');
        assert.doesNotMatch(left, /[\\`*_[\]<>|~&\n\r]|:\/\//);
      }),
    );
  });

  it('reads back as the text', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const named: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };
        const back = markdownText(text).replace(
          /&(?:amp|lt|gt|#(\d+));/g,
          (entity, number?: string) => named[entity] ?? String.fromCharCode(Number(number)),
        );
        assert.equal(back, safeText(text));
      }),
    );
  });

  it('makes no link of an address', () => {
    for (const text of ['https://evil.test/', 'www.evil.test', 'ops@evil.test', '[a](b)', '![a](b)']) {
      assert.doesNotMatch(markdownText(text), /https?:\/\/|\bwww\.\w|\w@\w|\]\(/);
    }
  });
});

describe('words', () => {
  it('lists as people do', () => {
    assert.equal(listText([]), '');
    assert.equal(listText(['a']), 'a');
    assert.equal(listText(['a', 'b']), 'a and b');
    assert.equal(listText(['a', 'b', 'c'], 'or'), 'a, b or c');
  });

  it('writes a moment as UTC to the second', () => {
    assert.equal(formatUtc(Date.UTC(2026, 10, 21, 9, 5, 7, 900)), '2026-11-21 09:05:07 UTC');
  });
});
