/**
 * Where the documents of this version are, with `{file}` in the place of a file. Packing puts it into the program;
 * undefined in a package that names no repository, and not declared where the source runs unpacked.
 */
declare const DOCUMENT_ADDRESS: string | undefined;

/** The documents that messages refer to: the file, and the section of the extension's Marketplace page on the same. */
export const DOCUMENTS = {
  roles: { file: 'docs/permissions.md', section: 'The role' },
} as const;

export type DocumentName = keyof typeof DOCUMENTS;

/** What a message calls a document: its address, or the section of the Marketplace page where there is no address. */
export function documentNamed(
  name: DocumentName,
  address = typeof DOCUMENT_ADDRESS === 'undefined' ? undefined : DOCUMENT_ADDRESS,
): string {
  const { file, section } = DOCUMENTS[name];
  return address === undefined
    ? `the section "${section}" of the extension's Marketplace page`
    : address.replace('{file}', file);
}
