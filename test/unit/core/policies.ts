import { read, type Written } from '../../support/written';
import type { AccessRequest, Policy, PortRule, RequestedPort } from '../../../tasks/shared/core/policy';
import { toVmId } from '../../../tasks/shared/core/resourceIds';

export const SUBSCRIPTION = '11111111-2222-4333-8444-555555555555';
export const HOUR = 3_600_000;
/** Azure's time in these tests, in milliseconds since 1970. */
export const NOW = Date.parse('2026-11-21T09:00:00.000Z');

export const aVm = (name = 'web-01') => toVmId(SUBSCRIPTION, 'rg-app', name);

/** Returns a rule for SSH from any source, for three hours, except for the given properties. */
export const aPortRule = (given: Partial<Written<PortRule>> = {}) =>
  read<PortRule>({
    port: 22,
    protocol: '*',
    sources: ['*'],
    maxDurationMs: 3 * HOUR,
    ...given,
  });

/** Returns a policy that covers web-01 with these rules. */
export const aPolicy = (given: Partial<Policy> = {}, rules: readonly PortRule[] = [aPortRule()]): Policy => {
  const name = given.name ?? 'default';
  return {
    id: `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-app/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/${name}`,
    name,
    subscriptionId: SUBSCRIPTION,
    resourceGroup: 'rg-app',
    location: 'westeurope',
    vms: [{ vm: aVm(), ports: rules }],
    requests: [],
    ...given,
  };
};

/** Returns an active request by a pipeline for SSH to web-01 from one address, for an hour from now. */
export const aRequest = (
  port: Partial<Written<RequestedPort>> = {},
  given: Partial<AccessRequest> = {},
): AccessRequest => ({
  startedAt: new Date(NOW - 60_000).toISOString(),
  requestor: '',
  justification: '',
  ports: [
    read<RequestedPort>({
      vm: aVm(),
      port: 22,
      sources: ['20.50.1.7'],
      endsAt: NOW + HOUR,
      status: 'Initiated',
      statusReason: 'UserRequested',
      ...port,
    }),
  ],
  ...given,
});
