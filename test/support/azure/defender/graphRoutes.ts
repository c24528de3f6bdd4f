import { pageStart, pageToken } from '../arm/pages';
import { API_VERSIONS, type ArmRequest, type Route } from '../arm/routes';
import { json, Refusal, type Answer } from '../http/answers';
import { hasRightsWithin, isAllowed } from '../identity/principals';
import type { Settings } from '../settings';
import type { Assessments } from './assessments';
import { parseQuestion } from './graphQuery';

/** What Resource Graph needs of the rest. */
export interface GraphContext {
  readonly assessments: Assessments;
  readonly settings: Readonly<Settings>;
  readonly hasSubscription: (id: string) => boolean;
  readonly violate: (sentence: string) => void;
}

/** Azure Resource Graph, as far as Defender's assessments are asked for. It asks for no action of its own. */
export function createGraphRoutes(context: GraphContext): Route[] {
  return [
    {
      kind: 'assessments',
      method: 'POST',
      path: '/providers/Microsoft.ResourceGraph/resources',
      apiVersion: API_VERSIONS.resourceGraph,
      handle: (request) => query(request, context),
    },
  ];
}

/** Resource Graph leaves out without a word what the caller may not read; who may read nothing at all is refused. */
function query({ text, principal }: ArmRequest, context: GraphContext): Answer {
  const { subscriptions, top, skipToken } = parseQuestion(text, context.violate);
  const known = subscriptions.filter((id) => context.hasSubscription(id));
  if (known.length === 0) {
    const what = 'There must be at least one subscription that is eligible to contain resources.';
    const given = `Given: '${subscriptions.join(', ')}'.`;
    throw graphError(400, 'BadRequest', 'NoValidSubscriptionsInQueryRequest', `${what} ${given}`);
  }
  if (!known.some((id) => hasRightsWithin(principal, `/subscriptions/${id}`))) {
    const what = 'Access is denied to the requested resource. The user might not have enough permission.';
    throw graphError(403, 'AccessDenied', 'AccessDenied', what);
  }
  const rows = known
    .flatMap((id) => context.assessments.rows(id))
    .filter(({ id }) => isAllowed(principal, 'Microsoft.Security/assessments/read', id));
  const start = pageStart(skipToken);
  const end = start + Math.min(top, context.settings.listPageSize);
  const data = rows.slice(start, end);
  const isTruncated = end < rows.length;
  return json(200, {
    totalRecords: rows.length,
    count: data.length,
    data,
    facets: [],
    resultTruncated: String(isTruncated),
    ...(isTruncated && { $skipToken: pageToken(end) }),
  });
}

/** Resource Graph says what is wrong in the details (azure-sdk-for-java#29924). */
const graphError = (status: number, code: string, detail: string, message: string): Refusal =>
  new Refusal(
    json(status, {
      error: {
        code,
        message: 'Please provide below info when asking for support: timestamp, correlationId.',
        details: [{ code: detail, message }],
      },
    }),
  );
