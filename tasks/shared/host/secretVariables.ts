import { mkdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';

/**
 * Imported before the task library, which writes these two to the debug log as soon as it is loaded. The proxy's
 * password is kept here, in memory; the password of the agent's client certificate is never used.
 */
export const proxyPassword: string | undefined =
  process.env['SECRET_AGENT_PROXYPASSWORD'] ?? process.env['AGENT_PROXYPASSWORD'];

delete process.env['SECRET_AGENT_PROXYPASSWORD'];
delete process.env['AGENT_PROXYPASSWORD'];
delete process.env['SECRET_AGENT_CLIENTCERTPASSWORD'];
delete process.env['AGENT_CLIENTCERTPASSWORD'];

/**
 * The task library keeps its vault in the agent's folder for temporary files, and ends with a stack trace where that is
 * missing. Without it, the system's own folder serves.
 */
const folder = process.env['AGENT_TEMPDIRECTORY'];
try {
  if (folder && !statSync(folder, { throwIfNoEntry: false })?.isDirectory()) mkdirSync(folder);
} catch {
  process.env['AGENT_TEMPDIRECTORY'] = tmpdir();
}
