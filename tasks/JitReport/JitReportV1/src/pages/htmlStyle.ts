import { SVG_STYLE } from './svgStyle';

const COLOURS_LIGHT = `color-scheme: light;
  --ground: #ffffff; --panel: #f5f7f9; --text: #1b1f24; --soft: #57606a; --line: #d5dae0; --link: #0b5cad;
  --good: #11683a; --bad: #b0202a; --warn: #8a4b00; --bad-ground: #fff1f1; --head: #eef1f4; --edge: #8c96a1;`;

const COLOURS_DARK = `color-scheme: dark;
  --ground: #171b21; --panel: #1d222a; --text: #e8ebef; --soft: #a5afbb; --line: #343b45; --link: #7fb7ff;
  --good: #4cc38a; --bad: #ff8a8f; --warn: #e6ac63; --bad-ground: #32191d; --head: #242a33; --edge: #5b6674;`;

/**
 * The style of `jit-report.html` on a screen, dark or light, on a phone, and on paper. The contrast between any text
 * and its background is at least 4.5:1 (WCAG 2.2, 1.4.3). Below 1100 px, each row of a table becomes a card, whose
 * cells name their columns. A wider table that scrolls has a shadow at the edge behind which it continues. Words break
 * only in cells marked `long`, which contain words that are wider than a column. Names marked `short` stay on one line
 * on a screen that shows tables.
 */
