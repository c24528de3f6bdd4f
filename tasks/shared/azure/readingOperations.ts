/** The operation that lists the security admin rules of a virtual network, as paths and actions name it. */
export const LIST_ADMIN_RULES = 'listNetworkManagerEffectiveSecurityAdminRules';

/** The operation of a network watcher that tells whether traffic is allowed, in the same way. */
export const VERIFY_FLOW = 'ipFlowVerify';

const READING = [LIST_ADMIN_RULES, VERIFY_FLOW];

/** Whether a POST only reads, so that it may be sent twice. */
export const isReadingPost = (path: string): boolean =>
  path.startsWith('/providers/Microsoft.ResourceGraph/') ||
  READING.some((operation) => path.endsWith(`/${operation}`));
