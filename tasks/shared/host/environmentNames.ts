/**
 * Every name that the libraries in the packages read from the environment, and what becomes of it before they are
 * loaded. A test looks for reads in the packed programs and compares them with this list, and the documents show it.
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

export const ENVIRONMENT_NAMES: readonly EnvironmentName[] = [
  ...names(
    'never',
    'becomes a part of the host that secrets are sent to',
    'AZURE_REGIONAL_AUTHORITY_NAME',
    'MSAL_FORCE_REGION',
    'REGION_NAME',
  ),
  ...names('never', 'changes which tenant is asked', 'AZURE_IDENTITY_DISABLE_MULTITENANTAUTH'),
  ...names(
    'never',
    'writes requests, or the address of the proxy with its password, past the filter of the log',
    'AZURE_LOG_LEVEL',
    'TYPESPEC_RUNTIME_LOG_LEVEL',
    'DEBUG',
  ),
  ...names('never', 'turns the checks of certificates off', 'NODE_TLS_REJECT_UNAUTHORIZED'),
  ...names(
    'never',
    "is for a library's own tests",
    'Q_DEBUG',
    'TASKLIB_INPROC_UNITS',
    'TASKLIB_TEST_MKDIRP_FAILSAFE',
    'TASKLIB_TEST_TOOLRUNNER_EXITDELAY',
    '__IS_WSL_TEST__',
  ),
  ...names(
    'machine',
    'where a managed identity is asked for, and as what',
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
    "which file a workload's identity lies in, and where it is sent",
    'AZURE_AUTHORITY_HOST',
    'AZURE_CLIENT_ID',
    'AZURE_FEDERATED_TOKEN_FILE',
    'AZURE_TENANT_ID',
  ),
  ...names('machine', 'where Azure Arc keeps its keys on Windows', 'ProgramData', 'ProgramFiles'),
  ...names('machine', 'adds certificate authorities', 'NODE_EXTRA_CA_CERTS'),
  ...names('machine', 'names a proxy', 'ALL_PROXY', 'HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY'),
  ...names(
    'kept',
    'where other programs lie; the tasks start none',
    'COMSPEC',
    'PATH',
    'PATHEXT',
    'SYSTEMROOT',
    'windir',
  ),
  ...names('kept', 'the folder before the last change of folder; the tasks change none', 'OLDPWD'),
  ...names('kept', 'is read by Node itself before the task begins', 'NODE_DEBUG'),
];
