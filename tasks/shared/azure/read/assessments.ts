import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import type { ListedAssessment, Pages } from '../../inventory';
import { senselessAnswer } from '../../messages/failures';
import type { Limit } from '../../world';
import type { Arm } from '../arm';
import { parseJson } from '../azureErrors';
import { failureOf, toFailure, type Call } from '../failures';
import { toAssessment } from './inventoryModels';
import { readItems, toJson } from '../jsonReader';
import { watchPages } from '../paging';
import { limitOf } from '../retry';
import { shapeOf } from './shape';

const API_VERSION = '2022-10-01';
const WHAT = 'Azure Resource Graph';
const PAGE = 1000;

/**
 * "Management ports of virtual machines should be protected with just-in-time network access control", by the key that
 * Learn's reference of recommendations gives it. A list of assessments would have every other one of every VM as well.
 */
const QUERY = `securityresources
| where type =~ 'microsoft.security/assessments' and name =~ '805651bc-6ecd-4c73-9b55-97a19d0582d0'
| project id, resourceId = tolower(tostring(properties.resourceDetails.Id)), status = tostring(properties.status.code), cause = tostring(properties.status.cause)
| order by id asc`;

/** Defender's verdicts in a subscription. What the caller may not read is left out by Azure without a word. */
export const listAssessments = (arm: Arm, subscriptionId: string, limit: Limit): Pages<ListedAssessment> =>
  readItems(rowsOf(arm, subscriptionId, limit), (row) => toAssessment(shapeOf(row, WHAT)));

async function* rowsOf(arm: Arm, subscriptionId: string, limit: Limit): Pages<unknown> {
  const scope = `/subscriptions/${subscriptionId}`;
  const call: Call = {
    what: WHAT,
    action: 'Microsoft.Security/assessments/read',
    scope,
    sought: { noun: 'subscription', id: scope },
  };
  const watch = watchPages(WHAT, limit);
  let token: string | undefined;
  do {
    const answer = toJson(await ask(arm, subscriptionId, token, call, limit), WHAT);
    if (!Array.isArray(answer['data'])) throw senselessAnswer(WHAT, 'no list');
    const page = shapeOf(answer, WHAT);
    watch.items(answer['data']);
    yield page.items('data');
    token = page.optionalText('$skipToken');
    if (token !== undefined) watch.next(token);
  } while (token !== undefined && token !== '');
}

async function ask(
  arm: Arm,
  subscriptionId: string,
  token: string | undefined,
  call: Call,
  limit: Limit,
): Promise<unknown> {
  limitOf.set(limit.signal, limit);
  const options = {
    resultFormat: 'objectArray',
    $top: PAGE,
    ...(token !== undefined && { $skipToken: token }),
  };
  try {
    const response = await arm.send(
      createPipelineRequest({
        url: `${arm.url}/providers/Microsoft.ResourceGraph/resources?api-version=${API_VERSION}`,
        method: 'POST',
        headers: createHttpHeaders({ Accept: 'application/json', 'Content-Type': 'application/json' }),
        body: JSON.stringify({ subscriptions: [subscriptionId], query: QUERY, options }),
        abortSignal: limit.signal,
      }),
    );
    if (response.status !== 200) throw failureOf(response, call);
    return parseJson(response.bodyAsText);
  } catch (error) {
    throw toFailure(error, call);
  }
}
