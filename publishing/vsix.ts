import { readFile } from 'node:fs/promises';
import { inflateRawSync } from 'node:zlib';

/** The identity in the manifest of a package. */
export interface PackageIdentity {
  readonly publisher: string;
  readonly id: string;
  readonly version: string;
  /** Whether everyone can install it once it is published. */
  readonly isPublic: boolean;
  /** Whether it names the repository of its links. */
  readonly hasRepository: boolean;
}

const MANIFEST = 'extension.vsixmanifest';

/** Reads the manifest of a package. @throws Error if the file is not a package. */
export async function readIdentity(vsix: string): Promise<PackageIdentity> {
  const manifest = readEntry(await readFile(vsix), MANIFEST)?.toString('utf8') ?? '';
  const identity = /<Identity ([^>]*)>/.exec(manifest)?.[1] ?? '';
  const attribute = (name: string): string => new RegExp(`\\b${name}="([^"]*)"`).exec(identity)?.[1] ?? '';
  const [publisher, id, version] = ['Publisher', 'Id', 'Version'].map(attribute) as [string, string, string];
  if (publisher === '' || id === '' || version === '') {
    throw new Error(`${vsix} is not the package of an extension.`);
  }
  const flags = /<GalleryFlags>([^<]*)<\/GalleryFlags>/.exec(manifest)?.[1] ?? '';
  return {
    ...{ publisher, id, version },
    isPublic: flags.split(/[ ,]+/).includes('Public'),
    hasRepository: manifest.includes('"Microsoft.VisualStudio.Services.Links.GitHub"'),
  };
}

/** The signatures of the end record and of a directory entry in a ZIP archive (PKWARE's APPNOTE, 4.3). */
const [END, ENTRY] = [0x06054b50, 0x02014b50];

/** Returns one file of a ZIP archive, or `undefined` if the archive has no such file. */
function readEntry(zip: Buffer, wanted: string): Buffer | undefined {
  // The end record is followed by a comment of at most 65,535 bytes.
  let end = zip.length - 22;
  while (end >= 0 && end > zip.length - 65_558 && zip.readUInt32LE(end) !== END) end -= 1;
  if (end < 0 || zip.readUInt32LE(end) !== END) return undefined;
  let at = zip.readUInt32LE(end + 16);
  while (at + 46 <= end && zip.readUInt32LE(at) === ENTRY) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) =>
      zip.readUInt16LE(at + offset),
    ) as [number, number, number];
    if (zip.toString('utf8', at + 46, at + 46 + nameLength) === wanted) {
      const file = zip.readUInt32LE(at + 42);
      const start = file + 30 + zip.readUInt16LE(file + 26) + zip.readUInt16LE(file + 28);
      const bytes = zip.subarray(start, start + zip.readUInt32LE(at + 20));
      return zip.readUInt16LE(at + 10) === 0 ? bytes : inflateRawSync(bytes);
    }
    at += 46 + nameLength + extraLength + commentLength;
  }
  return undefined;
}
