import { parseIpv4 } from '../domain/addresses';
import { parseIsoDuration } from '../domain/durations';
import type { AccessRequest, Policy, PolicyVm, PortRule, RequestedPort } from '../domain/policy';
import { parseResourceId, parseVmId } from '../domain/resourceIds';
import { senselessAnswer } from '../messages/failures';
import type { PolicyRef } from '../world';
import { shapeOf, type Shape } from './shape';

const SERVICE = 'The just-in-time service';

/** Turns Azure's model of a policy into the product's. Throws JIT604 when it makes no sense. */
export function toPolicy(model: object): Policy {
  const shape = shapeOf(model, SERVICE);
  const id = parseResourceId(shape.text('id'));
  const [location] = id?.names ?? [];
  if (!id || location === undefined)
    throw senselessAnswer(SERVICE, `a policy with the id ${shape.text('id')}`);
  return {
    id: id.id,
    name: id.name,
    subscriptionId: id.subscriptionId,
    resourceGroup: id.resourceGroup,
    location,
    vms: shape.list('virtualMachines').flatMap((entry) => toPolicyVm(entry, id.name) ?? []),
    requests: shape.list('requests').map(readRequest),
  };
}

/** Throws JIT604 when an answer is about another policy than the one asked for. */
export function requireSamePolicy(asked: PolicyRef, found: Policy): void {
  const nameOf = ({ subscriptionId, resourceGroup, location, name }: PolicyRef) =>
    [subscriptionId, resourceGroup, location.replace(/\s/g, ''), name].join('/').toLowerCase();
  if (nameOf(asked) !== nameOf(found)) {
    throw senselessAnswer(SERVICE, `for the policy ${asked.id} another one, ${found.id}`);
  }
}

function toPolicyVm(entry: Shape, policyName: string): PolicyVm | undefined {
  const vm = parseVmId(entry.text('id'));
  const ports = entry.list('ports').map((rule) => toPortRule(rule, policyName));
  const publicIpAddress = entry.optionalText('publicIpAddress');
  if (!publicIpAddress) return vm && { vm, ports };
  if (parseIpv4(publicIpAddress) === undefined) {
    throw senselessAnswer(SERVICE, `the policy ${policyName} with the address ${publicIpAddress}`);
  }
  return vm && { vm, ports, publicIpAddress };
}

function toPortRule(rule: Shape, policyName: string): PortRule {
  const duration = rule.text('maxRequestAccessDuration');
  const maxDurationMs = parseIsoDuration(duration);
  if (maxDurationMs === undefined) {
    throw senselessAnswer(SERVICE, `the policy ${policyName} with the duration ${duration}`);
  }
  const protocol = rule.optionalText('protocol')?.toUpperCase();
  return {
    port: rule.integer('number'),
    protocol: protocol === 'TCP' || protocol === 'UDP' ? protocol : '*',
    sources: toSources(rule),
    maxDurationMs,
  };
}

/** Turns Azure's model of a request into the product's, in a policy or in the answer to asking. */
export const toAccessRequest = (model: unknown): AccessRequest => readRequest(shapeOf(model, SERVICE));

function readRequest(shape: Shape): AccessRequest {
  return {
    startedAt: new Date(shape.time('startTimeUtc')).toISOString(),
    requestor: shape.optionalText('requestor') ?? '',
    justification: shape.optionalText('justification') ?? '',
    ports: shape.list('virtualMachines').flatMap((entry) => {
      const vm = parseVmId(entry.text('id'));
      return vm
        ? entry.list('ports').map((port): RequestedPort => {
            const mappedPort = port.optionalInteger('mappedPort');
            return {
              vm,
              port: port.integer('number'),
              sources: toSources(port),
              endsAt: port.time('endTimeUtc'),
              status: known(STATUSES, port.optionalText('status') ?? ''),
              statusReason: known(STATUS_REASONS, port.optionalText('statusReason') ?? ''),
              ...(mappedPort !== undefined && { mappedPort }),
            };
          })
        : [];
    }),
  };
}

const STATUSES = ['Initiating', 'Initiated', 'Revoked'];
const STATUS_REASONS = ['UserRequested', 'Expired', 'NewerRequestInitiated'];

/** Azure's words compare without regard to case; others than these are kept as they are. */
const known = (words: readonly string[], text: string): string =>
  words.find((word) => word.toLowerCase() === text.toLowerCase()) ?? text;

/** One prefix or a list, never both; none is any address, which is the most that can be meant. */
function toSources(shape: Shape): readonly string[] {
  const many = shape.texts('allowedSourceAddressPrefixes');
  const one = shape.optionalText('allowedSourceAddressPrefix');
  if (many.length > 0) return many;
  return [one === undefined || one === '' ? '*' : one];
}
