import { onOneLine, safeText } from '../../../../shared/core/text';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Escapes foreign text for HTML and SVG, between tags or in a quoted attribute. More than four combining marks on a
 * character are cut, so that a name does not overlap its neighbors.
 */
export const xmlText = (foreign: string): string => escapeXml(safeText(foreign));

/** Escapes a sentence of the messages modules, at its full length: each value in it is already safe and short. */
export const xmlSentence = (sentence: string): string => escapeXml(onOneLine(sentence));

function escapeXml(text: string): string {
  return (
    text
      // No XML document can contain these two (XML 1.0, 2.2), and safeText does not remove them.
      .replace(/[\ufffe\uffff]/g, '\ufffd')
      .replace(/(\p{M}{4})\p{M}+/gu, '$1')
      .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
  );
}
