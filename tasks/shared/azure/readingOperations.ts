/** The operation that lists the security admin rules of a virtual network, as paths and actions name it. */
export const LIST_ADMIN_RULES = 'listNetworkManagerEffectiveSecurityAdminRules';

/** Whether a POST only reads, so that it may be sent twice. */
export const isReadingPost = (path: string): boolean =>
  path.startsWith('/providers/Microsoft.ResourceGraph/') || path.endsWith(`/${LIST_ADMIN_RULES}`);
