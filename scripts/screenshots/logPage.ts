import type { Run } from '../../test/support/agent/step';
import { escapeHtml, htmlPage, MONO, SANS } from './html';
import type { RecordedStep } from './runs';

const STYLE = `
* { box-sizing: border-box; margin: 0 }
html { background: linear-gradient(90deg, #faf9f8 190px, #191919 190px) }
body { color: #1f1f1f; font: 13px/18px ${SANS}; display: flex; min-height: 100vh }
nav { width: 190px; flex: none; padding: 14px 0; border-right: 1px solid #e1e1e1; background: #faf9f8 }
nav h1 { font-size: 15px; font-weight: 600; padding: 0 14px 10px }
nav p { padding: 7px 12px 7px 14px; display: flex; gap: 8px; line-height: 17px }
nav p.shown { background: #e8f1fa; box-shadow: inset 3px 0 #0078d4 }
nav p span:last-child { margin-left: auto; color: #605e5c; font-size: 12px }
.mark { width: 16px; height: 16px; border-radius: 8px; flex: none; color: #fff; font: bold 11px/16px ${SANS}; text-align: center }
.Succeeded { background: #107c10 } .Failed { background: #cd2535 }
main { flex: 1; background: #191919; color: #e4e4e4; padding: 12px 0; font: 11.5px/18.5px ${MONO} }
main h2 { font: 600 14px/20px ${SANS}; padding: 2px 16px 8px; color: #fff }
main h2:not(:first-child) { border-top: 1px solid #3a3a3a; margin-top: 10px; padding-top: 10px }
ol { list-style: none; padding: 0 }
li { display: flex }
li::before { content: attr(value); width: 38px; flex: none; text-align: right; padding-right: 14px; color: #7d7d7d }
li span { white-space: pre-wrap; overflow-wrap: anywhere; padding-right: 8px }
.group { color: #7fc3f5; font-weight: bold }
.inside span { padding-left: 22px }
.error { color: #ff8b94; background: #3d1619 }
.warning { color: #f6d271 }
`;

/**
 * Returns the log of a step and of the post-job step as Azure Pipelines shows them, as wide as the window and at least
 * as high.
 */
export function logPage({ title, run, after }: RecordedStep): string {
  const stages = [
    { name: title, stage: run },
    ...(after && after.log.length > 0 ? [{ name: `Post-job: ${title}`, stage: after }] : []),
  ];
  const entries = stages.map(
    ({ name, stage }) =>
      `<p class="shown"><span class="mark ${stage.result}">${stage.result === 'Failed' ? '×' : '✓'}</span>` +
      `<span>${escapeHtml(name)}</span><span>${Math.ceil(stage.durationMs / 1000)}s</span></p>`,
  );
  const logs = stages.map(
    ({ name, stage }) => `<h2>${escapeHtml(name)}</h2>\n<ol>\n${logLines(stage)}\n</ol>`,
  );
  return htmlPage(
    title,
    STYLE,
    `<nav><h1>Deploy</h1>${entries.join('\n')}</nav>\n<main>${logs.join('\n')}</main>`,
  );
}

/** Groups are expanded. Their end has a number but no line, as on the real page. */
function logLines({ log }: Run): string {
  let inside = false;
  const lines = log.flatMap((line, index) => {
    const [, command = '', rest = line] = /^##\[(\w+)\](.*)$/.exec(line) ?? [];
    if (command === 'endgroup') {
      inside = false;
      return [];
    }
    const kind = command === 'group' || command !== '' ? command : inside ? 'inside' : 'plain';
    if (command === 'group') inside = true;
    const text = command === 'group' ? `▾ ${rest}` : command === '' ? rest : `##[${command}]${rest}`;
    return [`<li value="${index + 1}" class="${kind}"><span>${escapeHtml(text)}</span></li>`];
  });
  return lines.join('\n');
}
