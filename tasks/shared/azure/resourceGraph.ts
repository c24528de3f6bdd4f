import { senselessAnswer } from '../messages/failures';
import type { Limit } from '../core/limits';
import type { Call } from './failures';
import { watchPages } from './paging';
import { shapeOf } from './read/shape';
import type { Reader } from './reader';

const WHAT = 'Azure Resource Graph';
/** The rows of a page: the maximum of the service. */
const PAGE = 1000;

export interface GraphQuestion {
  readonly query: string;
  /** If empty: all subscriptions that the identity can read. */
  readonly subscriptionIds: readonly string[];
}

export interface GraphPage {
  readonly rows: readonly unknown[];
  /** The number of rows on all pages. */
  readonly total: number;
}

/**
 * Returns the rows of a query, page by page. Azure omits what the caller is not allowed to read, without an error.
 * Throws JIT604 also if rows are missing that no page has.
 * https://learn.microsoft.com/rest/api/azureresourcegraph/resourcegraph/resources/resources
 */
export async function* queryGraph(
  reader: Reader,
  { query, subscriptionIds }: GraphQuestion,
  call: Omit<Call, 'what'>,
  limit: Limit,
): AsyncGenerator<GraphPage> {
  const watch = watchPages(WHAT, limit);
  let token: string | undefined;
  do {
    const options = {
      resultFormat: 'objectArray',
      $top: PAGE,
      ...(token !== undefined && { $skipToken: token }),
    };
    const subscriptions = subscriptionIds.length > 0 && { subscriptions: subscriptionIds };
    const body = { ...subscriptions, query, options };
    const url = reader.url('/providers/Microsoft.ResourceGraph/resources', 'resourceGraph');
    const answer = await reader.send({ method: 'POST', url, body }, { ...call, what: WHAT }, limit);
    if (!Array.isArray(answer['data'])) throw senselessAnswer(WHAT, 'it contains no list');
    const page = shapeOf(answer, WHAT);
    watch.items(answer['data']);
    const rows = page.items('data');
    const { totalRecords } = answer;
    yield { rows, total: typeof totalRecords === 'number' ? totalRecords : rows.length };
    token = page.optionalText('$skipToken');
    if (token !== undefined && token !== '') watch.next(token);
    else if (answer['resultTruncated'] === 'true')
      throw senselessAnswer(WHAT, 'it contains only some of the rows, and no link to the others');
  } while (token !== undefined && token !== '');
}
