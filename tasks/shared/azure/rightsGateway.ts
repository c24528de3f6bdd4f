import type { Permission } from '../core/permissions';
import type { Arm } from './arm';
import { createReader } from './reader';
import { shapeOf } from './read/shape';
import type { Limit } from '../core/limits';

/** What the connection's identity may do. */
export interface RightsGateway {
  /**
   * What roles allow at a scope, the ARM id of a resource or its group, with what is inherited, from all pages.
   * Throws a `CodedError`; without the right to ask, a `ForbiddenError`.
   */
  list(scope: string, limit: Limit): Promise<readonly Permission[]>;
}

const WHAT = 'The list of the own permissions';

/** The caller's rights by way of Azure Resource Manager, asked from Azure and not worked out from roles. */
export function createRightsGateway(arm: Arm): RightsGateway {
  const reader = createReader(arm);
  return {
    async list(scope, limit) {
      const action = 'Microsoft.Authorization/permissions/read';
      const call = { what: WHAT, action, scope, sought: { noun: 'scope', id: scope } };
      const url = reader.url(`${scope}/providers/Microsoft.Authorization/permissions`, 'permissions');
      const found: Permission[] = [];
      for await (const page of reader.pages(url, call, limit)) found.push(...page.map(toPermission));
      return found;
    },
  };
}

/** https://learn.microsoft.com/rest/api/authorization/permissions/list-for-resource */
function toPermission(entry: unknown): Permission {
  const shape = shapeOf(entry, WHAT);
  return { actions: shape.texts('actions'), notActions: shape.texts('notActions') };
}
