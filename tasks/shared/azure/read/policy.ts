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

/** The type of a policy, as actions name it. */
export const POLICY_TYPE = 'Microsoft.Security/locations/jitNetworkAccessPolicies';

const kind = {
  type: 'Microsoft.Security/jitNetworkAccessPolicies',
  action: `${POLICY_TYPE}/read`,
  noun: 'just-in-time policy',
  service: 'jit',
} as const;

/** A policy in a list, whatever it is; see `toListed`. */
export const POLICY: Kind<Policy> = { ...kind, read: toListed };

/** A policy in a list, as it was read and as Azure wrote it. */
export const LISTED_STORED_POLICY: Kind<StoredPolicy> = {
  ...kind,
  read: (body) => ({ policy: toListed(body), body: isJson(body) ? body : {} }),
};

/** The policy that was asked for, as it was read and as Azure wrote it. */
export const storedPolicy = (requested: PolicyRef): Kind<StoredPolicy> => ({
  ...kind,
  read(body) {
    const policy = toPolicy(body);
    requireSamePolicy(requested, policy);
    return { policy, body: toJson(body, JIT_SERVICE) };
  },
});

/** A policy in a list; one that makes no sense is told with the VMs that it names. */
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
 * Turns Azure's JSON of a policy into the product's. An entry in it that makes no sense is noted as odd, and hides no
 * other. Throws JIT604 when the policy itself has no id that can be read.
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
 * The same for a policy in a list: one whose own id makes no sense has an empty id and no VMs. It may list any VM, and
 * nothing can be asked or written under it.
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

/** Azure writes a name in an id as it is, or as in an address, and the name itself beside it. */
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

/** Throws JIT604 when an answer is about another policy than the one asked for. */
function requireSamePolicy(requested: PolicyRef, found: Policy): void {
  const nameOf = ({ subscriptionId, resourceGroup, location, name }: PolicyRef) =>
    [subscriptionId, resourceGroup, location.replace(/\s/g, ''), name].join('/').toLowerCase();
  if (nameOf(requested) !== nameOf(found)) {
    throw senselessAnswer(JIT_SERVICE, `the policy ${found.id} instead of ${requested.id}`);
  }
}

/** Nothing for an entry that is about something else than a VM. */
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
