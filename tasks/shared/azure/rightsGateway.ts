import type { Permission } from '../core/permissions';
import type { Arm } from './arm';
import { createReader } from './reader';
import { shapeOf } from './read/shape';
import type { Limit } from '../core/limits';

/** Reads the permissions of the connection's identity. */
export interface RightsGateway {
  /**
   * Returns the permissions that roles grant at a scope, including inherited ones, from all pages. The scope is the ARM
   * ID of a resource or its group. Throws a `CodedError`: a `ForbiddenError` if the identity is not allowed to read
   * them.
   */
  list(scope: string, limit: Limit): Promise<readonly Permission[]>;
}

const WHAT = 'The list of the own permissions';

/** Reads the caller's permissions from Azure Resource Manager, instead of calculating them from roles. */
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
