/** What one role assignment of the caller allows: actions, less those that it takes out again. */
export interface Permission {
  /** `*` stands for any text; case does not count. */
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
}

/**
 * Whether an action is allowed by any of the permissions. What one role takes out of its actions another may give
 * back, so each is read by itself. Deny assignments are no part of them.
 */
export function permits(permissions: readonly Permission[], action: string): boolean {
  return permissions.some(({ actions, notActions }) => names(actions, action) && !names(notActions, action));
}

function names(patterns: readonly string[], action: string): boolean {
  return patterns.some((pattern) => {
    const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${parts.join('.*')}$`, 'i').test(action);
  });
}

/** The resource group that an ARM id lies in, from which rights are inherited; an id outside of one is its own. */
export function groupOf(scope: string): string {
  return /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+/i.exec(scope)?.[0] ?? scope;
}
