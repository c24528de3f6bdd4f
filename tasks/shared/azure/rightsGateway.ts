import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import type { RightsGateway } from '../world';
import type { Arm } from './arm';
import { failureOf, parseJson, toFailure } from './failures';
import { limitOf } from './retry';

const API_VERSION = '2022-04-01';
const ACTION = 'Microsoft.Authorization/permissions/read';

/** The caller's rights by way of Azure Resource Manager, asked from Azure and not worked out from roles. */
export function createRightsGateway(arm: Arm): RightsGateway {
  return {
    async allows(action, scope, limit) {
      limitOf.set(limit.signal, limit);
      const call = {
        what: 'The list of the own rights',
        action: ACTION,
        scope,
        sought: { noun: 'scope', id: scope },
      };
      try {
        const response = await arm.send(
          createPipelineRequest({
            url: `${arm.url}${encodeURI(scope)}/providers/Microsoft.Authorization/permissions?api-version=${API_VERSION}`,
            headers: createHttpHeaders({ Accept: 'application/json' }),
            abortSignal: limit.signal,
          }),
        );
        if (response.status !== 200) throw failureOf(response, call);
        return toPermissions(parseJson(response.bodyAsText)).some(
          ({ actions, notActions }) => names(actions, action) && !names(notActions, action),
        );
      } catch (error) {
        throw toFailure(error, call);
      }
    },
  };
}

interface Permission {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
}

/** https://learn.microsoft.com/rest/api/authorization/permissions/list-for-resource */
function toPermissions(body: unknown): readonly Permission[] {
  if (typeof body !== 'object' || body === null || !('value' in body) || !Array.isArray(body.value))
    return [];
  return body.value.map((entry: { actions?: readonly string[]; notActions?: readonly string[] }) => ({
    actions: entry.actions ?? [],
    notActions: entry.notActions ?? [],
  }));
}

/** `*` in a role's action stands for any text; case does not count. */
function names(patterns: readonly string[], action: string): boolean {
  return patterns.some((pattern) => {
    const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${parts.join('.*')}$`, 'i').test(action);
  });
}
