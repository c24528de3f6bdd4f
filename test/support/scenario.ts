import { randomBytes } from 'node:crypto';
import type { StepOptions } from './agent/job';
import type { Connection } from './agent/connections';
import {
  DEFAULT_SUBSCRIPTION,
  processAuthority,
  startAzure,
  type AzureOptions,
  type NewVm,
  type PolicyHandle,
  type Principal,
  type SimulatedAzure,
  type Vm,
} from './azure';

/** Every way in which a service connection can sign in. */
export const CONNECTION_KINDS = [
  'key',
  'certificate',
  'federation',
  'system-assigned identity',
  'user-assigned identity',
] as const;
export type ConnectionKind = (typeof CONNECTION_KINDS)[number];

/** The ID of the service connection in Azure DevOps. */
export const CONNECTION_ID = '3f1a8f6e-52a3-4d5c-8a1b-7f6f1c1e9b10';

/** An Azure with one VM in a policy, a service connection to it, and what is required to run a step there. */
export interface Scenario {
  readonly azure: SimulatedAzure;
  readonly principal: Principal;
  readonly vm: Vm;
  readonly policy: PolicyHandle;
  /** The service connection, for a test that changes it. */
  readonly connection: Connection;
  /** Returns the options for the agent: `inputs` are added to the default ones or replace them. */
  step(inputs?: Readonly<Record<string, string>>, more?: Partial<StepOptions>): StepOptions;
  close(): Promise<void>;
}

export interface ScenarioOptions extends AzureOptions {
  readonly kind?: ConnectionKind;
  readonly vm?: Partial<NewVm>;
  /** The port rules of the policy. The default allows 22 and 3389 from anywhere for three hours. */
  readonly ports?: PolicyPorts;
  /** The address of an Azure Firewall in front of the VM. */
  readonly firewall?: string;
}

type PolicyPorts = Parameters<SimulatedAzure['addPolicy']>[0]['vms'][number]['ports'];

/** Returns a rule of a policy that allows everyone to request a port, for three hours at most. */
export const anyPort = (number: number): PolicyPorts[number] => ({
  number,
  protocol: '*',
  sources: '*',
  maxRequestAccessDuration: 'PT3H',
});

/** Starts the scenario. Close it at the end of the test. */
export async function startScenario(options: ScenarioOptions = {}): Promise<Scenario> {
  const azure = await startAzure(options);
  const { principal, connection } = addConnection(azure, options.kind ?? 'key');
  const vm = azure.addVm({ name: 'web-01', publicIp: '20.50.1.10', subnetNsg: true, ...options.vm });
  const policy = azure.addPolicy({
    name: 'jit-web',
    vms: [
      {
        vm,
        ports: options.ports ?? [anyPort(22), anyPort(3389)],
        ...(options.firewall !== undefined && { publicIpAddress: options.firewall }),
      },
    ],
  });
  return {
    azure,
    principal,
    vm,
    policy,
    connection,
    step: (inputs = {}, more = {}) => ({
      inputs: {
        azureSubscription: 'my-connection',
        vmResourceId: vm.id,
        ipEchoUrls: azure.echoUrls.join('\n'),
        ...inputs,
      },
      connections: { 'my-connection': connection },
      caFile: azure.caFile,
      systemToken: azure.job.accessToken,
      // The job's token is sent only to the organization that it belongs to.
      ...(options.kind === 'federation' && { collectionUri: azure.collectionUrl }),
      ...more,
      variables: { 'System.OidcRequestUri': azure.oidcUrl, ...more.variables },
      env: { AZURE_POD_IDENTITY_AUTHORITY_HOST: azure.imdsUrl, ...more.env },
    }),
    close: () => azure.close(),
  };
}

function addConnection(
  azure: SimulatedAzure,
  kind: ConnectionKind,
): { readonly principal: Principal; readonly connection: Connection } {
  const base = { id: CONNECTION_ID, url: `${azure.url}/` };
  const data = {
    // The hosts of a known cloud are fixed. These are like those of an Azure Stack, which only its owner knows.
    environment: 'AzureStack',
    scopeLevel: 'Subscription',
    subscriptionId: DEFAULT_SUBSCRIPTION,
    subscriptionName: 'Production',
    activeDirectoryAuthority: azure.authorityUrl,
    activeDirectoryServiceEndpointResourceId: azure.settings.armAudience,
  };
  const ids = ({ tenantId, clientId }: Principal) => ({ tenantid: tenantId, serviceprincipalid: clientId });
  switch (kind) {
    case 'key': {
      const secret = randomBytes(20).toString('base64url');
      const principal = azure.addPrincipal({ secret });
      const parameters = { ...ids(principal), authenticationType: 'spnKey', serviceprincipalkey: secret };
      return { principal, connection: { ...base, scheme: 'ServicePrincipal', parameters, data } };
    }
    case 'certificate': {
      const certificate = processAuthority().issueSignIn('pipeline');
      const principal = azure.addPrincipal({ certificatePem: certificate.certificatePem });
      const parameters = {
        ...ids(principal),
        authenticationType: 'spnCertificate',
        servicePrincipalCertificate: certificate.pem,
      };
      return { principal, connection: { ...base, scheme: 'ServicePrincipal', parameters, data } };
    }
    case 'federation': {
      const principal = azure.addPrincipal({ federated: azure.addConnection({ id: CONNECTION_ID }) });
      return {
        principal,
        connection: { ...base, scheme: 'WorkloadIdentityFederation', parameters: ids(principal), data },
      };
    }
    case 'system-assigned identity':
    case 'user-assigned identity': {
      const user = kind === 'user-assigned identity';
      const principal = azure.addPrincipal({ managed: user ? 'user' : 'system' });
      return {
        principal,
        connection: {
          ...base,
          scheme: 'ManagedServiceIdentity',
          parameters: { tenantid: principal.tenantId },
          data: { ...data, ...(user && { msiclientId: principal.clientId }) },
        },
      };
    }
  }
}
