/**
 * Imported before the task library, which writes both passwords to the debug log when it is loaded. The proxy's
 * password is kept here, in memory; the password of the agent's client certificate is never used.
 */
export const proxyPassword: string | undefined =
  process.env['SECRET_AGENT_PROXYPASSWORD'] ?? process.env['AGENT_PROXYPASSWORD'];

delete process.env['SECRET_AGENT_PROXYPASSWORD'];
delete process.env['AGENT_PROXYPASSWORD'];
delete process.env['SECRET_AGENT_CLIENTCERTPASSWORD'];
delete process.env['AGENT_CLIENTCERTPASSWORD'];
