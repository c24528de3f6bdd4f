import MarkdownIt from 'markdown-it';
import { escapeHtml, htmlPage, SANS } from './html';
import type { RecordedStep } from './runs';

const STYLE = `
* { box-sizing: border-box; margin: 0 }
body { font: 13px/19px ${SANS}; padding: 16px 24px 22px; background: var(--back); color: var(--text) }
.light { --back: #f8f8f8; --card: #fff; --text: #1f1f1f; --dim: #605e5c; --line: #e1e1e1; --accent: #0078d4 }
.dark { --back: #1b1a19; --card: #252423; --text: #f3f2f1; --dim: #a19f9d; --line: #3b3a39; --accent: #2899f5 }
header { display: flex; gap: 20px; align-items: baseline; margin-bottom: 12px }
header b { font-size: 16px; font-weight: 600; margin-right: auto }
header span { color: var(--dim); padding-bottom: 4px }
header .shown { color: var(--text); font-weight: 600; border-bottom: 2px solid var(--accent) }
article { background: var(--card); border: 1px solid var(--line); border-radius: 4px; padding: 10px 16px 14px }
article + article { margin-top: 10px }
h2 { font-size: 14px; font-weight: 600; margin-bottom: 6px }
table { border-collapse: collapse; width: 100% }
th, td { border-bottom: 1px solid var(--line); padding: 5px 28px 5px 0; text-align: left; vertical-align: top }
th { color: var(--dim); font-weight: 600 }
td:nth-child(-n + 2) { white-space: nowrap }
td:nth-child(n + 3) { overflow-wrap: anywhere }
td:last-child { padding-right: 0 }
tr:last-child td { border-bottom: 0 }
`;

/** Returns the summaries of the steps as the run page shows them, on its tab Extensions. */
export function summaryPage(steps: readonly RecordedStep[], theme: 'light' | 'dark'): string {
  const markdown = new MarkdownIt({ html: true });
  const articles = steps.flatMap(({ run }) =>
    run.summaries.map(
      (summary, index) =>
        `<article><h2>${escapeHtml(run.summaryHeadings[index] ?? '')}</h2>\n${markdown.render(summary)}</article>`,
    ),
  );
  return htmlPage(
    'Run summary',
    STYLE,
    `<header><b>#20260801.3 • deploy-web</b><span>Summary</span>` +
      `<span class="shown">Extensions</span></header>\n${articles.join('\n')}`,
    theme,
  );
}
