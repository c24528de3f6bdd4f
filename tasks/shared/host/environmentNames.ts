/**
 * A name in the environment that the libraries in the packages read, or with which Node decides what it trusts and
 * shows, and what happens to it before the libraries are loaded. A test searches the packed programs for reads and
 * compares them with the list of all names, and the documentation shows the list.
 *
 * - `never`: removed, regardless of who set it.
 * - `machine`: used if the machine sets it; removed and named in a warning if a pipeline variable does.
 * - `kept`: left unchanged, because it has no effect.
 */
export interface EnvironmentName {
  readonly name: string;
  readonly becomes: 'never' | 'machine' | 'kept';
  /** The effect that it would have. */
  readonly does: string;
}

const names = (
  becomes: EnvironmentName['becomes'],
  does: string,
  ...given: readonly string[]
): readonly EnvironmentName[] => given.map((name) => ({ name, becomes, does }));

/**
 * Names that make Node itself trust more certificates. Node reads them before a task begins.
 * https://nodejs.org/docs/latest-v24.x/api/cli.html#environment-variables
 */
export const AUTHORITY_NAMES = [
  'NODE_EXTRA_CA_CERTS',
  'NODE_USE_SYSTEM_CA',
  'SSL_CERT_DIR',
  'SSL_CERT_FILE',
] as const;

/** Makes Node itself write headers to stderr, with tokens and passwords. Node reads this name before a task begins. */
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
