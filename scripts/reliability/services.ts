import { startScenario, type Scenario } from '../../test/support/scenario';
import { processAuthority, SERVER_NAMES, untrustedAuthority } from '../../test/support/azure';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { StepOptions } from '../../test/support/agent/job';
import type { Agent } from '../../test/support/agent/agent';
import { findBreaches } from '../../test/support/promises';
import { toCell, type Trial } from './trial';

/** A service that the task uses. */
export const SERVICES = [
  'Entra',
  'Azure Resource Manager',
  'Azure DevOps',
  'managed identity',
  'address services',
] as const;
export type ServiceName = (typeof SERVICES)[number];

/** The reasons why a service does not respond. */
export const OUTAGES = [
  'name not found',
  'connection refused',
  'certificate untrusted',
  'certificate expired',
  'certificate for another name',
] as const;
export type Outage = (typeof OUTAGES)[number];

const CODES: Readonly<Record<ServiceName, string>> = {
  Entra: 'JIT603',
  'Azure Resource Manager': 'JIT603',
  'Azure DevOps': 'JIT203',
  'managed identity': 'JIT202',
  'address services': 'JIT501',
};

/** Returns the expected result of a step, or `undefined` if the service uses plain HTTP and has no certificate. */
export const expectedOfOutage = (service: ServiceName, outage: Outage): string | undefined =>
  service === 'managed identity' && outage.startsWith('certificate') ? undefined : CODES[service];

/** Runs the packaged task while a service is unavailable, or has a certificate that must not be accepted. */
export async function tryOutage(agent: Agent, service: ServiceName, outage: Outage): Promise<Trial> {
  const kind =
    service === 'Azure DevOps'
      ? 'federation'
      : service === 'managed identity'
        ? 'system-assigned identity'
        : 'key';
  const scenario = await startScenario({ kind, settings: { ruleDelayMs: 0, initiatingMs: 0 } });
  const place = await findPlace(outage, service === 'managed identity');
  try {
    const step = scenario.step({ waitTimeout: '6s' }, { variables: { 'System.Debug': 'true' } });
    const run = await agent.run(redirect(step, scenario, service, place.url));
    return { cell: toCell(run), breaches: findBreaches(scenario, run), run };
  } finally {
    await place.close();
    await scenario.close();
  }
}

interface Place {
  readonly url: string;
  close(): Promise<void>;
}

const nothingToClose = (): Promise<void> => Promise.resolve();

/** Returns an address with the outage. */
async function findPlace(outage: Outage, isPlain: boolean): Promise<Place> {
  if (outage === 'name not found') {
    // RFC 6761, 6.4: a name that ends with `.invalid` never exists.
    return { url: `${isPlain ? 'http' : 'https'}://nowhere.invalid`, close: nothingToClose };
  }
  const server = createServer(certificateFor(outage), (_request, response) => {
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `${isPlain ? 'http' : 'https'}://localhost:${String((server.address() as AddressInfo).port)}`;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => {
        resolve();
      });
      server.closeAllConnections();
    });
  if (outage !== 'connection refused') return { url, close };
  await close();
  return { url, close: nothingToClose };
}

function certificateFor(outage: Outage) {
  if (outage === 'certificate untrusted') return untrustedAuthority().issueServer(SERVER_NAMES);
  if (outage === 'certificate for another name')
    return processAuthority().issueServer(['elsewhere.azure.test']);
  return processAuthority().issueServer(SERVER_NAMES, 0.5);
}

/** Returns the step with one service at another address. */
function redirect(
  step: StepOptions,
  { connection }: Scenario,
  service: ServiceName,
  url: string,
): StepOptions {
  const changed = (more: object): StepOptions => ({
    ...step,
    connections: { 'my-connection': { ...connection, ...more } },
  });
  switch (service) {
    case 'Entra':
      return changed({ data: { ...connection.data, activeDirectoryAuthority: url } });
    case 'Azure Resource Manager':
      return changed({ url });
    case 'Azure DevOps':
      return { ...step, variables: { ...step.variables, 'System.OidcRequestUri': `${url}/oidctoken` } };
    case 'managed identity':
      return { ...step, env: { ...step.env, AZURE_POD_IDENTITY_AUTHORITY_HOST: url } };
    case 'address services':
      return {
        ...step,
        inputs: { ...step.inputs, ipEchoUrls: [1, 2, 3].map((n) => `${url}/${String(n)}`).join('\n') },
      };
  }
}
