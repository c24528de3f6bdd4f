/** A cloud whose hosts Microsoft publishes. A service connection cannot name other hosts for it. */
export interface KnownCloud {
  /** The name of the environment in a service connection. */
  readonly name: string;
  readonly resourceManager: readonly string[];
  /** The first one is used if the connection names none. */
  readonly signIn: readonly string[];
}

/**
 * The known clouds. Resource Manager: `az cloud list`, and the addresses that Azure DevOps gives to connections.
 * Sign-in: https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud, the other names of the
 * same services in MSAL's authority metadata, and the names that Azure DevOps gave to older connections.
 */
const KNOWN_CLOUDS: readonly KnownCloud[] = [
  {
    name: 'AzureCloud',
    resourceManager: ['management.azure.com'],
    signIn: ['login.microsoftonline.com', 'login.windows.net', 'login.microsoft.com', 'sts.windows.net'],
  },
  {
    name: 'AzureUSGovernment',
    resourceManager: ['management.usgovcloudapi.net'],
    signIn: ['login.microsoftonline.us', 'login-us.microsoftonline.com', 'login.usgovcloudapi.net'],
  },
  {
    name: 'AzureChinaCloud',
    resourceManager: ['management.chinacloudapi.cn'],
    signIn: ['login.chinacloudapi.cn', 'login.partner.microsoftonline.cn'],
  },
];

/**
 * Returns the known cloud of a service connection's environment, regardless of case. An empty environment is
 * `AzureCloud`. Returns `undefined` for any other cloud, such as `AzureStack`, whose owner chooses its hosts.
 */
export function findCloud(environment: string): KnownCloud | undefined {
  const name = environment.trim().toLowerCase() || 'azurecloud';
  return KNOWN_CLOUDS.find((cloud) => cloud.name.toLowerCase() === name);
}

/** Whether an HTTPS URL leads to one of the hosts, at the default port. Throws if the text is not a URL. */
export function leadsTo(url: string, hosts: readonly string[]): boolean {
  return hosts.includes(new URL(url).host);
}
