import { connectionIncomplete, connectionWithoutToken } from '../messages/failures';
import type { SignIn } from '../world';

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

// https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud
const AUTHORITIES: Readonly<Record<string, string>> = {
  azurecloud: 'https://login.microsoftonline.com',
  azureusgovernment: 'https://login.microsoftonline.us',
  azurechinacloud: 'https://login.chinacloudapi.cn',
};

/**
 * Makes sense of a service connection. Throws JIT201 when something is missing or the kind gives no token
 * for Azure Resource Manager.
 */
export function parseConnection(raw: RawConnection): Connection {
  const missing: string[] = [];
  const need = (value: string, what: string): string => {
    if (!value) missing.push(what);
    return value;
  };
  const armUrl = need(
    httpsUrl(raw.url) || httpsUrl(raw.property('resourceManagerUrl')),
    'an https URL of Azure Resource Manager',
  );
  const environment = (raw.property('environment') || 'AzureCloud').toLowerCase();
  const authority =
    raw.property('activeDirectoryAuthority') ||
    raw.property('environmentAuthorityUrl') ||
    (AUTHORITIES[environment] ?? '');
  const authorityUrl = need(httpsUrl(authority), 'the URL of its sign-in service');
  const identity = parseIdentity(raw, need);
  if (missing.length > 0) throw connectionIncomplete(raw.id, missing);
  return {
    id: raw.id,
    identity,
    armUrl,
    audience: raw.property('activeDirectoryServiceEndpointResourceId') || armUrl,
    authorityUrl,
    subscriptionId: raw.property('subscriptionId') || undefined,
  };
}

function parseIdentity(raw: RawConnection, need: (value: string, what: string) => string): Identity {
  const tenantId = () => need(raw.parameter('tenantid'), 'the tenant id');
  const clientId = () => need(raw.parameter('serviceprincipalid'), 'the id of the service principal');
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