export const HTML_STYLE = `
:root { ${COLOURS_LIGHT} }
@media screen and (prefers-color-scheme: dark) { :root { ${COLOURS_DARK} } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 32px 24px 48px; max-width: 1280px; background: var(--ground); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
h1 { margin: 0 0 12px; font-size: 28px; line-height: 1.2; letter-spacing: -0.01em; }
h2 { margin: 44px 0 4px; font-size: 20px; line-height: 1.3; }
h3 { margin: 24px 0 4px; font-size: 16px; }
p { margin: 0 0 12px; max-width: 75ch; }
a { color: var(--link); }
a:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.soft, small { color: var(--soft); }
small { display: block; font-size: 13px; line-height: 1.4; }
.about { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; margin: 0; }
.about dt { color: var(--soft); }
.about dd { margin: 0; overflow-wrap: anywhere; }
.counts { display: grid; grid-template-columns: repeat(auto-fit, minmax(132px, 1fr)); gap: 12px; margin: 28px 0 0; padding: 0; }
.counts + .counts { margin-top: 12px; }
.counts div { padding: 12px 14px; border: 1px solid var(--line); border-radius: 8px; background: var(--panel); }
.counts dt { font-size: 13px; line-height: 1.35; color: var(--soft); }
.counts dd { margin: 0; font-size: 26px; line-height: 1.25; font-weight: 600; font-variant-numeric: tabular-nums; }
.counts { align-items: stretch; }
.counts div { display: flex; flex-direction: column-reverse; justify-content: flex-end; }
.counts .bad { border: 2px solid var(--bad); padding: 11px 13px; background: var(--bad-ground); }
.counts .bad dd { color: var(--bad); }
.gaps { margin-top: 28px; padding: 4px 20px 20px; border: 2px solid var(--bad); border-radius: 8px; }
.gaps h2 { margin-top: 14px; }
.table { margin: 12px 0 0; overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 14px; line-height: 1.45; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
th, td { padding: 8px 12px 8px 0; border-bottom: 1px solid var(--line); text-align: start; vertical-align: top; }
th:first-child, td:first-child { padding-inline-start: 10px; }
thead th { background: var(--head); font-size: 13px; white-space: nowrap; }
tbody th { font-weight: 600; }
tbody th small { font-weight: 400; }
.short > div { white-space: nowrap; }
tbody th, td { overflow-wrap: break-word; }
.long { overflow-wrap: anywhere; min-width: 12em; }
.name { min-width: 8em; }
.text { min-width: 12.5em; }
.list { min-width: 8em; }
.state { min-width: 10.5em; }
td div + div { margin-top: 2px; }
.number { text-align: end; font-variant-numeric: tabular-nums; min-width: 3.5em; }
td.number, thead th.number { padding-inline-end: 16px; }
.time { font-variant-numeric: tabular-nums; white-space: nowrap; }
.time small { white-space: normal; }
.mark { position: relative; display: inline-block; padding-inline-start: 16px; font-weight: 600; }
.mark::before { content: ""; position: absolute; inset-inline-start: 0; top: 0.42em; box-sizing: border-box; width: 9px; height: 9px; border-radius: 50%; background: currentColor; }
.good { color: var(--good); }
.bad { color: var(--bad); }
.warn { color: var(--warn); }
.mark.bad::before { border-radius: 1px; transform: rotate(45deg); }
.mark.warn::before { border-radius: 1px; }
.mark.neutral { font-weight: inherit; }
.mark.neutral::before { background: none; border: 2px solid var(--soft); }
.more { margin: 10px 0 0; color: var(--soft); }
figure { overflow: hidden; margin: 12px 0 0; border: 1px solid var(--line); border-radius: 8px; }
.w-chart { display: block; width: 100%; height: auto; }
.w-narrow { display: none; }
footer { margin-top: 44px; padding-top: 14px; border-top: 1px solid var(--line); color: var(--soft); }
@media screen and (min-width: 1100px) {
  .table {
    background: linear-gradient(90deg, var(--ground) 40%, transparent) 0 0 / 36px 100% no-repeat local,
      linear-gradient(-90deg, var(--ground) 40%, transparent) 100% 0 / 36px 100% no-repeat local,
      linear-gradient(90deg, var(--edge), transparent) 1px 0 / 14px 100% no-repeat,
      linear-gradient(-90deg, var(--edge), transparent) calc(100% - 1px) 0 / 14px 100% no-repeat;
  }
}
@media screen and (max-width: 1099px) {
  .table { overflow-x: visible; }
  table, tbody, tr, tbody th, td { display: block; width: auto; min-width: 0; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tbody tr { margin-bottom: 10px; padding: 6px 12px 10px; border: 1px solid var(--line); border-radius: 8px; }
  tbody th, td, th:first-child { padding: 4px 0; border: 0; }
  tbody th { font-size: 16px; }
  td { display: grid; grid-template-columns: 7.5em minmax(0, 1fr); gap: 0 10px; }
  td::before { content: attr(data-label); color: var(--soft); grid-row: 1 / span 9; }
  td > * { grid-column: 2; min-width: 0; }
  td:empty { display: none; }
  td, tbody th { overflow-wrap: anywhere; }
  .number, td.number { text-align: start; padding-inline-end: 0; }
  .short > div { white-space: normal; }
}
@media screen and (max-width: 700px) {
  body { padding: 20px 16px 32px; }
  h1 { font-size: 24px; }
  .about { grid-template-columns: minmax(0, 1fr); gap: 0; }
  .about dd { margin-bottom: 8px; }
  .counts { gap: 8px; }
  .counts + .counts { margin-top: 8px; }
  .gaps { padding: 4px 14px 14px; }
  .w-wide { display: none; }
  .w-narrow { display: block; }
}
@media print {
  @page { margin: 14mm; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  h1 { font-size: 18pt; }
  h2 { font-size: 13pt; margin-top: 20pt; }
  h2, h3 { break-after: avoid; }
  table { font-size: 7.5pt; }
  th, td { padding: 4pt 6pt 4pt 0; }
  .table { overflow: visible; }
  .name { min-width: 7em; overflow-wrap: anywhere; }
  th.name { min-width: 8.5em; }
  .short > div { white-space: normal; }
  .state { min-width: 10.5em; }
  .text { min-width: 9em; }
  .number { min-width: 3em; }
  .list { min-width: 7em; }
  .long { min-width: 9em; }
  small, .counts dt, thead th { font-size: 7pt; }
  .counts { grid-template-columns: repeat(auto-fit, minmax(80px, 1fr)); gap: 6pt; }
  .counts + .counts { margin-top: 6pt; }
  .counts div { padding: 5pt 6pt; }
  .counts .bad { padding: 4pt 5pt; }
  .counts dd { font-size: 15pt; }
  thead { display: table-header-group; }
  tr, .counts div, figure { break-inside: avoid; }
  .counts div, thead th, .mark::before, .w-chart { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  a[href]::after { content: " (" attr(href) ")"; font-size: 7pt; overflow-wrap: anywhere; }
}
${SVG_STYLE}`;

/**
 * The hash of the style above for the page's Content-Security-Policy, which allows nothing else. A test recomputes it.
 */
export const HTML_STYLE_HASH = 'sha256-QKc5Of+EiMTkE80l12mFo+iekTdV+OCG8cXS5pydiEE=';
