import MarkdownIt from 'markdown-it';
import { escapeHtml, htmlPage } from '../screenshots/html';
import type { ListingManifest } from './problems';
import { LISTING_STYLE } from './style';

/** The content of a page in the Marketplace. */
export interface ListingPage {
  readonly text: string;
  readonly manifest: ListingManifest;
  /** The pictures of the package as `data:` URLs, by their path in it. */
  readonly pictures: ReadonlyMap<string, string>;
}

/** The names in the Marketplace for the keys of `links` in a manifest. */
const LINKS: Readonly<Record<string, string>> = {
  getstarted: 'Get started',
  learn: 'Learn',
  license: 'License',
  privacypolicy: 'Privacy policy',
  support: 'Support',
  issues: 'Issues',
};

/**
 * Returns the listing as one HTML page that needs no other files: banner, text, and the column next to it. The layout
 * follows the Marketplace's page of an extension, and the banner has the color in the manifest.
 */
export function listingPage({ text, manifest, pictures }: ListingPage): string {
  const { name, publisher, description, branding, badges = [] } = manifest;
  const picture = (file: string): string => escapeHtml(pictures.get(file) ?? '');
  const badgeLinks = badges.map(
    (badge) => `<a href="${escapeHtml(badge.href)}">${escapeHtml(badge.description)}</a>`,
  );
  return htmlPage(
    name,
    LISTING_STYLE.replace('BANNER', branding.color),
    `<header class="${branding.theme}"><div>
<img src="${picture(manifest.icons.default)}" width="128" height="128" alt="">
<section><h1>${escapeHtml(name)}</h1><p>${escapeHtml(publisher)} <i>|</i> Free</p>
<p>${escapeHtml(description)}</p><b class="get">Get it free</b></section></div></header>
<nav><b>Overview</b><span>Q &amp; A</span><span>Rating &amp; Review</span></nav>
<main><article>
${render(text, pictures)}
</article><aside>
<h2>Categories</h2>${chips(manifest.categories)}
<h2>Tags</h2>${chips(manifest.tags)}
<h2>Resources</h2>${resources(manifest)}
<h2>Project details</h2>${[...badgeLinks, `Version ${escapeHtml(manifest.version)}`].map((item) => `<p>${item}</p>`).join('')}
</aside></main>`,
  );
}

const chips = (words: readonly string[]): string =>
  `<p>${words.map((word) => `<span class="chip">${escapeHtml(word)}</span>`).join(' ')}</p>`;

function resources({ links = {}, CustomerQnASupport: questions }: ListingManifest): string {
  const shown = Object.entries(links).map(([key, { uri }]) => [LINKS[key] ?? key, uri] as const);
  const all = questions?.url === undefined ? shown : [...shown, ['Q & A', questions.url] as const];
  return [
    ...('license' in links ? [] : ['<p>License</p>']),
    ...all.map(([label, uri]) => `<p><a href="${escapeHtml(uri)}">${escapeHtml(label)}</a></p>`),
  ].join('');
}

/** HTML in the text is shown as text, so that no author relies on it. */
function render(text: string, pictures: ReadonlyMap<string, string>): string {
  const markdown = new MarkdownIt();
  const tokens = markdown.parse(text, {});
  for (const token of tokens.flatMap(({ children }) => children ?? [])) {
    const picture = token.type === 'image' ? pictures.get(String(token.attrGet('src'))) : undefined;
    if (picture !== undefined) token.attrSet('src', picture);
  }
  return markdown.renderer.render(tokens, markdown.options, {});
}
