import { pageStart, pageToken } from '../arm/pages';
import { API_VERSIONS, type ArmRequest, type Route } from '../arm/routes';
import { json, Refusal, type Answer } from '../http/answers';
import { hasRightsWithin, isAllowed } from '../identity/principals';
import type { Settings } from '../settings';
import type { Assessments } from '../defender/assessments';
import type { Topology } from '../network/topology';
import { FilterError, parseFilter, type Row } from './filter';
import { isVmQuery, parseQuestion, type VmFilter } from './question';
import { vmRows } from './vmRows';

/** What Resource Graph requires from the other parts. */
export interface GraphContext {
  readonly topology: Topology;
  readonly assessments: Assessments;
  readonly settings: Readonly<Settings>;
  readonly violate: (sentence: string) => void;
}

/**
 * Creates the route of Azure Resource Graph for Defender's assessments and for VMs. It requires no action of its own.
 */
export function createGraphRoutes(context: GraphContext): Route[] {
  return [
    {
      kind: 'assessments',
      kindOf: ({ text }) => (isVmQuery(text) ? 'vmQuery' : 'assessments'),
      method: 'POST',
      path: '/providers/Microsoft.ResourceGraph/resources',
      apiVersion: API_VERSIONS.resourceGraph,
      handle: (request) => query(request, context),
    },
  ];
}

/**
 * Resource Graph silently omits what the caller has no permission to read. A caller without any read permission is
 * refused.
 */
function query({ text, principal }: ArmRequest, context: GraphContext): Answer {
  const { topology } = context;
  const { subscriptions, filter, top, skipToken } = parseQuestion(text, context.violate);
  const given = subscriptions ?? topology.subscriptionIds();
  const known = given.filter((id) => topology.hasSubscription(id));
  if (known.length === 0) {
    const what = 'There must be at least one subscription that is eligible to contain resources.';
    throw graphError(400, 'BadRequest', {
      code: 'NoValidSubscriptionsInQueryRequest',
      message: `${what} Given: '${given.join(', ')}'.`,
    });
  }
  if (!known.some((id) => hasRightsWithin(principal, `/subscriptions/${id}`))) {
    const message = 'Access is denied to the requested resource. The user might not have enough permission.';
    throw graphError(403, 'AccessDenied', { code: 'AccessDenied', message });
  }
  const test = filter && readFilter(filter);
  const all = known.flatMap((id): readonly { readonly id: string }[] =>
    test ? vmRows(topology, id).filter(test) : context.assessments.rows(id),
  );
  const right = filter ? 'Microsoft.Compute/virtualMachines/read' : 'Microsoft.Security/assessments/read';
  const readable = all.filter(({ id }) => isAllowed(principal, right, id));
  const rows = filter ? readable.map(({ id }) => ({ id })) : readable;
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

/** @throws Refusal 400 in Resource Graph's wording, with the position at which it stopped parsing */
function readFilter({ text, line }: VmFilter): (row: Row) => boolean {
  try {
    return parseFilter(text);
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    const before = text.slice(0, error.at).split('\n');
    throw graphError(
      400,
      'BadRequest',
      {
        code: 'InvalidQuery',
        message:
          'Query is invalid. Please refer to the documentation for the Azure Resource Graph service and fix the error before retrying.',
      },
      {
        ...{ code: 'ParserFailure', message: 'ParserFailure' },
        line: line + before.length - 1,
        characterPositionInLine: before.at(-1)?.length ?? 0,
        token: error.token,
      },
    );
  }
}

/** Resource Graph puts the reason into the details (azure-sdk-for-java#29924, aztfexport#485). */
const graphError = (status: number, code: string, ...details: readonly object[]): Refusal =>
  new Refusal(
    json(status, {
      error: {
        code,
        message: 'Please provide below info when asking for support: timestamp, correlationId.',
        details,
      },
    }),
  );
