/**
 * Imported before the task library, which writes these variables to the debug log when it is loaded. The proxy's
 * password, and its address, which can contain one, are kept here in memory. The password of the agent's client
 * certificate is never used.
 */
export const proxyPassword: string | undefined =
  process.env['SECRET_AGENT_PROXYPASSWORD'] ?? process.env['AGENT_PROXYPASSWORD'];

export const proxyUrl: string = process.env['SECRET_AGENT_PROXYURL'] ?? process.env['AGENT_PROXYURL'] ?? '';

delete process.env['SECRET_AGENT_PROXYURL'];
delete process.env['AGENT_PROXYURL'];
delete process.env['SECRET_AGENT_PROXYPASSWORD'];
delete process.env['AGENT_PROXYPASSWORD'];
delete process.env['SECRET_AGENT_CLIENTCERTPASSWORD'];
delete process.env['AGENT_CLIENTCERTPASSWORD'];
