/**
 * An organization or collection of Azure DevOps, identified by an address in it. In the cloud, one organization has
 * several hosts: `dev.azure.com/<name>` and `<name>.visualstudio.com`, and for classic releases
 * `vsrm.dev.azure.com/<name>` and `<name>.vsrm.visualstudio.com`. An Azure DevOps Server is identified by its origin.
 */
export interface Organization {
  /** The same for every address of the organization. */
  readonly key: string;
  /** The URL of its pages, without a slash at the end. */
  readonly url: string;
}

/** Returns the organization of an HTTP or HTTPS address, or `undefined` if the text is no such address. */
export function parseOrganization(text: string): Organization | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return undefined;
  const path = url.pathname.replace(/\/+$/, '');
  const cloudy = url.protocol === 'https:' && url.port === '';
  const [, first = ''] = path.split('/');
  if (cloudy && /^(?:vsrm\.)?dev\.azure\.com$/.test(url.hostname) && first !== '') {
    return { key: `services/${first.toLowerCase()}`, url: `https://dev.azure.com/${first}` };
  }
  const [, name] = /^([a-z\d-]+)(?:\.vsrm)?\.visualstudio\.com$/.exec(cloudy ? url.hostname : '') ?? [];
  if (name !== undefined) {
    // An older address can continue with the name of the collection.
    const collection = first.toLowerCase() === 'defaultcollection' ? `/${first}` : '';
    return { key: `services/${name}`, url: `https://${name}.visualstudio.com${collection}` };
  }
  return { key: url.origin, url: url.origin + path };
}

/** Whether an address is in an organization, or on an Azure DevOps Server below its collection. */
export function liesIn(organization: Organization, address: URL): boolean {
  if (parseOrganization(address.href)?.key !== organization.key) return false;
  const folder = `${new URL(organization.url).pathname.replace(/\/+$/, '')}/`.toLowerCase();
  return !organization.key.startsWith('http') || address.pathname.toLowerCase().startsWith(folder);
}

/** The result of checking an address to which the agent would send the job's token. */
export type OidcAddress =
  | { readonly kind: 'trusted'; readonly url: string }
  /** `requested` and `home` are the two places that a reader can compare. */
  | { readonly kind: 'insecure' | 'foreign'; readonly requested: string; readonly home: string };

/**
 * The path of the call that returns a token to a running job.
 * https://learn.microsoft.com/rest/api/azure/devops/distributedtask/oidctoken/create
 */
const OIDC_CALL = /\/_apis\/distributedtask\/hubs\/[^/]+\/plans\/[^/]+\/jobs\/[^/]+\/oidctoken$/i;

/**
 * Checks the address from which an OIDC token is requested. Pipeline variables name that address, and the job's token
 * is sent to it. It must therefore be the call for OIDC tokens, over HTTPS, in the organization of the agent's own
 * connection.
 *
 * @param requested the address that the variables result in
 * @param home the URL of the agent's own connection to Azure DevOps, which no variable can change
 */
export function judgeOidcAddress(requested: string, home: string): OidcAddress {
  const shown = { requested: placeOf(requested), home: placeOf(home) };
  if (!URL.canParse(requested)) return { kind: 'foreign', ...shown };
  const url = new URL(requested);
  if (url.protocol !== 'https:') return { kind: 'insecure', ...shown };
  const place = parseOrganization(requested);
  const isHome = place !== undefined && place.key === parseOrganization(home)?.key;
  const isPlain = url.username === '' && url.password === '';
  // Microsoft's own clients remove a trailing slash (azure-sdk-for-python, AzurePipelinesCredential).
  const path = url.pathname.replace(/\/+$/, '');
  // A server might decode these into the path of another organization or call.
  const isEncoded = /%(?:2e|2f|5c|25)/i.test(path);
  if (!isHome || !isPlain || isEncoded || !OIDC_CALL.test(path)) return { kind: 'foreign', ...shown };
  return { kind: 'trusted', url: url.origin + path };
}

/** Returns the protocol, host, and start of the path, without anything before the host that could look like it. */
function placeOf(text: string): string {
  if (!URL.canParse(text)) return text;
  const { protocol, host, pathname } = new URL(text);
  return `${protocol}//${host}/${pathname.split('/')[1] ?? ''}`;
}
