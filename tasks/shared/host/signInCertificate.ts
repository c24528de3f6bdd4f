import { createPrivateKey, X509Certificate } from 'node:crypto';

/** Why a certificate cannot be used to sign in. */
export type CertificateProblem = 'noCertificate' | 'noKey' | 'encryptedKey' | 'badKey' | 'otherKey';

/**
 * Checks whether the certificate of a service connection can sign: certificate and private key are in one PEM text, and
 * the key is not encrypted, is RSA, and belongs to the certificate. Otherwise, the error of Entra would be misleading.
 */
export function findCertificateProblem(pem: string): CertificateProblem | undefined {
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem)) return 'noKey';
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: *4, *ENCRYPTED/m.test(pem)) return 'encryptedKey';
  let certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch {
    return 'noCertificate';
  }
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType !== 'rsa') return 'badKey';
    return certificate.checkPrivateKey(key) ? undefined : 'otherKey';
  } catch {
    return 'badKey';
  }
}
