import { createHash } from 'node:crypto';
import { HOW_TO_NAME_ONE, type Repository } from './repository';
import type { TaskDefinition } from './tasks';

/**
 * For whom an extension is packed. By default: for everyone where a repository is named and for no one else yet where
 * none is, under the publisher in vss-extension.json.
 */
export interface Variant {
  /** The private channel, which can be installed beside the real extension. */
  readonly dev?: boolean;
  /** Another publisher than the one in vss-extension.json. */
  readonly publisher?: string | undefined;
  /** It must be public: packing fails where it cannot be. */
  readonly isPublic?: boolean;
  /** The address of another repository than the one in package.json. */
  readonly repository?: string | undefined;
}

/** The part of a manifest by which the Marketplace knows an extension. */
export interface Manifest extends Readonly<Record<string, unknown>> {
  readonly publisher: string;
  readonly id: string;
}

/** What the private channel puts behind the name of each task: `JitOpenPortsDev@1`. */
const DEV_SUFFIX = { name: 'Dev', friendlyName: ' (dev)' };

/**
 * The manifest of a variant: what it names itself wins over what the real one says. A package that names no repository
 * is private: its page would have no link for support, and a message no document to refer to.
 *
 * @throws Error when it must be public and cannot be.
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
 * A task as it is in a variant. The ids in the repository belong to the extension in vss-extension.json, for ever.
 * Every other extension has ids of its own, because the Marketplace and organizations refuse a second extension with
 * the same ones (microsoft/azure-devops-extension-tasks#34). They are made from the id of the real task and the
 * names of publisher and extension, so that they stay the same, too.
 *
 * The private channel also changes the names: of two installed tasks of one name, neither is found by `name@1`.
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
 * A manifest whose tab supports the tasks of its own extension. The private channel also changes the names of its pages.
 *
 * @param ids what the ids of the real tasks have become
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

/** What the manifest of an extension contributes. Pages have an address, tasks have none. */
interface Contribution {
  readonly properties: {
    readonly name: string;
    readonly uri?: string;
    readonly supportsTasks?: readonly string[];
  };
}

const fullName = ({ publisher, id }: Manifest): string => `${publisher}.${id}`;

/** A UUID made of a UUID and a name: equal ones give equal ones. (RFC 9562, 5.5) */
export function uuidV5(namespace: string, name: string): string {
  const hash = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name);
  const bytes = hash.digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
