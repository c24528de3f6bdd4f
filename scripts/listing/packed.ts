import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Listing, ListingManifest } from './problems';

const PREFIX = 'Microsoft.VisualStudio.Services.';

/**
 * Reads the listing from an unpacked package, like the Marketplace: the page and the manifest that tfx wrote.
 *
 * @param files - The files of the package, relative to it.
 */
export async function readPackedListing(folder: string, files: readonly string[]): Promise<Listing> {
  const xml = await readFile(path.join(folder, 'extension.vsixmanifest'), 'utf8');
  return {
    text: await readFile(path.join(folder, 'README.md'), 'utf8'),
    files,
    manifest: parseManifest(xml),
  };
}

/** Reads the part of a `.vsixmanifest` that the page shows. tfx writes one element per line, with double quotes. */
export function parseManifest(xml: string): ListingManifest {
  const text = (element: string): string =>
    plain(new RegExp(`<${element}(?: [^>]*)?>([^<]*)</${element}>`).exec(xml)?.[1] ?? '');
  const attribute = (attributes: string, name: string): string =>
    plain(new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(attributes)?.[1] ?? '');
  const all = (element: string): string[] =>
    [...xml.matchAll(new RegExp(`<${element} ([^>]*?)/?>`, 'g'))].map(([, attributes = '']) => attributes);
  const properties = new Map(
    all('Property').map((one) => [attribute(one, 'Id').replace(PREFIX, ''), attribute(one, 'Value')]),
  );
  const assets = all('Asset').map((one) => ({
    ...{ type: attribute(one, 'Type').replace(PREFIX, ''), path: attribute(one, 'Path') },
    addressable: attribute(one, 'Addressable') === 'true',
  }));
  const identity = all('Identity')[0] ?? '';
  const links = [...properties].filter(([id]) => id.startsWith('Links.') && id !== 'Links.GitHub');
  const questions = properties.get('CustomerQnALink');
  const repository = properties.get('Links.GitHub');
  return {
    ...{ name: text('DisplayName'), description: text('Description') },
    ...{ publisher: attribute(identity, 'Publisher'), version: attribute(identity, 'Version') },
    ...{ categories: text('Categories').split(','), tags: text('Tags').split(',') },
    branding: {
      color: properties.get('Branding.Color') ?? '',
      theme: properties.get('Branding.Theme') === 'dark' ? 'dark' : 'light',
    },
    icons: { default: text('Icon') },
    screenshots: assets.filter(({ type }) => type.startsWith('Screenshots.')),
    badges: all('Badge').map((one) => ({
      ...{ href: attribute(one, 'Link'), uri: attribute(one, 'ImgUri') },
      description: attribute(one, 'Description'),
    })),
    links: Object.fromEntries(
      links.map(([id, uri]) => [id.replace('Links.', '').toLowerCase(), { uri }] as const),
    ),
    CustomerQnASupport: { enablemarketplaceqna: true, ...(questions !== undefined && { url: questions }) },
    ...(repository !== undefined && { repository: { url: repository } }),
    files: assets,
  };
}

const plain = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
