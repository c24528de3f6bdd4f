/** What one role assignment of the identity allows: the actions, except those that it excludes. */
export interface Permission {
  /** `*` stands for any text. Case does not matter. */
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
}

/**
 * Whether any of the permissions allows an action. Each one is evaluated on its own, because one role can grant what
 * another one excludes. Deny assignments are not included.
 */
export function permits(permissions: readonly Permission[], action: string): boolean {
  return permissions.some(({ actions, notActions }) => names(actions, action) && !names(notActions, action));
}

const names = (patterns: readonly string[], action: string): boolean =>
  patterns.some((pattern) => isNamedBy(pattern.toLowerCase(), action.toLowerCase()));

/**
 * Whether a pattern matches an action. Some patterns with many `*` take minutes as a regular expression, and anyone can
 * write those into a role.
 */
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
