import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bits, der, integer, objectId, octets, sequence, set, text, TRUE, utcTime } from './der';

/** The certificate and key of a TLS server, as PEM texts. */
export interface ServerCertificate {
  readonly key: string;
  readonly cert: string;
}

/** A certificate with which a service principal signs in. */
export interface SignInCertificate {
  /** The certificate and the private key in one PEM text, as in a service connection. */
  readonly pem: string;
  readonly certificatePem: string;
  /** SHA-1 of the certificate, in upper-case hex. */
  readonly thumbprint: string;
}

/** A private certificate authority that exists as long as the process. */
export interface CertificateAuthority {
  readonly caPem: string;
  /** The path of a PEM file with the authority's certificate. It is removed when the process ends. */
  readonly caFile: string;
  /** Issues a server certificate (EC P-256) for DNS names and addresses, valid from yesterday for `days`. */
  issueServer(names: readonly string[], days?: number): ServerCertificate;
  /** Issues a certificate with an RSA key, as Entra requires for client assertions. */
  issueSignIn(commonName: string): SignInCertificate;
}

/**
 * The names in the certificates of the simulated services. Only `localhost` and 127.0.0.1 resolve without help. A proxy
 * can lead the other names here.
 */
export const SERVER_NAMES = [
  'localhost',
  '127.0.0.1',
  'dev.azure.com',
  'contoso.visualstudio.com',
  'management.azure.com',
  'login.microsoftonline.com',
  'login.windows.net',
  'management.usgovcloudapi.net',
  'login.microsoftonline.us',
  'login-us.microsoftonline.com',
  'management.chinacloudapi.cn',
  'login.chinacloudapi.cn',
  'login.partner.microsoftonline.cn',
  'arm.azure.test',
  'login.azure.test',
  'echo.azure.test',
];

const DAY_MS = 86_400_000;
const ECDSA_SHA256 = sequence(objectId('1.2.840.10045.4.3.2'));

interface Subject {
  readonly commonName: string;
  readonly publicKey: KeyObject;
  readonly extensions: readonly Buffer[];
  readonly days: number;
}

const nameOf = (commonName: string): Buffer => sequence(set(sequence(objectId('2.5.4.3'), text(commonName))));

const extension = (id: string, value: Buffer, critical = false): Buffer =>
  sequence(objectId(id), ...(critical ? [TRUE] : []), octets(value));

const toPem = (label: string, content: Buffer): string =>
  `-----BEGIN ${label}-----\n${content.toString('base64').replace(/(.{64})(?=.)/g, '$1\n')}\n-----END ${label}-----\n`;

/** Creates an X.509 v3 certificate (RFC 5280, section 4.1), signed with the issuer's EC key. */
function certificate(subject: Subject, issuer: string, issuerKey: KeyObject): Buffer {
  const since = Date.now() - DAY_MS;
  const body = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ECDSA_SHA256,
    nameOf(issuer),
    sequence(utcTime(since), utcTime(since + subject.days * DAY_MS)),
    nameOf(subject.commonName),
    subject.publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...subject.extensions)),
  );
  return sequence(body, ECDSA_SHA256, bits(sign('sha256', body, issuerKey)));
}

function alternativeNames(names: readonly string[]): Buffer {
  const entries = names.map((name) =>
    isIP(name) === 4 ? der(0x87, Buffer.from(name.split('.').map(Number))) : der(0x82, Buffer.from(name)),
  );
  return extension('2.5.29.17', sequence(...entries));
}

const exportKey = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

function saveForChildren(pem: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'simulated-azure-'));
  const file = join(folder, 'ca.pem');
  writeFileSync(file, pem);
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  return file;
}

/** Creates an authority with a new key. Its certificate is also written to a file for child processes. */
export function createAuthority(commonName: string): CertificateAuthority {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const authority = extension('2.5.29.19', sequence(TRUE), true);
  const mayOnlySign = extension('2.5.29.15', bits(Buffer.from([0x06]), 1), true);
  const own = { commonName, publicKey, extensions: [authority, mayOnlySign], days: 30 };
  const caPem = toPem('CERTIFICATE', certificate(own, commonName, privateKey));
  return {
    caPem,
    caFile: saveForChildren(caPem),
    issueServer(names, days = 30) {
      const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const extensions = [alternativeNames(names)];
      const subject = { commonName: names[0] ?? 'server', publicKey: pair.publicKey, extensions, days };
      const content = certificate(subject, commonName, privateKey);
      return { key: exportKey(pair.privateKey), cert: toPem('CERTIFICATE', content) };
    },
    issueSignIn(name) {
      const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
      const extensions = [extension('2.5.29.15', bits(Buffer.from([0x80]), 7), true)];
      const content = certificate(
        { commonName: name, publicKey: pair.publicKey, extensions, days: 30 },
        commonName,
        privateKey,
      );
      const certificatePem = toPem('CERTIFICATE', content);
      const thumbprint = createHash('sha1').update(content).digest('hex').toUpperCase();
      return { pem: certificatePem + exportKey(pair.privateKey), certificatePem, thumbprint };
    },
  };
}

let shared: CertificateAuthority | undefined;

/**
 * Returns the authority of this process, which is created once, so that a child process can trust every simulated
 * service with one file.
 */
export function processAuthority(): CertificateAuthority {
  shared ??= createAuthority('Simulated Azure test authority');
  return shared;
}

let stranger: CertificateAuthority | undefined;

/** Returns an authority that no client trusts, for services that a careful client must reject. */
export function untrustedAuthority(): CertificateAuthority {
  stranger ??= createAuthority('Authority that nobody trusts');
  return stranger;
}
