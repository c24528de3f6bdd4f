import { safeText } from '../../tasks/shared/core/text';
import type { ChartElement } from '../../tasks/shared/view/chart';

type Attributes = Readonly<Record<string, string>>;
type Children = readonly (Node | string)[];

/**
 * Creates an element. Strings become text only: no page here creates HTML from a string.
 *
 * @param attributes by name; never with foreign text in an address or a style
 */
export function el(name: string, attributes: Attributes = {}, ...children: Children): HTMLElement {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** Cuts more than four combining marks on a character, so that a name does not overlap its neighbors. */
const shown = (foreign: string): string => foreign.replace(/(\p{M}{4})\p{M}+/gu, '$1');

/** Returns foreign text in an isolated element, so that its reading direction ends with it. */
export const foreign = (text: string, className = ''): HTMLElement =>
  el('bdi', className === '' ? {} : { class: className }, shown(text));

const SVG = 'http://www.w3.org/2000/svg';

/** Converts the picture to an element of the page. */
export function toSvg({ name, attributes, children }: ChartElement): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.append(
    ...children.map((child) => (typeof child === 'string' ? shown(safeText(child)) : toSvg(child))),
  );
  return element;
}

/** Creates a section with a heading that labels it for screen readers. */
export function section(id: string, heading: string, ...children: Children): HTMLElement {
  return el('section', { 'aria-labelledby': id }, el('h2', { id }, heading), ...children);
}

export const note = (text: string): readonly Node[] =>
  text === '' ? [] : [el('p', { class: 'soft' }, text)];
