import { findCloud, leadsTo } from '../core/azureClouds';
import { connectionIncomplete, connectionWithoutToken } from '../messages/failures';
import { foreignHosts, type ForeignHost } from '../messages/routes';
import type { SignIn } from '../core/signIn';

/** A service connection as the agent hands it over. Keys are looked up without regard to case. */
export interface RawConnection {
  readonly id: string;
  readonly url: string;
  readonly scheme: string;
  parameter(key: string): string;
  property(key: string): string;
}

/** How the connection proves who it is. */
export type Identity =
  | { readonly kind: 'secret'; readonly tenantId: string; readonly clientId: string; readonly secret: string }
  | {
      readonly kind: 'certificate';
      readonly tenantId: string;
      readonly clientId: string;
      /** PEM: certificate and private key. */
      readonly certificate: string;
    }
  | { readonly kind: 'federated'; readonly tenantId: string; readonly clientId: string }
  | { readonly kind: 'managed'; readonly clientId: string | undefined };

/** A service connection that can sign in: complete, and of one kind. */
export interface Connection {
  readonly id: string;
  readonly cloud: {
    /** As the connection calls it. */
    readonly name: string;
    /** Whether its hosts are published, and are those of this connection. */
    readonly known: boolean;
  };
  readonly identity: Identity;
  /** Origin of Azure Resource Manager, without a slash at the end. */
  readonly armUrl: string;
  /** What a token must be for. */
  readonly audience: string;
  /** Origin of Microsoft Entra ID, without a slash at the end. */
  readonly authorityUrl: string;
  /** Absent for connections to a management group. */
  readonly subscriptionId: string | undefined;
}

/**
 * Makes sense of a service connection. Throws JIT201 when something is missing, when the kind gives no token for Azure
 * Resource Manager, or when a known cloud's hosts are not those that the connection names: a step that ran before can
 * have changed them.
 */
export function parseConnection(raw: RawConnection): Connection {
  const missing: string[] = [];
  const need = (value: string, what: string): string => {
    if (!value) missing.push(what);
    return value;
  };
  const armUrl = need(
    httpsUrl(raw.url) || httpsUrl(raw.property('resourceManagerUrl')),
    'an HTTPS URL of Azure Resource Manager',
  );
  const environment = raw.property('environment').trim();
  const cloud = findCloud(environment);
  const authority =
    raw.property('activeDirectoryAuthority') ||
    raw.property('environmentAuthorityUrl') ||
    (cloud ? `https://${cloud.signIn[0] ?? ''}` : '');
  const authorityUrl = need(httpsUrl(authority), 'the HTTPS URL of its sign-in service');
  const identity = parseIdentity(raw, need);
  if (missing.length > 0) throw connectionIncomplete(raw.id, missing);
  if (cloud) {
    const foreign: ForeignHost[] = [];
    const check = (what: string, url: string, hosts: readonly string[]): void => {
      if (!leadsTo(url, hosts)) foreign.push({ what, host: new URL(url).host, hosts });
    };
    check('Azure Resource Manager', armUrl, cloud.resourceManager);
    check('the sign-in', authorityUrl, cloud.signIn);
    if (foreign.length > 0) throw foreignHosts(raw.id, cloud.name, foreign);
  }
  return {
    id: raw.id,
    cloud: { name: cloud?.name ?? environment, known: cloud !== undefined },
    identity,
    armUrl,
    audience: raw.property('activeDirectoryServiceEndpointResourceId') || armUrl,
    authorityUrl,
    subscriptionId: raw.property('subscriptionId') || undefined,
  };
}

function parseIdentity(raw: RawConnection, need: (value: string, what: string) => string): Identity {
  const tenantId = () => need(raw.parameter('tenantid'), 'the tenant ID');
  const clientId = () => need(raw.parameter('serviceprincipalid'), 'the ID of the service principal');
  switch ((raw.scheme || 'ServicePrincipal').toLowerCase()) {
    case 'serviceprincipal':
      if (raw.parameter('authenticationType').toLowerCase() === 'spncertificate') {
        const certificate = need(raw.parameter('servicePrincipalCertificate'), 'the certificate');
        return { kind: 'certificate', tenantId: tenantId(), clientId: clientId(), certificate };
      }
      return {
        kind: 'secret',
        tenantId: tenantId(),
        clientId: clientId(),
        secret: need(raw.parameter('serviceprincipalkey'), 'the key of the service principal'),
      };
    case 'workloadidentityfederation':
      return { kind: 'federated', tenantId: tenantId(), clientId: clientId() };
    case 'managedserviceidentity':
      return { kind: 'managed', clientId: raw.property('msiclientId') || undefined };
    default:
      throw connectionWithoutToken(raw.id, raw.scheme);
  }
}

/** Who the connection signs in as, without what it proves it with. */
export function toSignIn({ identity }: Connection): SignIn {
  const { kind, clientId } = identity;
  return kind === 'managed' ? { kind, clientId } : { kind, clientId, tenantId: identity.tenantId };
}

function httpsUrl(text: string): string {
  if (!URL.canParse(text)) return '';
  const url = new URL(text);
  return url.protocol === 'https:' ? url.origin + url.pathname.replace(/\/+$/, '') : '';
}
