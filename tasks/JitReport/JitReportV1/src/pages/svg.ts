import { drawNarrow, drawWide, type ChartElement } from '../../../../shared/view/chart';
import type { Report } from '../../../../shared/view/report';
import { SVG_STYLE } from './svgStyle';
import { xmlText } from './escape';

/** Returns `jit-windows.svg`: access windows over time, with its own style, without scripts and external resources. */
export const toSvg = (report: Report): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${root(drawWide(report), `<style>${SVG_STYLE}</style>\n`)}\n`;

/** Returns the same picture as an element of a page that has `SVG_STYLE`. */
export const toSvgElement = (report: Report): string => root(drawWide(report));

/** Returns the picture for a page that is as narrow as a phone. */
export const toNarrowSvgElement = (report: Report): string => root(drawNarrow(report));

const root = ({ attributes, children, name }: ChartElement, style = ''): string => {
  const namespaced = { xmlns: 'http://www.w3.org/2000/svg', ...attributes };
  return `${opening(name, namespaced)}>\n${style}${children.map(markup).join('\n')}\n</${name}>`;
};

function markup(part: ChartElement | string): string {
  if (typeof part === 'string') return xmlText(part);
  const { name, attributes, children } = part;
  const begin = opening(name, attributes);
  return children.length === 0 ? `${begin}/>` : `${begin}>${children.map(markup).join('')}</${name}>`;
}

const opening = (name: string, attributes: ChartElement['attributes']): string =>
  `<${name}${Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${xmlText(String(value))}"`)
    .join('')}`;
