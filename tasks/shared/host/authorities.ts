import { X509Certificate } from 'node:crypto';
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, parse, relative, resolve, sep } from 'node:path';
import * as tls from 'node:tls';
import { distrustsNodesAuthorities } from './environment';
import { reasonOf } from './files';

/** The certificate authority file of the agent, which is trusted in addition to Node's own authorities. */
export type Authorities =
  | { readonly kind: 'trusted'; readonly pem: string }
  /** `reason` is the file system's error code, if there is one. */
  | { readonly kind: 'unreadable'; readonly reason: string }
  /** The file is in a folder that jobs can write to. */
  | { readonly kind: 'ofJob'; readonly folder: string };

/** The maximum size of the file in bytes: 4 MiB. No list of authorities is longer. */
const LONGEST = 4 * 1024 * 1024;

/**
 * Reads the certificate file that the agent was configured with. The file of an administrator is outside the folders
 * that jobs can write to. A file inside such a folder is not trusted, even if it is reached through links.
 *
 * @param folders the folders that jobs can write to, such as the agent's work folder
 */
export function readAuthorities(file: string, folders: readonly string[]): Authorities {
  try {
    const real = realpathSync.native(file);
    const folder = folders.find((one) => [resolve(file), real].some((path) => isInside(path, one)));
    if (folder !== undefined) return { kind: 'ofJob', folder };
    const found = statSync(real);
    if (!found.isFile()) return { kind: 'unreadable', reason: 'it is not a file' };
    if (found.size > LONGEST) return { kind: 'unreadable', reason: 'it is too large' };
    const pem = readFileSync(real, 'utf8');
    return isList(pem)
      ? { kind: 'trusted', pem }
      : { kind: 'unreadable', reason: 'it contains no certificates in PEM format' };
  } catch (error) {
    return { kind: 'unreadable', reason: reasonOf(error) };
  }
}

/**
 * Returns the certificates to trust: Node's own authorities, those that the machine adds with NODE_EXTRA_CA_CERTS, and
 * the agent's. `secureContext` is `undefined` if Node's default is sufficient. Call it once: it is as slow as a
 * connection.
 *
 * @param pem the agent's certificates, if it has any
 * @returns The context, and the files that the machine adds in `extra`.
 */
export function trustedAuthorities(pem: string | undefined): {
  readonly secureContext: tls.SecureContext | undefined;
  readonly extra: readonly string[];
} {
  const extra = readExtra();
  return {
    secureContext: makeContext(pem, extra),
    extra: extra.map(({ name }) => name),
  };
}

function makeContext(
  pem: string | undefined,
  extra: readonly { readonly text: string }[],
): tls.SecureContext | undefined {
  if (pem === undefined && !distrustsNodesAuthorities) return undefined;
  const added = [...extra.map(({ text }) => text), pem ?? ''].flatMap(
    (text) => text.match(CERTIFICATE) ?? [],
  );
  // A list replaces Node's list, so Node's authorities are included. A machine's file usually repeats them, and each
  // takes a tenth of a millisecond or more to parse.
  const all = new Map([...tls.rootCertificates, ...added].map((text) => [text.replace(/\s/g, ''), text]));
  return tls.createSecureContext({ ca: [...all.values()] });
}

/** A certificate in PEM format, with the labels of RFC 7468 and the older ones of OpenSSL. */
const CERTIFICATE =
  /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[^-]+-----END (?:X509 |TRUSTED )?CERTIFICATE-----/g;

/** Reads the file that Node adds to its own list. If it cannot be read, Node also continues, with its own warning. */
function readExtra(): readonly { readonly name: string; readonly text: string }[] {
  const name = process.env['NODE_EXTRA_CA_CERTS'];
  if (!name) return [];
  try {
    return [{ name, text: readFileSync(name, 'utf8') }];
  } catch {
    return [];
  }
}

/** Whether a text contains a certificate. Node itself ignores what it cannot parse. */
function isList(text: string): boolean {
  try {
    new X509Certificate(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether a path is inside a folder. A root or a whole drive contains everything, so it does not count. */
function isInside(path: string, folder: string): boolean {
  return [resolve(folder), realOf(folder)].some((one) => {
    const relativePath = relative(one, path);
    return (
      parse(one).root !== one &&
      relativePath !== '' &&
      relativePath !== '..' &&
      !relativePath.startsWith(`..${sep}`) &&
      !isAbsolute(relativePath)
    );
  });
}

function realOf(folder: string): string {
  try {
    return realpathSync.native(folder);
  } catch {
    return resolve(folder);
  }
}
