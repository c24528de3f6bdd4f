import { onOneLine, safeText } from '../../../../shared/core/text';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Foreign text as it may stand in HTML and SVG, between tags or in a quoted attribute. Marks that pile up over a
 * character are cut to four, so that a name does not grow over its neighbours.
 */
export const xmlText = (foreign: string): string => escapeXml(safeText(foreign));

/** A sentence of the messages modules in the same way, to its end: each value in it is harmless and short already. */
export const xmlSentence = (sentence: string): string => escapeXml(onOneLine(sentence));

function escapeXml(text: string): string {
  return (
    text
      // No XML document may hold these two (XML 1.0, 2.2), and safeText knows no reason against them.
      .replace(/[\ufffe\uffff]/g, '\ufffd')
      .replace(/(\p{M}{4})\p{M}+/gu, '$1')
      .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
  );
}
