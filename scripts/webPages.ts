import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { SVG_STYLE } from '../tasks/JitReport/JitReportV1/src/pages/svgStyle';
import { findDuplicates, findExternals, type BundleRecord } from './bundledPackages';
import { refuse } from './bundle';

/** A page that Azure DevOps shows in a frame. */
export interface WebPage {
  /** Relative to the package: `web/tab.html`. */
  readonly target: string;
  /** Relative to the repository. */
  readonly source: string;
  readonly styles: readonly string[];
  /** The style of the parts that it shares with the report. */
  readonly moreStyle: string;
  readonly title: string;
}

const page = (name: string, title: string, styles: readonly string[], moreStyle = ''): WebPage => ({
  ...{ target: `web/${name}.html`, source: `web/${name}.ts`, title, moreStyle },
  styles: ['web/page.css', ...styles],
});

export const WEB_PAGES: readonly WebPage[] = [
  page('tab', 'Just-in-time access', ['web/tab.css'], SVG_STYLE),
  page('widget', 'Just-in-time access', ['web/widget.css']),
  page('configuration', 'Just-in-time access: configuration', ['web/widget.css']),
];

/** The addresses of organizations. A page sends requests nowhere else. */
export const ORGANIZATIONS = 'https://dev.azure.com https://*.visualstudio.com';

/**
 * Allows only one script by its hash, and requests to organizations: no other scripts, no pictures, no forms, and no
 * frames. Styles in the page are allowed, because the SDK writes the colors of the host to its own style element.
 */
const policyOf = (script: string): string => {
  const hash = createHash('sha256').update(script).digest('base64');
  return [
    `default-src 'none'; script-src 'sha256-${hash}'; style-src 'unsafe-inline'`,
    `connect-src ${ORGANIZATIONS}; base-uri 'none'; form-action 'none'`,
  ].join('; ');
};

/**
 * Builds a page as one file that needs no others.
 *
 * @returns The content of its script. Throws if it does not bundle, or if a package is not bundled.
 */
export async function makeWebPage(root: string, web: WebPage, stageFolder: string): Promise<BundleRecord> {
  const result = await build({
    absWorkingDir: root,
    entryPoints: [web.source],
    outfile: web.target.replace(/html$/, 'js'),
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'iife',
    // The browsers that Azure DevOps supports are from this year and the previous one.
    target: 'es2023',
    charset: 'utf8',
    minify: true,
    legalComments: 'none',
    metafile: true,
    logLevel: 'silent',
  });
  refuse(
    `${web.target} warns`,
    result.warnings.map(({ text }) => text),
  );
  refuse(`${web.target} contains packages twice`, findDuplicates(result.metafile));
  refuse(`${web.target} leaves packages outside`, findExternals(result.metafile, []));
  const script = result.outputFiles[0]?.text.trim() ?? '';
  const styles = await Promise.all(web.styles.map((file) => readFile(path.join(root, file), 'utf8')));
  const file = path.join(stageFolder, web.target);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, toHtml(web.title, [...styles, web.moreStyle].map(squeezed).join(''), script));
  return result.metafile;
}

/** Removes the parts of a style that only its authors need. */
const squeezed = (css: string): string =>
  css
    .replace(/\/\*[^]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,]) ?/g, '$1')
    .replace(/: /g, ':');

const toHtml = (title: string, style: string, script: string): string =>
  [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policyOf(script)}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${title}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    `<script>${script}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
