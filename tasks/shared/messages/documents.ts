/**
 * The address of this version's documents, with `{file}` as the placeholder for a file. Packaging writes it into the
 * program. It is undefined in a package that names no repository, and not declared if the source runs unpacked.
 */
declare const DOCUMENT_ADDRESS: string | undefined;

/** The documents that messages refer to: the file, and the section of the extension's Marketplace page about it. */
export const DOCUMENTS = {
  roles: { file: 'docs/permissions.md', section: 'The role' },
} as const;

export type DocumentName = keyof typeof DOCUMENTS;

/** Returns how a message names a document: its address, or the section of the Marketplace page if it has no address. */
export function documentNamed(
  name: DocumentName,
  address = typeof DOCUMENT_ADDRESS === 'undefined' ? undefined : DOCUMENT_ADDRESS,
): string {
  const { file, section } = DOCUMENTS[name];
  return address === undefined
    ? `the section "${section}" of the extension's Marketplace page`
    : address.replace('{file}', file);
}
