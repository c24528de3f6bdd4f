/**
 * Every name that the libraries in the packages read from the environment, those of Node itself that decide what is
 * trusted and shown, and what becomes of each before the libraries are loaded. A test looks for reads in the packed
 * programs and compares them with this list, and the documents show it.
 *
 * - `never`: taken out, whoever set it.
 * - `machine`: counts when the machine sets it; taken out and named in a warning when a variable of the pipeline does.
 * - `kept`: left alone, because it changes nothing.
 */
export interface EnvironmentName {
  readonly name: string;
  readonly becomes: 'never' | 'machine' | 'kept';
  /** What it would do. */
  readonly does: string;
}

const names = (
  becomes: EnvironmentName['becomes'],
  does: string,
  ...given: readonly string[]
): readonly EnvironmentName[] => given.map((name) => ({ name, becomes, does }));

/**
 * What makes Node itself trust more. It reads them before a task starts.
 * https://nodejs.org/docs/latest-v24.x/api/cli.html#environment-variables
 */
export const AUTHORITY_NAMES = [
  'NODE_EXTRA_CA_CERTS',
  'NODE_USE_SYSTEM_CA',
  'SSL_CERT_DIR',
  'SSL_CERT_FILE',
] as const;

/** What makes Node itself write headers to its error output, with tokens and passwords. It reads this before a task starts. */
export const DEBUG_NAME = 'NODE_DEBUG';

export const ENVIRONMENT_NAMES: readonly EnvironmentName[] = [
  ...names(
    'never',
    'becomes part of the host name that secrets are sent to',
    'AZURE_REGIONAL_AUTHORITY_NAME',
    'MSAL_FORCE_REGION',
    'REGION_NAME',
  ),
  ...names('never', 'changes the tenant of the sign-in', 'AZURE_IDENTITY_DISABLE_MULTITENANTAUTH'),
  ...names(
    'never',
    'logs requests, or the URL of the proxy with its password, without the filter of the log',
    'AZURE_LOG_LEVEL',
    'TYPESPEC_RUNTIME_LOG_LEVEL',
    'DEBUG',
    DEBUG_NAME,
  ),
  ...names('never', 'turns off certificate checks', 'NODE_TLS_REJECT_UNAUTHORIZED'),
  ...names(
    'never',
    "is only for a library's own tests",
    'Q_DEBUG',
    'TASKLIB_INPROC_UNITS',
    'TASKLIB_TEST_MKDIRP_FAILSAFE',
    'TASKLIB_TEST_TOOLRUNNER_EXITDELAY',
    '__IS_WSL_TEST__',
  ),
  ...names(
    'machine',
    'sets where the token of a managed identity is requested, and for which identity',
    'AZURE_POD_IDENTITY_AUTHORITY_HOST',
    'DEFAULT_IDENTITY_CLIENT_ID',
    'IDENTITY_ENDPOINT',
    'IDENTITY_HEADER',
    'IDENTITY_SERVER_THUMBPRINT',
    'IMDS_ENDPOINT',
    'MSI_ENDPOINT',
    'MSI_SECRET',
  ),
  ...names(
    'machine',
    'sets the file with the token of a workload identity, and where it is sent',
    'AZURE_AUTHORITY_HOST',
    'AZURE_CLIENT_ID',
    'AZURE_FEDERATED_TOKEN_FILE',
    'AZURE_TENANT_ID',
  ),
  ...names('machine', 'sets where Azure Arc keeps its keys on Windows', 'ProgramData', 'ProgramFiles'),
  ...names('machine', 'adds certificate authorities', ...AUTHORITY_NAMES),
  ...names('machine', 'sets a proxy', 'ALL_PROXY', 'HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY'),
  ...names(
    'kept',
    'sets where other programs are; the tasks start none',
    'COMSPEC',
    'PATH',
    'PATHEXT',
    'SYSTEMROOT',
    'windir',
  ),
  ...names('kept', 'contains the previous working folder; the tasks do not change folders', 'OLDPWD'),
];
