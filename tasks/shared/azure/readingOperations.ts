/** The operation that lists the security admin rules of a virtual network, as in paths and actions. */
export const LIST_ADMIN_RULES = 'listNetworkManagerEffectiveSecurityAdminRules';

/** The operation of a network watcher that checks whether traffic is allowed, as in paths and actions. */
export const VERIFY_FLOW = 'ipFlowVerify';

const READING = [LIST_ADMIN_RULES, VERIFY_FLOW];

/** Whether a POST to a path only reads, so that it can be sent twice. */
export const isReadingPost = (path: string): boolean =>
  path.startsWith('/providers/Microsoft.ResourceGraph/') ||
  READING.some((operation) => path.endsWith(`/${operation}`));
