import { safeText } from '../../tasks/shared/core/text';
import type { ChartElement } from '../../tasks/shared/view/chart';

type Attributes = Readonly<Record<string, string>>;
type Children = readonly (Node | string)[];

/**
 * Makes an element. Texts become text and nothing else: no page here makes HTML of a text.
 *
 * @param attributes by their names; never with foreign text in an address or a style
 */
export function el(name: string, attributes: Attributes = {}, ...children: Children): HTMLElement {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** Marks that pile up over a character are cut to four, so that a name does not grow over its neighbours. */
const shown = (foreign: string): string => foreign.replace(/(\p{M}{4})\p{M}+/gu, '$1');

/** Foreign text, set apart so that its reading direction ends with it. */
export const foreign = (text: string, className = ''): HTMLElement =>
  el('bdi', className === '' ? {} : { class: className }, shown(text));

const SVG = 'http://www.w3.org/2000/svg';

/** The picture as a part of the page. */
export function toSvg({ name, attributes, children }: ChartElement): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.append(
    ...children.map((child) => (typeof child === 'string' ? shown(safeText(child)) : toSvg(child))),
  );
  return element;
}

/** A section with a heading, which a reader finds by it. */
export function section(id: string, heading: string, ...children: Children): HTMLElement {
  return el('section', { 'aria-labelledby': id }, el('h2', { id }, heading), ...children);
}

export const note = (text: string): readonly Node[] =>
  text === '' ? [] : [el('p', { class: 'soft' }, text)];
