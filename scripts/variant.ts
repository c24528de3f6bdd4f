import { createHash } from 'node:crypto';
import { HOW_TO_NAME_ONE, type Repository } from './repository';
import type { TaskDefinition } from './tasks';

/**
 * The audience of a package. By default, it is for everyone if a repository is named, and otherwise private, under the
 * publisher in vss-extension.json.
 */
export interface Variant {
  /** The private channel, which can be installed together with the real extension. */
  readonly dev?: boolean;
  /** A different publisher from the one in vss-extension.json. */
  readonly publisher?: string | undefined;
  /** Whether it must be public. If it cannot be, packing fails. */
  readonly isPublic?: boolean;
  /** The URL of a different repository from the one in package.json. */
  readonly repository?: string | undefined;
}

/** The part of a manifest that identifies an extension in the Marketplace. */
export interface Manifest extends Readonly<Record<string, unknown>> {
  readonly publisher: string;
  readonly id: string;
}

/** The suffix of each task name in the private channel: `JitOpenPortsDev@1`. */
const DEV_SUFFIX = { name: 'Dev', friendlyName: ' (dev)' };

/**
 * Returns the manifest of a variant, whose own values take precedence over the real manifest. A package that names no
 * repository is private: its page would have no link for support, and its messages no document to refer to.
 *
 * @throws Error if it must be public and cannot be.
 */
export function variantManifest(
  own: Manifest,
  devOverrides: object,
  variant: Variant,
  repository: Repository | undefined,
): Manifest {
  const { dev = false, publisher = own.publisher } = variant;
  if (variant.isPublic === true && dev) throw new Error('The private channel cannot be packed as public.');
  if (variant.isPublic === true && repository === undefined) {
    throw new Error(`A public package needs a repository, and package.json names none. ${HOW_TO_NAME_ONE}`);
  }
  return {
    ...own,
    ...(repository === undefined && { public: false }),
    ...(dev && devOverrides),
    publisher,
  };
}

/**
 * Returns a task as it is in a variant. The IDs in the repository permanently belong to the extension in
 * vss-extension.json. Every other extension has its own IDs, because the Marketplace and organizations reject a second
 * extension with the same ones (microsoft/azure-devops-extension-tasks#34). They are based on the ID of the real task
 * and the names of publisher and extension, so that they never change either.
 *
 * The private channel also changes the names: if two tasks with the same name are installed, neither is found by
 * `name@1`.
 */
export function variantTask(
  task: TaskDefinition,
  own: Manifest,
  packed: Manifest,
  { dev = false }: Variant,
): TaskDefinition {
  const isOwn = fullName(own) === fullName(packed);
  return {
    ...task,
    id: isOwn ? task.id : uuidV5(task.id, fullName(packed)),
    name: task.name + (dev ? DEV_SUFFIX.name : ''),
    friendlyName: task.friendlyName + (dev ? DEV_SUFFIX.friendlyName : ''),
  };
}

/**
 * Returns a manifest with a tab for the tasks of its own extension. The private channel also changes the names of its
 * pages.
 *
 * @param ids the IDs in this variant, by the IDs of the real tasks
 */
export function variantPages(
  manifest: Manifest,
  ids: ReadonlyMap<string, string>,
  { dev = false }: Variant,
): Manifest {
  const contributions = (manifest['contributions'] ?? []) as readonly Contribution[];
  return {
    ...manifest,
    contributions: contributions.map((one) => {
      const { name, uri, supportsTasks } = one.properties;
      if (uri === undefined) return one;
      const supported = supportsTasks && { supportsTasks: supportsTasks.map((id) => ids.get(id) ?? id) };
      const named = { name: name + (dev ? DEV_SUFFIX.friendlyName : '') };
      return { ...one, properties: { ...one.properties, ...named, ...supported } };
    }),
  };
}

/** A contribution in the manifest of an extension. Pages have a URL, tasks have none. */
interface Contribution {
  readonly properties: {
    readonly name: string;
    readonly uri?: string;
    readonly supportsTasks?: readonly string[];
  };
}

const fullName = ({ publisher, id }: Manifest): string => `${publisher}.${id}`;

/** Returns a UUID that is based on a UUID and a name. Equal values result in equal UUIDs. (RFC 9562, 5.5) */
export function uuidV5(namespace: string, name: string): string {
  const hash = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name);
  const bytes = hash.digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
