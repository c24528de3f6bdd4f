import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createSecrets } from '../../support/agent/secrets';

const secretText = fc
  .string({ minLength: 8, maxLength: 40 })
  .filter((text) => text.trim() === text && !text.startsWith('-----'));

describe('the secrets of a job', () => {
  it('are found in clear, URL-encoded, and in base64, at any position', () => {
    fc.assert(
      fc.property(secretText, fc.string(), fc.string(), (secret, before, after) => {
        const secrets = createSecrets();
        secrets.add(secret);
        const base64 = Buffer.from(`${before}${secret}${after}`).toString('base64');
        for (const text of [secret, encodeURIComponent(secret), JSON.stringify({ secret }), base64]) {
          assert.notDeepEqual(secrets.find(`${before}${text}${after}`), [], text);
        }
      }),
    );
  });

  it('are not found in other text', () => {
    const secrets = createSecrets();
    secrets.add('correct-horse-battery');
    assert.deepEqual(secrets.find('correct horse battery'), []);
  });

  it('include the lines of a certificate, but not its header and footer', () => {
    const secrets = createSecrets();
    secrets.add(
      '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\r\nhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----',
    );
    assert.deepEqual(secrets.find('-----BEGIN PRIVATE KEY-----'), []);
    assert.deepEqual(secrets.find('see hkiG9w0BAQEFAASC'), ['in clear']);
  });

  it('are masked in the log', () => {
    const secrets = createSecrets();
    secrets.add('first-secret');
    secrets.addMask('second\nthird');
    assert.equal(secrets.mask('first-secret second third fourth'), '*** *** *** fourth');
  });
});
