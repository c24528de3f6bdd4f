import { X509Certificate } from 'node:crypto';
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, parse, relative, resolve, sep } from 'node:path';
import * as tls from 'node:tls';
import { distrustsNodesAuthorities } from './environment';
import { reasonOf } from './files';

/** The file that the agent says to trust beside Node's own authorities. */
export type Authorities =
  | { readonly kind: 'trusted'; readonly pem: string }
  /** `reason` is an error's code, where the file system gave one. */
  | { readonly kind: 'unreadable'; readonly reason: string }
  /** The file lies in a folder that jobs write. */
  | { readonly kind: 'ofJob'; readonly folder: string };

/** No list of authorities is as long: four megabytes. */
const LONGEST = 4 * 1024 * 1024;

/**
 * Reads the file of certificates that the agent was configured with. An administrator's lies outside the folders that
 * jobs write: one inside is somebody else's, whatever links lead there.
 *
 * @param folders those that jobs write, such as the agent's work folder
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
 * What to trust: Node's own authorities, those that the machine adds by NODE_EXTRA_CA_CERTS, and the agent's. Nothing
 * stands for what Node trusts by itself. To be called once: it takes as long as a connection.
 *
 * @param pem the agent's, where it has any
 * @returns Also the files that the machine adds.
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
  // Naming any replaces Node's list, so that it is repeated. A machine's file mostly has the same ones again, and each
  // takes a tenth of a millisecond and more to read.
  const all = new Map([...tls.rootCertificates, ...added].map((text) => [text.replace(/\s/g, ''), text]));
  return tls.createSecureContext({ ca: [...all.values()] });
}

/** A certificate in PEM form, with the words of its lines (RFC 7468), and OpenSSL's older ones. */
const CERTIFICATE =
  /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[^-]+-----END (?:X509 |TRUSTED )?CERTIFICATE-----/g;

/** What Node adds to its own list by itself. It goes on without this file as well, after a warning of its own. */
function readExtra(): readonly { readonly name: string; readonly text: string }[] {
  const name = process.env['NODE_EXTRA_CA_CERTS'];
  if (!name) return [];
  try {
    return [{ name, text: readFileSync(name, 'utf8') }];
  } catch {
    return [];
  }
}

/** Whether Node, which passes over what it cannot read, would find anything in it. */
function isList(text: string): boolean {
  try {
    new X509Certificate(text);
    return true;
  } catch {
    return false;
  }
}

/** A folder that is a whole drive or the root holds everything, and says nothing. */
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
