import { parseIpv4 } from '../../domain/addresses';
import { parseIsoDuration } from '../../domain/durations';
import type { OddEntry, Policy, PolicyVm, PortRule } from '../../domain/policy';
import { parseResourceId, parseVmId, type ResourceId } from '../../domain/resourceIds';
import { senselessAnswer } from '../../messages/failures';
import type { PolicyRef } from '../../world';
import { JIT_SERVICE } from '../jitCalls';
import { readRequests, toSources } from './requests';
import { fieldOf, readEach, readOr } from './odd';
import { shapeOf, ShapeError, type Shape } from './shape';

/**
 * Turns Azure's model of a policy into the product's. An entry in it that makes no sense is noted as odd, and hides no
 * other. Throws JIT604 when the policy itself has no id that can be read.
 */
export function toPolicy(model: unknown): Policy {
  const shape = shapeOf(model, JIT_SERVICE);
  const id = toPolicyId(shape);
  const [location] = id.names;
  if (location === undefined || id.names.length !== 2) {
    throw new ShapeError(JIT_SERVICE, `a policy with the id ${id.id}`);
  }
  const odd: OddEntry[] = [];
  const place = { part: 'vm', port: undefined } as const;
  const vms = readEach(shape, 'virtualMachines', JIT_SERVICE, place, odd, (entry) => toPolicyVm(entry, odd));
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
 *
 * @param toModel gives the model of what the list has
 */
export function toListed(raw: unknown, toModel: (raw: unknown) => unknown = (model) => model): Policy {
  let problem = '';
  const policy = readOr(
    () => toPolicy(toModel(raw)),
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
function toPolicyId(shape: Shape): ResourceId {
  const text = shape.text('id');
  const name = shape.optionalText('name');
  const at = text.lastIndexOf('/') + 1;
  const isEncoded =
    name !== undefined && !/\p{Cs}/u.test(name) && text.slice(at) === encodeURIComponent(name);
  const id = parseResourceId(isEncoded ? text.slice(0, at) + name : text);
  if (!id) throw new ShapeError(JIT_SERVICE, `a policy with the id ${text}`);
  return id;
}

/** Throws JIT604 when an answer is about another policy than the one asked for. */
export function requireSamePolicy(asked: PolicyRef, found: Policy): void {
  const nameOf = ({ subscriptionId, resourceGroup, location, name }: PolicyRef) =>
    [subscriptionId, resourceGroup, location.replace(/\s/g, ''), name].join('/').toLowerCase();
  if (nameOf(asked) !== nameOf(found)) {
    throw senselessAnswer(JIT_SERVICE, `for the policy ${asked.id} another one, ${found.id}`);
  }
}

/** Nothing for an entry that is about something else than a VM. */
function toPolicyVm(entry: Shape, odd: OddEntry[]): PolicyVm | undefined {
  const vm = parseVmId(entry.text('id'));
  if (!vm) return undefined;
  const publicIpAddress = entry.optionalText('publicIpAddress');
  if (publicIpAddress && parseIpv4(publicIpAddress) === undefined) {
    throw new ShapeError(JIT_SERVICE, `the field publicIpAddress with the value "${publicIpAddress}"`);
  }
  const place = { part: 'port', vmKey: vm.key } as const;
  const ports = readEach(entry, 'ports', JIT_SERVICE, place, odd, toPortRule);
  return publicIpAddress ? { vm, ports, publicIpAddress } : { vm, ports };
}

function toPortRule(rule: Shape): PortRule {
  const duration = rule.text('maxRequestAccessDuration');
  const maxDurationMs = parseIsoDuration(duration);
  if (maxDurationMs === undefined) {
    throw new ShapeError(JIT_SERVICE, `the field maxRequestAccessDuration with the value "${duration}"`);
  }
  const protocol = rule.optionalText('protocol')?.toUpperCase();
  return {
    port: rule.integer('number'),
    protocol: protocol === 'TCP' || protocol === 'UDP' ? protocol : '*',
    sources: toSources(rule),
    maxDurationMs,
  };
}
