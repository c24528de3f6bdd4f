import type { InputDefinition, TaskDefinition } from '../../test/support/agent/taskDefinition';
import { isVisible } from '../../test/support/editor/rules';
import { escapeHtml, htmlPage, SANS } from './html';

const STYLE = `
* { box-sizing: border-box; margin: 0 }
body { font: 14px/20px ${SANS}; color: #1f1f1f; background: #fff; display: flex }
nav { width: 300px; flex: none; background: #f8f8f8; border-right: 1px solid #e1e1e1; padding-bottom: 24px }
nav div { padding: 11px 16px; border-bottom: 1px solid #eaeaea }
nav small { display: block; color: #605e5c; font-size: 12px; line-height: 16px }
nav .step { display: flex; gap: 10px; padding-left: 28px; background: #fff }
nav .shown { background: #eff6fc; box-shadow: inset 3px 0 #0078d4 }
.icon { width: 30px; height: 30px; flex: none; border-radius: 3px; background: #10243e; color: #fff; font: 600 15px/30px ${SANS}; text-align: center }
main { flex: 1; padding: 16px 28px 26px; min-width: 0 }
.bar { display: flex; gap: 22px; align-items: baseline; margin-bottom: 14px }
.bar h1 { font-size: 18px; font-weight: 600; margin-right: auto }
.link { color: #0065b3 }
.field { margin-top: 13px }
.label { display: flex; align-items: center; gap: 6px; font-weight: 600; margin-bottom: 4px }
.label .link { font-weight: 400; margin-left: 4px }
.needed { color: #b0202a }
.help { width: 15px; height: 15px; border: 1px solid #605e5c; border-radius: 50%; color: #605e5c; font: italic 600 10px/13px Georgia,serif; text-align: center; flex: none }
.box { border: 1px solid #8a8886; border-radius: 2px; min-height: 32px; padding: 5px 10px; display: flex; background: #fff }
.box span { flex: 1; white-space: pre-wrap }
.box::after { content: attr(data-sign); color: #605e5c; font-size: 12px }
.row { display: flex; gap: 10px; align-items: center }
.row .box { flex: 1 }
.check { display: flex; align-items: center; gap: 8px }
.check::before { content: ''; width: 18px; height: 18px; border: 1px solid #605e5c; border-radius: 2px; flex: none }
.check.on::before { content: '✓'; background: #0078d4; border-color: #0078d4; color: #fff; font: 13px/17px ${SANS}; text-align: center }
h2 { font-size: 14px; font-weight: 600; margin-top: 20px; padding-top: 12px; border-top: 1px solid #e1e1e1 }
h2::before { content: '⌄'; display: inline-block; width: 20px; color: #605e5c; transform: translateY(-3px) }
h2.closed::before { content: '›'; transform: translateY(-1px) }
`;

/** Sections that the editor adds to every task. */
const OWN_SECTIONS = ['Control Options', 'Output Variables'];

/**
 * Returns the form of a task in the classic editor, based on its task.json, with the defaults and these values. Groups
 * are expanded as the task specifies.
 */
export function editorPage(task: TaskDefinition, values: Readonly<Record<string, string>>): string {
  const defaults = task.inputs.map(({ name, defaultValue = '' }) => [name, defaultValue]);
  const all = { ...Object.fromEntries(defaults), ...values } as Readonly<Record<string, string>>;
  const title = task.instanceNameFormat.replace(/\$\((\w+)\)/g, (_macro, name: string) => all[name] ?? '');
  const fields = (group: string | undefined): string =>
    task.inputs
      .filter(({ groupName, visibleRule }) => groupName === group && isVisible(visibleRule, all))
      .map((input) => field(input, all[input.name] ?? ''))
      .join('\n');
  const groups = (task.groups ?? []).map(
    ({ name, displayName, isExpanded }) =>
      heading(displayName, isExpanded === true) + (isExpanded === true ? `\n${fields(name)}` : ''),
  );
  return htmlPage(
    task.friendlyName,
    STYLE,
    `<nav><div>Pipeline<small>Build pipeline</small></div><div>Agent job 1<small>Run on agent</small></div>` +
      `<div class="step shown"><span class="icon">J</span><span>${escapeHtml(title)}` +
      `<small>${escapeHtml(task.friendlyName)}</small></span></div>` +
      `<div class="step"><span class="icon">&gt;</span><span>Deploy<small>Command line</small></span></div></nav>\n<main>` +
      `<div class="bar"><h1>${escapeHtml(task.friendlyName)}</h1><span class="link">View YAML</span><span class="link">Remove</span></div>\n` +
      labeled('Task version', '', box(`${task.version.Major}.*`, '▾')) +
      labeled(`Display name${needed}`, '', box(title)) +
      `${fields(undefined)}\n${groups.join('\n')}\n` +
      `${OWN_SECTIONS.map((name) => heading(name, false)).join('\n')}</main>`,
  );
}

const needed = ' <span class="needed">*</span>';
const help = '<span class="help">i</span>';

const heading = (name: string, isOpen: boolean): string =>
  `<h2 class="${isOpen ? 'open' : 'closed'}">${escapeHtml(name)}</h2>`;

const labeled = (label: string, more: string, control: string): string =>
  `<div class="field"><div class="label"><span>${label}</span>${more}</div>${control}</div>\n`;

const box = (value: string, sign = '', lines = 1): string =>
  `<div class="box" data-sign="${sign}" style="min-height:${12 + lines * 20}px"><span>${escapeHtml(value)}</span></div>`;

function field(input: InputDefinition, value: string): string {
  const { type, label, helpMarkDown = '', required = false, options = {}, properties = {} } = input;
  const shown = escapeHtml(label) + (required ? needed : '');
  const about = helpMarkDown === '' ? '' : help;
  if (type === 'boolean')
    return `<div class="field check${value === 'true' ? ' on' : ''}"><span>${shown}</span>${about}</div>`;
  if (type.startsWith('connectedService:'))
    return labeled(
      shown,
      `${about}<span class="link">Manage</span>`,
      `<div class="row">${box(value, '▾')}<span class="link">⟳</span></div>`,
    );
  if (type === 'pickList') return labeled(shown, about, box(options[value] ?? value, '▾'));
  if (type === 'multiLine') return labeled(shown, about, box(value, '', Number(properties['rows'] ?? 2)));
  if (type === 'string') return labeled(shown, about, box(value));
  throw new Error(`Unknown type of an input: ${type}`);
}
