import { toGroupId } from '../../../../shared/core/resourceIds';
import type { ListedAssessment } from '../model/records';
import type { Pages } from '../../../../shared/azure/paging';
import type { Limit } from '../../../../shared/core/limits';
import { readItems, type Reader } from '../../../../shared/azure/reader';
import { shapeOf } from '../../../../shared/azure/read/shape';
import { queryGraph } from '../../../../shared/azure/resourceGraph';

const WHAT = 'Azure Resource Graph';

/**
 * "Management ports of virtual machines should be protected with just-in-time network access control", by its key in
 * Learn's reference of recommendations. A list of assessments would contain all others of every VM too.
 */
const QUERY = `securityresources
| where type =~ 'microsoft.security/assessments' and name =~ '805651bc-6ecd-4c73-9b55-97a19d0582d0'
| project id, resourceId = tolower(tostring(properties.resourceDetails.Id)), status = tostring(properties.status.code), cause = tostring(properties.status.cause)
| order by id asc`;

/**
 * Lists Defender's assessments in a subscription. Azure omits what the caller is not allowed to read, without notice.
 */
export const listAssessments = (
  reader: Reader,
  subscriptionId: string,
  limit: Limit,
): Pages<ListedAssessment> => readItems(rowsOf(reader, subscriptionId, limit), toAssessment);

/** Converts a row from Resource Graph. Throws JIT604 if it cannot be interpreted. */
export function toAssessment(row: unknown): ListedAssessment {
  const shape = shapeOf(row, WHAT);
  return {
    vmKey: shape.text('resourceId').toLowerCase(),
    status: shape.optionalText('status') ?? '',
    cause: shape.optionalText('cause') ?? '',
  };
}

async function* rowsOf(reader: Reader, subscriptionId: string, limit: Limit): Pages<unknown> {
  const scope = toGroupId(subscriptionId);
  const call = {
    action: 'Microsoft.Security/assessments/read',
    ...{ scope, sought: { noun: 'subscription', id: scope } },
  };
  const question = { query: QUERY, subscriptionIds: [subscriptionId] };
  for await (const { rows } of queryGraph(reader, question, call, limit)) yield rows;
}
