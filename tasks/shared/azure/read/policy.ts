import type {
  JitNetworkAccessPolicy,
  JitNetworkAccessPolicyVirtualMachine,
  JitNetworkAccessPortRule,
} from '@azure/arm-security';
import { parseIpv4 } from '../../core/addresses';
import { isJson } from '../../core/json';
import { parseIsoDuration } from '../../core/durations';
import type {
  OddEntry,
  Policy,
  PolicyVm,
  PortRule,
  ListedPolicy,
  PolicyRef,
  StoredPolicy,
} from '../../core/policy';
import { parseResourceId, parseVmId, type ResourceId } from '../../core/resourceIds';
import { CodedError } from '../../core/errors';
import { senselessAnswer } from '../../messages/failures';
import type { Kind } from '../reader';
import { flat, toJson } from './json';
import { fieldOf, readEach, readOr, vmKeyIn } from './odd';
import { JIT_SERVICE, readRequests, toSources } from './requests';
import { shapeOf, ShapeError, type Shape } from './shape';

type PolicyShape = Shape<JitNetworkAccessPolicy>;
type PolicyVmShape = Shape<JitNetworkAccessPolicyVirtualMachine>;
type RuleShape = Shape<JitNetworkAccessPortRule>;

const shapeOfPolicy = (body: unknown): PolicyShape => shapeOf(flat(body, JIT_SERVICE), JIT_SERVICE);

/** The type of a policy, as in the names of actions. */
export const POLICY_TYPE = 'Microsoft.Security/locations/jitNetworkAccessPolicies';

const kind = {
  type: 'Microsoft.Security/jitNetworkAccessPolicies',
  action: `${POLICY_TYPE}/read`,
  noun: 'just-in-time policy',
  service: 'jit',
} as const;

/** Reads a policy in a list, even if it is invalid; see `toListed`. */
export const POLICY: Kind<Policy> = { ...kind, read: toListed };

/** Reads a policy in a list, both parsed and as Azure returned it. */
export const LISTED_STORED_POLICY: Kind<StoredPolicy> = {
  ...kind,
  read: (body) => ({ policy: toListed(body), body: isJson(body) ? body : {} }),
};

/** Reads the requested policy, both parsed and as Azure returned it. Throws JIT604 for another policy. */
export const storedPolicy = (requested: PolicyRef): Kind<StoredPolicy> => ({
  ...kind,
  read(body) {
    const policy = toPolicy(body);
    requireSamePolicy(requested, policy);
    return { policy, body: toJson(body, JIT_SERVICE) };
  },
});

/** Reads a policy in a list. An invalid one is returned as its failure, with the VMs that it names. */
export const REPORTED_POLICY: Kind<ListedPolicy> = {
  ...kind,
  read(body) {
    const shape = shapeOfPolicy(body);
    const id = shape.text('id');
    const vms = readOr(
      () => shape.items('virtualMachines'),
      () => undefined,
    );
    const vmKeys = (vms ?? []).flatMap((vm) => vmKeyIn(vm) ?? []);
    try {
      return { id, vmKeys, policy: toPolicy(body) };
    } catch (error) {
      if (error instanceof CodedError) return { id, vmKeys, failure: error };
      throw error;
    }
  },
};

/**
 * Converts Azure's JSON of a policy. An invalid entry is added to `odd` and does not affect the others. Throws JIT604
 * if the policy has no valid ID.
 */
export function toPolicy(body: unknown): Policy {
  const shape = shapeOfPolicy(body);
  const id = toPolicyId(shape);
  const [location] = id.names;
  if (location === undefined || id.names.length !== 2) {
    throw new ShapeError(JIT_SERVICE, `a policy with the ID ${id.id}`);
  }
  const odd: OddEntry[] = [];
  const place = { part: 'vm', port: undefined } as const;
  const vms = readEach(
    () => shape.items('virtualMachines'),
    JIT_SERVICE,
    place,
    odd,
    (entry: PolicyVmShape) => toPolicyVm(entry, odd),
  );
  const requests = readRequests(shape, odd);
  return {
    id: id.id,
    name: id.name,
    subscriptionId: id.subscriptionId,
    resourceGroup: id.resourceGroup,
    location,
    ...{ vms, requests },
    ...(odd.length > 0 && { odd }),
  };
}

/**
 * Converts a policy in a list. If its ID is invalid, it has an empty ID and no VMs: it could list any VM, and cannot be
 * used for a request or a write.
 */
function toListed(raw: unknown): Policy {
  let problem = '';
  const policy = readOr(
    () => toPolicy(raw),
    (found) => {
      problem = found;
    },
  );
  const name = fieldOf(raw, 'name');
  return (
    policy ?? {
      ...{ id: '', subscriptionId: '', resourceGroup: '', location: '', vms: [], requests: [] },
      name: typeof name === 'string' ? name : '',
      odd: [{ part: 'policy', vmKey: undefined, port: undefined, problem, mayLastUntil: 0 }],
    }
  );
}

/** In an ID, Azure writes the name of the policy either as it is or URL-encoded. The field `name` has it as it is. */
function toPolicyId(shape: PolicyShape): ResourceId {
  const text = shape.text('id');
  const name = shape.optionalText('name');
  const at = text.lastIndexOf('/') + 1;
  const isEncoded =
    name !== undefined && !/\p{Cs}/u.test(name) && text.slice(at) === encodeURIComponent(name);
  const id = parseResourceId(isEncoded ? text.slice(0, at) + name : text);
  if (!id) throw new ShapeError(JIT_SERVICE, `a policy with the ID ${text}`);
  return id;
}

/** Throws JIT604 if a response contains another policy than the requested one. */
function requireSamePolicy(requested: PolicyRef, found: Policy): void {
  const nameOf = ({ subscriptionId, resourceGroup, location, name }: PolicyRef) =>
    [subscriptionId, resourceGroup, location.replace(/\s/g, ''), name].join('/').toLowerCase();
  if (nameOf(requested) !== nameOf(found)) {
    throw senselessAnswer(JIT_SERVICE, `the policy ${found.id} instead of ${requested.id}`);
  }
}

/** Returns `undefined` for an entry that is not about a VM. */
function toPolicyVm(entry: PolicyVmShape, odd: OddEntry[]): PolicyVm | undefined {
  const vm = parseVmId(entry.text('id'));
  if (!vm) return undefined;
  const publicIpAddress = entry.optionalText('publicIpAddress');
  if (publicIpAddress && parseIpv4(publicIpAddress) === undefined) {
    throw new ShapeError(JIT_SERVICE, `the field publicIpAddress has the value "${publicIpAddress}"`);
  }
  const place = { part: 'port', vmKey: vm.key } as const;
  const ports = readEach(() => entry.items('ports'), JIT_SERVICE, place, odd, toPortRule);
  return publicIpAddress ? { vm, ports, publicIpAddress } : { vm, ports };
}

function toPortRule(rule: RuleShape): PortRule {
  const duration = rule.text('maxRequestAccessDuration');
  const maxDurationMs = parseIsoDuration(duration);
  if (maxDurationMs === undefined) {
    throw new ShapeError(JIT_SERVICE, `the field maxRequestAccessDuration has the value "${duration}"`);
  }
  const protocol = rule.optionalText('protocol')?.toUpperCase();
  return {
    port: rule.port('number'),
    protocol: protocol === 'TCP' || protocol === 'UDP' ? protocol : '*',
    sources: toSources(rule),
    maxDurationMs,
  };
}
