import { findCloud, leadsTo } from '../core/azureClouds';
import { connectionIncomplete, connectionWithoutToken } from '../messages/failures';
import { foreignHosts, type ForeignHost } from '../messages/routes';
import type { SignIn } from '../core/signIn';

/** A service connection as the agent provides it. The lookup of keys is case-insensitive. */
export interface RawConnection {
  readonly id: string;
  readonly url: string;
  readonly scheme: string;
  parameter(key: string): string;
  property(key: string): string;
}

/** The credential that the connection signs in with. */
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

/** A service connection that is complete and can sign in. */
export interface Connection {
  readonly id: string;
  readonly cloud: {
    /** The name that the connection has for the cloud. */
    readonly name: string;
    /** Whether the cloud's hosts are published, and the connection names them. */
    readonly known: boolean;
  };
  readonly identity: Identity;
  /** Origin of Azure Resource Manager, without a trailing slash. */
  readonly armUrl: string;
  /** The resource that the token is requested for. */
  readonly audience: string;
  /** Origin of Microsoft Entra ID, without a trailing slash. */
  readonly authorityUrl: string;
  /** Absent for connections to a management group. */
  readonly subscriptionId: string | undefined;
}

/**
 * Parses a service connection. Throws JIT201 if something is missing, if this kind of connection provides no token for
 * Azure Resource Manager, or if the cloud is known and the connection names other hosts than the cloud's: an earlier
 * step might have changed them.
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

/** Returns the identity that the connection signs in as, without the credential. */
export function toSignIn({ identity }: Connection): SignIn {
  const { kind, clientId } = identity;
  return kind === 'managed' ? { kind, clientId } : { kind, clientId, tenantId: identity.tenantId };
}

function httpsUrl(text: string): string {
  if (!URL.canParse(text)) return '';
  const url = new URL(text);
  return url.protocol === 'https:' ? url.origin + url.pathname.replace(/\/+$/, '') : '';
}
