import { Enums, Models, Serialize, Spec, SPDX } from '@cyclonedx/cyclonedx-library';
import { createHash } from 'node:crypto';
import type { LicensedPackage } from './licensedPackages';

/** A program of the extension, with its actual content. */
export interface Program {
  /** Relative to the package: `tasks/JitOpenPorts/JitOpenPortsV1/index.js`. */
  readonly target: string;
  readonly content: Buffer;
  readonly packages: readonly LicensedPackage[];
}

/**
 * Returns the software bill of materials as CycloneDX 1.6 JSON (https://cyclonedx.org/docs/1.6/json/): every program
 * with its hash, and every package in it. It has neither a time nor a serial number, so that equal packages have equal
 * bills.
 *
 * @throws Error if a license is not an SPDX ID.
 */
export function formatSbom(extension: { id: string; version: string }, programs: readonly Program[]): string {
  const bom = new Models.Bom();
  const main = new Models.Component(Enums.ComponentType.Application, extension.id, {
    bomRef: `${extension.id}@${extension.version}`,
    version: extension.version,
    licenses: new Models.LicenseRepository([new Models.SpdxLicense('MIT')]),
  });
  bom.metadata.component = main;
  const libraries = new Map<string, Models.Component>();
  for (const { target, content, packages } of programs) {
    const file = toFile(target, content);
    bom.components.add(file);
    main.dependencies.add(file.bomRef);
    for (const entry of packages) {
      const key = `${entry.name}@${entry.version}`;
      const library = libraries.get(key) ?? toLibrary(entry);
      libraries.set(key, library);
      bom.components.add(library);
      file.dependencies.add(library.bomRef);
    }
  }
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}

function toFile(target: string, content: Buffer): Models.Component {
  const hash = createHash('sha256').update(content).digest('hex');
  return new Models.Component(Enums.ComponentType.File, target, {
    bomRef: target,
    hashes: new Models.HashDictionary([[Enums.HashAlgorithm['SHA-256'], hash]]),
  });
}

function toLibrary({ name, version, license, folder }: LicensedPackage): Models.Component {
  const isKnown: boolean = SPDX.isSupportedSpdxId(license);
  if (!isKnown) throw new Error(`${folder} has the license ${license}, which is not an SPDX ID.`);
  const [own = name, group] = name.split('/').reverse();
  return new Models.Component(Enums.ComponentType.Library, own, {
    bomRef: `${name}@${version}`,
    version,
    // By the specification of package URLs for npm, the @ of the scope is encoded.
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
    licenses: new Models.LicenseRepository([new Models.SpdxLicense(license)]),
    ...(group !== undefined && { group }),
  });
}
