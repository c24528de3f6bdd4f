import type { Agent } from '../../../test/support/agent/agent';
import type { Run } from '../../../test/support/agent/step';
import type { Scrubber } from '../scrub/scrubber';
import { startForwarder, type ForwarderParts } from './forwarder';
import { toSession, type Session } from './session';

/** A recording: one run of the packed task, and its post-job step. */
export interface Recording extends ForwarderParts {
  readonly agent: Agent;
  readonly inputs: Readonly<Record<string, string>>;
  readonly subscriptionId: string;
  readonly audience: string;
  readonly scrubber: Scrubber;
}

/** The inputs of a recording without own inputs: for an address that no host has, with closing afterwards. */
export const USUAL_INPUTS = {
  ...{ sourceIp: '192.0.2.77', duration: '10m', waitFor: 'rule', waitTimeout: '3m', closeAtJobEnd: 'true' },
} as const;

/** Any client is valid: the forwarder returns the token of the recording user to every caller. */
const PARAMETERS = {
  tenantid: '00000000-0000-4000-8000-00000000000a',
  serviceprincipalid: '00000000-0000-4000-8000-00000000000b',
  authenticationType: 'spnKey',
  serviceprincipalkey: 'the-key-of-nobody',
};

/** Returns a connection to servers of this machine, in the form in which a task receives it. */
export const localConnection = (
  armUrl: string,
  authorityUrl: string,
  subscriptionId: string,
  audience: string,
) => ({
  url: `${armUrl}/`,
  scheme: 'ServicePrincipal',
  parameters: PARAMETERS,
  data: {
    ...{ environment: 'AzureStack', scopeLevel: 'Subscription', subscriptionId },
    ...{ activeDirectoryAuthority: authorityUrl, activeDirectoryServiceEndpointResourceId: audience },
  },
});

/** Runs the task through a forwarder, and then its post-job step. */
export async function record(
  recording: Recording,
): Promise<{ readonly session: Session; readonly run: Run }> {
  const { agent, inputs, subscriptionId, audience, scrubber } = recording;
  const forwarder = await startForwarder(recording);
  try {
    const connection = localConnection(forwarder.armUrl, forwarder.authorityUrl, subscriptionId, audience);
    const run = await agent.run({
      inputs: { azureSubscription: 'recorded', ...inputs },
      connections: { recorded: connection },
      caFile: forwarder.caFile,
    });
    await agent.postJob(run);
    return { session: toSession(inputs, subscriptionId, forwarder.calls, run, scrubber), run };
  } finally {
    await forwarder.close();
  }
}
