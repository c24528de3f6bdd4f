/** A cloud whose hosts Microsoft publishes, so that a service connection cannot name others for it. */
export interface KnownCloud {
  /** As a service connection calls its environment. */
  readonly name: string;
  readonly resourceManager: readonly string[];
  /** The first one is used where the connection names none. */
  readonly signIn: readonly string[];
}

/**
 * The clouds that are known. Resource Manager: `az cloud list`, and the addresses that Azure DevOps gives to
 * connections. Sign-in: https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud, the other
 * names of the same services in MSAL's metadata of authorities, and those that Azure DevOps gave to connections in
 * former years.
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
 * The known cloud of a service connection's environment, which is `AzureCloud` when it is empty. Case does not count.
 * Nothing for a cloud that is named otherwise, such as `AzureStack`: its hosts are its owner's.
 */
export function findCloud(environment: string): KnownCloud | undefined {
  const name = environment.trim().toLowerCase() || 'azurecloud';
  return KNOWN_CLOUDS.find((cloud) => cloud.name.toLowerCase() === name);
}

/** Whether an https URL leads to one of the hosts, at the usual port. */
export function leadsTo(url: string, hosts: readonly string[]): boolean {
  return hosts.includes(new URL(url).host);
}
