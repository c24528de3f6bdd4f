/**
 * The style of the picture, for its own file and for the page that contains it. Colors have a contrast of at least 3:1,
 * and text of 4.5:1 (WCAG 2.2, 1.4.3 and 1.4.11). Each state also differs by its shape. In print, the style is light.
 */
export const SVG_STYLE = `
.w-chart {
  --w-ground: #ffffff; --w-text: #1b1f24; --w-soft: #57606a; --w-line: #d5dae0; --w-stripe: #f5f7f9;
  --w-live: #137a3e; --w-ended: #3f6fb5; --w-super: #a15c07; --w-refused: #c0222d; --w-other: #6b5294;
  font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
@media screen and (prefers-color-scheme: dark) {
  .w-chart {
    --w-ground: #171b21; --w-text: #e8ebef; --w-soft: #a5afbb; --w-line: #343b45; --w-stripe: #1d222a;
    --w-live: #4cc38a; --w-ended: #7fa8e8; --w-super: #e0a458; --w-refused: #ff7b80; --w-other: #b79ee6;
  }
}
.w-ground { fill: var(--w-ground); }
.w-stripe { fill: var(--w-stripe); }
.w-grid { stroke: var(--w-line); stroke-width: 1; }
.w-now { stroke: var(--w-text); stroke-width: 1; stroke-dasharray: 3 3; }
.w-text { fill: var(--w-text); }
.w-soft { fill: var(--w-soft); }
.w-name { font-family: ui-monospace, "Cascadia Mono", Consolas, Menlo, "DejaVu Sans Mono", monospace; }
.w-live { fill: var(--w-live); stroke: var(--w-ground); }
.w-ended { fill: var(--w-ended); fill-opacity: 0.35; stroke: var(--w-ended); stroke-width: 1.2; }
.w-wide .w-superseded { fill: url(#w-hatch); }
.w-narrow .w-superseded { fill: url(#n-hatch); }
.w-superseded { stroke: var(--w-super); stroke-width: 1.2; }
.w-hatch { stroke: var(--w-super); stroke-width: 2; }
.w-refused { fill: none; stroke: var(--w-refused); stroke-width: 2.4; stroke-linecap: round; }
.w-other { fill: var(--w-ground); stroke: var(--w-other); stroke-width: 1.4; stroke-dasharray: 4 2; }
`;
