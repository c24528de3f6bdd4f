import type { Connection } from './agent/connections';
import type { StepOptions } from './agent/job';
import { startProxy, type Proxy } from './proxy/proxy';
import type { Scenario } from './scenario';

/** The hosts that Microsoft publishes for a cloud, and the audience of its tokens. */
export const KNOWN_CLOUDS = {
  AzureCloud: {
    resourceManager: 'management.azure.com',
    signIns: ['login.microsoftonline.com', 'login.windows.net'],
    audience: 'https://management.core.windows.net/',
  },
  AzureUSGovernment: {
    resourceManager: 'management.usgovcloudapi.net',
    signIns: ['login.microsoftonline.us', 'login-us.microsoftonline.com'],
    audience: 'https://management.core.usgovcloudapi.net/',
  },
  AzureChinaCloud: {
    resourceManager: 'management.chinacloudapi.cn',
    signIns: ['login.chinacloudapi.cn', 'login.partner.microsoftonline.cn'],
    audience: 'https://management.core.chinacloudapi.cn/',
  },
} as const;
export type KnownCloudName = keyof typeof KNOWN_CLOUDS;

/** A step that reaches a known cloud under its real names, which a proxy leads to the simulated one. */
export interface BehindKnownCloud {
  readonly proxy: Proxy;
  /** The service connection, as Azure DevOps creates it for this cloud. */
  readonly connection: Connection;
  /** Options for the step, with the connection under its name. */
  readonly step: Partial<StepOptions>;
}

/**
 * Makes the simulated Azure available under the real names of a cloud, through a proxy on this machine. Close the proxy
 * at the end of the test.
 *
 * @param signIn the host for the sign-in in the connection, or empty to omit it
 */
export async function behindKnownCloud(
  { azure, connection }: Scenario,
  cloud: KnownCloudName = 'AzureCloud',
  signIn: string = KNOWN_CLOUDS[cloud].signIns[0],
): Promise<BehindKnownCloud> {
  const { resourceManager, signIns } = KNOWN_CLOUDS[cloud];
  const devOps = azure.collectionUrl;
  const proxy = await startProxy({
    leads: {
      [resourceManager]: azure.url,
      ...Object.fromEntries(signIns.map((host) => [host, azure.authorityUrl])),
      'dev.azure.com': devOps,
      'contoso.visualstudio.com': devOps,
    },
  });
  const data = Object.fromEntries(
    Object.entries(connection.data ?? {}).filter(([key]) => key !== 'activeDirectoryAuthority'),
  );
  const known: Connection = {
    ...connection,
    url: `https://${resourceManager}/`,
    data: {
      ...data,
      environment: cloud,
      ...(signIn && { environmentAuthorityUrl: `https://${signIn}/` }),
    },
  };
  return {
    proxy,
    connection: known,
    step: {
      connections: { 'my-connection': known },
      // The address services have no real names here.
      proxy: { url: proxy.url, bypass: ['localhost'] },
      collectionUri: 'https://dev.azure.com/contoso/',
      variables: { 'System.OidcRequestUri': `https://dev.azure.com${new URL(azure.oidcUrl).pathname}` },
    },
  };
}
