import type {
  JitNetworkAccessPolicy,
  JitNetworkAccessPortRule,
  JitNetworkAccessRequest,
} from '@azure/arm-security';
import { parseIsoDuration } from '../domain/durations';
import type { AccessRequest, Policy, PortRule, RequestedPort } from '../domain/policy';
import { parseResourceId, parseVmId } from '../domain/resourceIds';
import { senselessAnswer } from '../messages/failures';

const SERVICE = 'The just-in-time service';

/** Turns Azure's model of a policy into the product's. Throws JIT604 when it makes no sense. */
export function toPolicy(model: JitNetworkAccessPolicy): Policy {
  const id = parseResourceId(model.id ?? '');
  const [location] = id?.names ?? [];
  if (!id || location === undefined)
    throw senselessAnswer(SERVICE, `a policy with the id ${model.id ?? '(none)'}`);
  return {
    id: id.id,
    name: id.name,
    subscriptionId: id.subscriptionId,
    resourceGroup: id.resourceGroup,
    location,
    vms: list(model.virtualMachines).flatMap((entry) => {
      const vm = parseVmId(entry.id);
      if (!vm) return [];
      const ports = list(entry.ports).map((rule) => toPortRule(rule, id.name));
      return [{ vm, ports, ...(entry.publicIpAddress && { publicIpAddress: entry.publicIpAddress }) }];
    }),
    requests: list(model.requests).map(toAccessRequest),
  };
}

function toPortRule(rule: JitNetworkAccessPortRule, policyName: string): PortRule {
  const maxDurationMs = parseIsoDuration(rule.maxRequestAccessDuration);
  if (maxDurationMs === undefined) {
    const seen = `the policy ${policyName} with the duration ${rule.maxRequestAccessDuration}`;
    throw senselessAnswer(SERVICE, seen);
  }
  const protocol = rule.protocol.toUpperCase();
  return {
    port: rule.number,
    protocol: protocol === 'TCP' || protocol === 'UDP' ? protocol : '*',
    sources: toSources(rule),
    maxDurationMs,
  };
}

/** Turns Azure's model of a request into the product's, in a policy or in the answer to asking. */
export function toAccessRequest(model: JitNetworkAccessRequest): AccessRequest {
  const startedAt = new Date(model.startTimeUtc);
  if (Number.isNaN(startedAt.getTime())) throw senselessAnswer(SERVICE, 'a request without a start');
  return {
    startedAt: startedAt.toISOString(),
    requestor: model.requestor || '',
    justification: model.justification ?? '',
    ports: list(model.virtualMachines).flatMap((entry) => {
      const vm = parseVmId(entry.id);
      return vm
        ? list(entry.ports).map((port): RequestedPort => {
            const endsAt = new Date(port.endTimeUtc).getTime();
            if (Number.isNaN(endsAt)) throw senselessAnswer(SERVICE, 'a request without an end');
            return {
              vm,
              port: port.number,
              sources: toSources(port),
              endsAt,
              status: port.status,
              statusReason: port.statusReason,
              ...(port.mappedPort !== undefined && { mappedPort: port.mappedPort }),
            };
          })
        : [];
    }),
  };
}

interface Sources {
  readonly allowedSourceAddressPrefix?: string;
  readonly allowedSourceAddressPrefixes?: readonly string[];
}

function toSources({
  allowedSourceAddressPrefix: one,
  allowedSourceAddressPrefixes: many,
}: Sources): readonly string[] {
  return many && many.length > 0 ? many : one ? [one] : ['*'];
}

/** A list that Azure may leave out or write as null. */
const list = <T>(items: readonly T[] | null | undefined): readonly T[] => items ?? [];
