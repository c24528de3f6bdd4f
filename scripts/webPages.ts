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
  /** Of what it draws alike with the report. */
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

/** Where organizations are. A page asks nothing else for anything. */
export const ORGANIZATIONS = 'https://dev.azure.com https://*.visualstudio.com';

/**
 * The one script by its hash, requests to organizations, and nothing else: no other script, no picture, no form, no frame.
 * Styles may stand in the page, because the SDK writes the colours of the host into a style of its own.
 */
const policyOf = (script: string): string => {
  const hash = createHash('sha256').update(script).digest('base64');
  return [
    `default-src 'none'; script-src 'sha256-${hash}'; style-src 'unsafe-inline'`,
    `connect-src ${ORGANIZATIONS}; base-uri 'none'; form-action 'none'`,
  ].join('; ');
};

/**
 * Makes a page of one file, which needs nothing beside it.
 *
 * @returns What is in its script. Throws when it does not bundle, or when a package is left outside.
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
    // The browsers that Azure DevOps supports are of this year and the last.
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

/** A style without what only its authors need. */
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
