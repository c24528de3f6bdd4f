/** The part of esbuild's metafile that is used. Paths are relative to the repository, with slashes. */
export interface BundleRecord {
  readonly outputs: Readonly<
    Record<
      string,
      {
        readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>>;
        readonly imports: readonly { readonly path: string; readonly external?: boolean }[];
      }
    >
  >;
}

/** An npm package that contributes at least one byte to a bundle. */
export interface BundledPackage {
  readonly name: string;
  /** `node_modules/jsonwebtoken/node_modules/semver` */
  readonly folder: string;
}

/**
 * Packages that are allowed to be bundled twice, with the reason why this is harmless. Any other package that is
 * bundled twice is an error: two copies mean two classes with the same name, and `instanceof` is false between them.
 */
const ACCEPTED_TWICE: Readonly<Record<string, string>> = {
  semver: 'task-lib requires version 5 and jsonwebtoken version 7; both only compare strings',
};

const PACKAGE_FOLDER = /^(?:.*\/)?node_modules\/(@[^/]+\/[^/]+|[^/]+)(?=\/)/;
const BUILD_FOLDER = /\/(?:esm|commonjs|cjs|mjs)\/index\.[cm]?js$/;

/** Returns the packages with code in the bundle, by name. Removed code does not count. */
export function bundledPackages(record: BundleRecord): BundledPackage[] {
  const found = new Map<string, BundledPackage>();
  for (const file of bundledModules(record)) {
    const match = PACKAGE_FOLDER.exec(file);
    if (match?.[1] !== undefined) found.set(match[0], { name: match[1], folder: match[0] });
  }
  return [...found.values()].sort((a, b) => a.folder.localeCompare(b.folder, 'en'));
}

/** Returns the files with code in the bundle, of this project and of packages. */
export function bundledModules(record: BundleRecord): string[] {
  return bundledFiles(record)
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([file]) => file);
}

/**
 * Names every package that is bundled twice: from two folders, or as two builds (ES modules and CommonJS) of one
 * folder. Packages share state files between their builds on purpose, so that only the index file indicates a second
 * copy.
 */
export function findDuplicates(record: BundleRecord): string[] {
  const copies = new Map<string, Set<string>>();
  const add = (name: string, where: string): void => {
    copies.set(name, (copies.get(name) ?? new Set()).add(where));
  };
  for (const { name, folder } of bundledPackages(record)) add(name, folder);
  for (const [file] of bundledFiles(record)) {
    const match = PACKAGE_FOLDER.exec(file);
    if (match?.[1] === undefined || !BUILD_FOLDER.test(file)) continue;
    const index = file.replace(BUILD_FOLDER, '');
    if (index === match[0] || index === `${match[0]}/dist`) add(`${match[1]} (its builds)`, file);
  }
  return [...copies]
    .filter(([name, places]) => places.size > 1 && !(name in ACCEPTED_TWICE))
    .map(([name, places]) => `${name}: ${[...places].sort().join(', ')}`);
}

/** Returns the modules that the bundle requires at run time, except for Node's own. */
export function findExternals(record: BundleRecord, builtins: readonly string[]): string[] {
  const imports = Object.values(record.outputs).flatMap((output) => output.imports);
  const names = imports
    .filter((entry) => entry.external === true)
    .map((entry) => entry.path)
    .filter((name) => !builtins.includes(name.replace(/^node:/, '')));
  return [...new Set(names)];
}

function bundledFiles(record: BundleRecord): [string, { bytesInOutput: number }][] {
  return Object.values(record.outputs).flatMap((output) => Object.entries(output.inputs));
}
