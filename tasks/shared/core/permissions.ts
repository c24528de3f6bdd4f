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

const names = (patterns: readonly string[], action: string): boolean =>
  patterns.some((pattern) => isNamedBy(pattern.toLowerCase(), action.toLowerCase()));

/** By hand: a regular expression takes minutes for some patterns with many `*`, and anybody may write those into a role. */
function isNamedBy(pattern: string, action: string): boolean {
  const [head = '', ...parts] = pattern.split('*');
  const tail = parts.pop();
  if (tail === undefined) return action === pattern;
  if (!action.startsWith(head)) return false;
  let at = head.length;
  for (const part of parts) {
    const found = action.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return action.length - tail.length >= at && action.endsWith(tail);
}
