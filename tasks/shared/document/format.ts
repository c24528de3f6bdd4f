import { onOneLine, safeText } from '../core/text';
import type { Report } from '../view/report';
import { byAttention, byDanger, byDoubt } from '../view/urgency';
import type { Content, CutList, RunDocument } from './document';
import { checkOrder, closedOrder, openedOrder, policyOrder, vmOrder } from './order';

/** The maximum size of an attachment, in bytes of UTF-8, so that the tab of a run has little to load. */
const MOST_BYTES = 1_000_000;

/** How long the lists of a document can be. The first length that fits is used. Empty lists always fit. */
const LENGTHS = [1000, 500, 250, 100, 50, 20, 5];

/** Fields with sentences from the messages modules, in which every value is already safe and short. */
const SENTENCES: readonly string[] = ['seen', 'remedy', 'text'];

/** A document before anything is cut. */
export type WholeDocument = Omit<RunDocument, 'cut'>;

/**
 * Returns the document as JSON of at most `MOST_BYTES`. Every text is safe, as in the log. A list that is too long
 * keeps only what needs attention most, and `cut` names the list.
 */
export function formatDocument(whole: WholeDocument): string {
  for (const length of LENGTHS) {
    const text = toJson(withLists(whole, length));
    if (bytesOf(text) <= MOST_BYTES) return text;
  }
  return toJson(withLists(whole, 0));
}

const toJson = (document: RunDocument): string =>
  JSON.stringify(document, (key, value: unknown) =>
    typeof value !== 'string' ? value : SENTENCES.includes(key) ? onOneLine(value) : safeText(value),
  );

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

function withLists(whole: WholeDocument, length: number): RunDocument {
  const cut: CutList[] = [];
  const first: Cut = (list, items, order) => {
    if (items.length <= length) return items;
    cut.push({ list, shown: length, total: items.length });
    return (order ? items.toSorted(order) : items).slice(0, length);
  };
  const content = cutContent(whole.content, first);
  return { ...whole, content, cut };
}

/** @param order sorts a list before it is cut; without it, the list keeps its order */
type Cut = <T>(list: string, items: readonly T[], order?: (one: T, other: T) => number) => readonly T[];

function cutContent(content: Content, first: Cut): Content {
  switch (content.kind) {
    case 'none':
      return content;
    case 'opened':
      return {
        ...content,
        ports: first('ports', content.ports, openedOrder),
        leftOut: first('leftOut', content.leftOut),
      };
    case 'closed':
      return { ...content, ports: first('ports', content.ports, closedOrder) };
    case 'checks':
      return { ...content, checks: first('checks', content.checks, checkOrder) };
    case 'policies':
      return {
        ...content,
        policies: first('policies', content.policies, policyOrder),
        vms: first('vms', content.vms, vmOrder),
        checks: first('checks', content.checks, checkOrder),
      };
    case 'report':
      return { ...content, report: cutReport(content.report, first) };
  }
}

const cutReport = (report: Report, first: Cut): Report => ({
  ...report,
  scopes: first('scopes', report.scopes),
  gaps: first('gaps', report.gaps),
  vms: first('vms', report.vms, byAttention),
  liveRequests: first('liveRequests', report.liveRequests),
  standingPorts: first('standingPorts', report.standingPorts, byDanger),
  mayBeOpenPorts: first('mayBeOpenPorts', report.mayBeOpenPorts, byDoubt),
  internetPorts: first('internetPorts', report.internetPorts),
  requests: first('requests', report.requests),
});
