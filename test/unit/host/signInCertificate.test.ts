import assert from 'node:assert/strict';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { findCertificateProblem } from '../../../tasks/shared/host/signInCertificate';
import { processAuthority } from '../../support/azure';

const keyOf = (pem: string): string => pem.slice(pem.search(/-----BEGIN [A-Z ]*PRIVATE KEY/));

describe('the certificate of a service connection', () => {
  const { pem, certificatePem } = processAuthority().issueSignIn('pipeline');
  const other = processAuthority().issueSignIn('other');
  const key = createPrivateKey(keyOf(pem));
  const encrypted = key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' });
  const traditional = key.export({ type: 'pkcs1', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' });
  const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

  it('is valid with its key, in either order and format', () => {
    const plain = key.export({ type: 'pkcs1', format: 'pem' });
    for (const text of [pem, keyOf(pem) + certificatePem, certificatePem + String(plain)]) {
      assert.equal(findCertificateProblem(text), undefined);
    }
  });

  for (const [problem, text] of [
    ['noKey', certificatePem],
    ['noKey', ''],
    ['noCertificate', keyOf(pem)],
    ['noCertificate', `-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n${keyOf(pem)}`],
    ['encryptedKey', certificatePem + String(encrypted)],
    ['encryptedKey', certificatePem + String(traditional)],
    ['badKey', `${certificatePem}-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n`],
    ['badKey', certificatePem + String(curve.export({ type: 'pkcs8', format: 'pem' }))],
    ['otherKey', certificatePem + keyOf(other.pem)],
  ] as const) {
    it(`is invalid with ${problem}: ${String(text.length)} characters`, () => {
      assert.equal(findCertificateProblem(text), problem);
    });
  }
});
