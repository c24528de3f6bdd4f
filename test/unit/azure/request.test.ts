import assert from 'node:assert/strict';
import fc from 'fast-check';
import { deleteRule } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/azure/deleteRule';
import type { Arm } from '../../../tasks/shared/azure/arm';
import { addressOf } from '../../../tasks/shared/azure/request';
import { CodedError } from '../../../tasks/shared/core/errors';
import { hostileText } from '../hostileTexts';

const ARM = 'https://management.azure.com';
const GROUP = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/networkSecurityGroups/nsg';
const isSenseless = (error: unknown): boolean => error instanceof CodedError && error.code === 'JIT604';

const part = fc.oneof(
  hostileText,
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '..',
    '.',
    '%2e%2e',
    '.%2E',
    '',
    '#',
    '?',
    '%',
    '\\',
    '\ud800',
    'ü',
    'a b',
    '..a',
    ' ..',
    '..\t',
  ),
);

describe('the URL of an Azure resource', () => {
  it('has exactly the intended path, or is rejected', () => {
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
        const path = `/${parts.join('/')}`;
        let url: string;
        try {
          url = addressOf(ARM, path, 'network');
        } catch (error) {
          assert.ok(isSenseless(error), String(error));
          return;
        }
        const { origin, pathname, hash } = new URL(url);
        assert.deepEqual([origin, decodeURIComponent(pathname), hash], [ARM, path, '']);
      }),
      { numRuns: 2000 },
    );
  });

  it('can contain all names that Azure allows', () => {
    for (const path of [
      GROUP,
      `${GROUP}/securityRules/a b#1%`,
      '/providers/Microsoft.ResourceGraph/resources',
      '/s/ü..',
    ])
      assert.equal(decodeURIComponent(new URL(addressOf(ARM, path, 'network')).pathname), path);
  });

  for (const path of [
    '',
    '/',
    'subscriptions/s',
    `${GROUP}/`,
    `${GROUP}/x/../..`,
    `${GROUP}/%2e%2E/x`,
    '//evil.example/x',
  ])
    it(`is rejected for ${path || 'nothing'}`, () => {
      assert.throws(() => addressOf(ARM, path, 'network'), isSenseless);
    });
});

describe('deleting a rule', () => {
  const arm: Partial<Arm> = {
    url: ARM,
    send: () => Promise.reject(new Error('Nothing may be sent.')),
  };
  for (const name of [
    'MicrosoftDefenderForCloud-JITRule-1/../..',
    '..',
    '',
    'one/two',
    'one\\two',
    'one?two',
  ]) {
    it(`rejects a name that would change the path: ${name || 'nothing'}`, async () => {
      const deleting = deleteRule(arm as Arm, GROUP, name, {
        signal: new AbortController().signal,
        remainingMs: () => 1000,
      });
      await assert.rejects(deleting, isSenseless);
    });
  }
});
