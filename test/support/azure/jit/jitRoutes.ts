import { requireAction } from '../arm/front';
import { answerPage } from '../arm/pages';
import { API_VERSIONS, nameIn, type ArmRequest, type Route } from '../arm/routes';
import { empty, json, refuse, type Answer } from '../http/answers';
import type { Place } from '../network/topology';
import type { Vm } from '../network/vms';
import type { Settings } from '../settings';
import { judge, parseWanted } from './initiate';
import { entryToJson, POLICY_TYPE, policyToJson, type Policy } from './policies';
import { parseAppendMode, parsePolicyVms } from './putPolicy';
import { spelling, type JitService } from './service';

/** What the routes require in addition to the service itself. */
export interface JitContext {
  readonly service: JitService;
  readonly settings: Readonly<Settings>;
  readonly now: () => number;
  readonly vms: () => readonly Vm[];
  readonly violate: (sentence: string) => void;
  /** Returns the response for a subscription without Defender for Servers Plan 2. */
  readonly planTwoRefusal: (subscription: string, isInitiate: boolean) => Answer | undefined;
}

const SUBSCRIPTION = '/subscriptions/{subscription}';
const GROUP = `${SUBSCRIPTION}/resourceGroups/{group}`;
const LOCATION = 'providers/Microsoft.Security/locations/{location}/jitNetworkAccessPolicies';
const EVERYWHERE = 'providers/Microsoft.Security/jitNetworkAccessPolicies';
const ONE = `${GROUP}/${LOCATION}/{policy}`;

const placeOf = (request: ArmRequest): Place => ({
  subscriptionId: nameIn(request, 'subscription'),
  resourceGroup: nameIn(request, 'group'),
  location: nameIn(request, 'location'),
});

/** Creates the eight operations of `jitNetworkAccessPolicies`. */
export function createJitRoutes(context: JitContext): Route[] {
  const apiVersion = API_VERSIONS.jit;
  const list = (path: string): Route => ({
    kind: 'policies.list',
    method: 'GET',
    path,
    apiVersion,
    query: ['$skiptoken'],
    action: `${POLICY_TYPE}/read`,
    handle: (request) => listPolicies(request, context),
  });
  const one = (method: Route['method'], kind: Route['kind'], action: string, path = ONE) => ({
    kind,
    method,
    path,
    apiVersion,
    action: `${POLICY_TYPE}/${action}`,
  });
  return [
    list(`${SUBSCRIPTION}/${EVERYWHERE}`),
    list(`${SUBSCRIPTION}/${LOCATION}`),
    list(`${GROUP}/${EVERYWHERE}`),
    list(`${GROUP}/${LOCATION}`),
    { ...one('GET', 'policy.get', 'read'), handle: (request) => getPolicy(request, context) },
    { ...one('PUT', 'policy.put', 'write'), handle: (request) => putPolicy(request, context) },
    { ...one('DELETE', 'policy.delete', 'delete'), handle: (request) => deletePolicy(request, context) },
    {
      ...one('POST', 'initiate', 'initiate/action', `${ONE}/initiate`),
      handle: (request) => initiate(request, context),
    },
  ];
}

/** The list for a whole subscription can omit policies that the group's list has (azure-powershell#23074). */
function listPolicies(request: ArmRequest, context: JitContext): Answer {
  const { subscription = '', group, location } = request.names;
  const refusal = context.planTwoRefusal(subscription, false);
  if (refusal) return refusal;
  const { settings, service, now } = context;
  const is = (wanted: string | undefined, value: string): boolean =>
    wanted === undefined || wanted.toLowerCase() === value.toLowerCase();
  const found = service.policies.filter(
    (policy) =>
      is(subscription, policy.subscriptionId) &&
      is(group, policy.resourceGroup) &&
      is(location, policy.location),
  );
  const listed = group === undefined && settings.subscriptionListOmits ? found.slice(1) : found;
  const toJson = (policy: Policy): object => policyToJson(policy, now(), spelling(settings));
  return answerPage(request, listed, toJson, { pageSize: settings.pageSize });
}

function requirePolicy(request: ArmRequest, { service }: JitContext): Policy {
  const name = nameIn(request, 'policy');
  const policy = service.find(placeOf(request), name);
  if (!policy)
    throw refuse(404, 'PolicyNotFound', `Just in time network access policy '${name}' was not found.`);
  return policy;
}

function getPolicy(request: ArmRequest, context: JitContext): Answer {
  const refusal = context.planTwoRefusal(nameIn(request, 'subscription'), false);
  return (
    refusal ??
    json(200, policyToJson(requirePolicy(request, context), context.now(), spelling(context.settings)))
  );
}

function putPolicy(request: ArmRequest, context: JitContext): Answer {
  const refusal = context.planTwoRefusal(nameIn(request, 'subscription'), false);
  if (refusal) return refusal;
  const place = placeOf(request);
  const name = nameIn(request, 'policy');
  const vms = parsePolicyVms(request.text, name, place, context.vms());
  for (const { vm } of vms)
    requireAction(request.principal, 'Microsoft.Compute/virtualMachines/write', vm.id);
  const policy = context.service.put(name, place, vms, parseAppendMode(request.text));
  return json(200, policyToJson(policy, context.now(), spelling(context.settings)));
}

function deletePolicy(request: ArmRequest, { service }: JitContext): Answer {
  const policy = service.find(placeOf(request), nameIn(request, 'policy'));
  if (!policy) return empty(204);
  service.requireIdle(policy);
  service.remove(policy);
  return empty(200);
}

/**
 * The body is checked before the policy is looked up, then the permissions on the VMs, and then the policy's limits.
 */
function initiate(request: ArmRequest, context: JitContext): Answer {
  const { settings, service, now, violate } = context;
  const wanted = parseWanted(request.text, settings, (field) => {
    violate(`An initiate had the field '${field}', which the service does not know.`);
  });
  const refusal = context.planTwoRefusal(nameIn(request, 'subscription'), true);
  if (refusal) return refusal;
  const policy = requirePolicy(request, context);
  for (const { id } of wanted.vms) {
    requireAction(request.principal, 'Microsoft.Compute/virtualMachines/read', id);
    if (settings.initiateNeedsVmWrite)
      requireAction(request.principal, 'Microsoft.Compute/virtualMachines/write', id);
  }
  const requested = judge(policy, wanted, now(), settings);
  const entry = service.open(policy, requested, wanted.justification);
  return json(202, entryToJson(entry, now(), spelling(settings)));
}
