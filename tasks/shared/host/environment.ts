import { cleanEnvironment } from './cleanEnvironment';

/**
 * Imported before every library: some read the environment as soon as they are loaded. What was found is said later,
 * when there is a log.
 */
const hadExtraCertificates = process.env['NODE_EXTRA_CA_CERTS'] !== undefined;

export const environment = cleanEnvironment(process.env, process.platform);

/** Whether Node trusts certificates that a variable of the pipeline names: it has noted the file before the task began. */
export const distrustsExtraCertificates =
  hadExtraCertificates && process.env['NODE_EXTRA_CA_CERTS'] === undefined;
