import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import type { Permission } from '../domain/permissions';
import { senselessAnswer } from '../messages/failures';
import type { Limit, RightsGateway } from '../world';
import type { Arm } from './arm';
import { parseJson } from './azureErrors';
import { failureOf, toFailure, type Call } from './failures';
import { noteLinks } from './paging';
import { encodeId } from './paths';
import { limitOf } from './retry';
import { shapeOf } from './read/shape';

const API_VERSION = '2022-04-01';
const ACTION = 'Microsoft.Authorization/permissions/read';
const WHAT = 'The list of the own rights';

/** The caller's rights by way of Azure Resource Manager, asked from Azure and not worked out from roles. */
export function createRightsGateway(arm: Arm): RightsGateway {
  const read = async (url: string, call: Call, limit: Limit): Promise<unknown> => {
    const headers = createHttpHeaders({ Accept: 'application/json' });
    const response = await arm.send(createPipelineRequest({ url, headers, abortSignal: limit.signal }));
    if (response.status !== 200) throw failureOf(response, call);
    return parseJson(response.bodyAsText);
  };
  return {
    async list(scope, limit) {
      limitOf.set(limit.signal, limit);
      const call = { what: WHAT, action: ACTION, scope, sought: { noun: 'scope', id: scope } };
      const found: Permission[] = [];
      const watch = noteLinks(WHAT, limit);
      let url: string | undefined =
        `${arm.url}${encodeId(scope)}/providers/Microsoft.Authorization/permissions?api-version=${API_VERSION}`;
      try {
        while (url !== undefined) {
          const page = await read(url, call, limit);
          watch({ parsedBody: page });
          found.push(...toPermissions(page));
          url = shapeOf(page, WHAT).optionalText('nextLink');
        }
      } catch (error) {
        throw toFailure(error, call);
      }
      return found;
    },
  };
}

/** https://learn.microsoft.com/rest/api/authorization/permissions/list-for-resource */
function toPermissions(page: unknown): readonly Permission[] {
  if (typeof page !== 'object' || page === null || !('value' in page)) throw senselessAnswer(WHAT, 'no list');
  return shapeOf(page, WHAT)
    .list('value')
    .map((entry) => ({ actions: entry.texts('actions'), notActions: entry.texts('notActions') }));
}
