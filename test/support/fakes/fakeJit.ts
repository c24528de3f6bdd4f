import { parseIsoDuration } from '../../../tasks/shared/domain/durations';
import type { AccessRequest, Policy, PortRule } from '../../../tasks/shared/domain/policy';
import { parseVmId, type VmId } from '../../../tasks/shared/domain/resourceIds';
import {
  ForbiddenError,
  notFound,
  notReached,
  requestRefused,
} from '../../../tasks/shared/messages/failures';
import {
  RequestError,
  type Ask,
  type JitGateway,
  type Limit,
  type PolicyRef,
} from '../../../tasks/shared/world';
import { Refusal } from '../azure/http/answers';
import { isAllowed, type Principal } from '../azure/identity/principals';
import { judge, type Wanted } from '../azure/jit/initiate';
import { POLICY_TYPE, statusOf, type Entry, type Policy as StoredPolicy } from '../azure/jit/policies';
import { spelling, type JitService } from '../azure/jit/service';
import type { Topology } from '../azure/network/topology';
import type { Settings } from '../azure/settings';
import type { Entrance } from './calls';

interface Parts {
  readonly service: JitService;
  readonly settings: Settings;
  readonly principal: Principal;
  readonly entrance: Entrance;
  readonly topology: Topology;
  readonly now: () => number;
}

const sameText = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

/** The just-in-time service, in memory. */
export function createFakeJit(parts: Parts): JitGateway {
  const { service, settings, entrance, topology, now } = parts;
  const toDomain = (policy: StoredPolicy) => toPolicy(policy, now(), spelling(settings));
  const find = (ref: PolicyRef): StoredPolicy => {
    const found = service.find(ref, ref.name);
    if (!found) throw notFound('just-in-time policy', ref.id);
    return found;
  };
  return {
    azureNow: now,

    async listPolicies(subscriptionId, resourceGroup, limit) {
      const scope = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
      const call = { kind: 'policies.list' as const, id: scope };
      await entrance.enter(call, { action: `${POLICY_TYPE}/read`, scope }, limit);
      if (!topology.hasGroup(subscriptionId, resourceGroup)) throw notFound('resource group', scope);
      return service.policies
        .filter(
          (policy) =>
            sameText(policy.subscriptionId, subscriptionId) && sameText(policy.resourceGroup, resourceGroup),
        )
        .map(toDomain);
    },

    async getPolicy(ref, limit) {
      const call = { kind: 'policy.get' as const, id: ref.id };
      await entrance.enter(call, { action: `${POLICY_TYPE}/read`, scope: ref.id }, limit);
      return toDomain(find(ref));
    },

    async initiate(ref, ask, limit) {
      const entered = await enterInitiate(parts, ref, limit);
      try {
        requireVmRights(parts, ask);
        const policy = find(ref);
        const asked = judge(policy, toWanted(ask), now(), settings);
        const entry = service.open(policy, asked, ask.justification);
        if (entered === 'ok') return toAccessRequest(entry, now(), spelling(settings));
      } catch (error) {
        throw new RequestError(
          error instanceof Refusal ? requestRefused(ref.name, error.answer.text) : error,
          false,
        );
      }
      throw new RequestError(notReached('The request for access', 'its answer got lost'), true);
    },
  };
}

async function enterInitiate({ entrance }: Parts, { id }: PolicyRef, limit: Limit) {
  const isOver = limit.signal.aborted;
  const right = { action: `${POLICY_TYPE}/initiate/action`, scope: id };
  try {
    return await entrance.enter({ kind: 'initiate', id }, right, limit);
  } catch (error) {
    // Sent, and cut short before an answer: nobody knows.
    throw new RequestError(error, !isOver && limit.signal.aborted);
  }
}

function requireVmRights({ settings, principal }: Parts, ask: Ask): void {
  const actions = ['read', ...(settings.initiateNeedsVmWrite ? ['write'] : [])];
  for (const { vm } of ask.ports) {
    for (const action of actions.map((verb) => `Microsoft.Compute/virtualMachines/${verb}`)) {
      if (!isAllowed(principal, action, vm.id)) throw new ForbiddenError(action, vm.id);
    }
  }
}

function toWanted({ ports, justification }: Ask): Wanted {
  const vms = new Map(ports.map(({ vm }) => [vm.key, vm]));
  return {
    justification,
    vms: [...vms.values()].map((vm) => ({
      id: vm.id,
      ports: ports
        .filter((port) => port.vm.key === vm.key)
        .map(({ port, endsAt, sources }) => ({
          number: port,
          endTimeUtc: new Date(endsAt).toISOString(),
          ...(sources && { allowedSourceAddressPrefixes: sources }),
        })),
    })),
  };
}

const list = (sources: string | readonly string[]) => (typeof sources === 'string' ? [sources] : sources);

function toVm(id: string): VmId {
  const vm = parseVmId(id);
  if (!vm) throw new Error(`${id} is no VM.`);
  return vm;
}

function toPolicy(policy: StoredPolicy, now: number, spell: (id: string) => string): Policy {
  const id = spell(policy.id);
  return {
    id,
    name: policy.name,
    subscriptionId: policy.subscriptionId,
    resourceGroup: id.split('/')[4] ?? '',
    location: policy.location,
    vms: policy.vms.map(({ vm, ports, publicIpAddress }) => ({
      vm: toVm(spell(vm.id)),
      ports: ports.map(({ number, protocol, sources, maxRequestAccessDuration }): PortRule => ({
        port: number,
        protocol: protocol === 'TCP' || protocol === 'UDP' ? protocol : '*',
        sources: list(sources),
        maxDurationMs: parseIsoDuration(maxRequestAccessDuration) ?? 0,
      })),
      ...(publicIpAddress !== undefined && { publicIpAddress }),
    })),
    requests: policy.entries.map((entry) => toAccessRequest(entry, now, spell)),
  };
}

function toAccessRequest(entry: Entry, now: number, spell: (id: string) => string): AccessRequest {
  return {
    startedAt: new Date(entry.startTimeUtc).toISOString(),
    requestor: entry.requestor,
    justification: entry.justification ?? '',
    ports: entry.grants.map((grant) => ({
      vm: toVm(spell(grant.vmId)),
      port: grant.number,
      sources: grant.sources,
      endsAt: new Date(grant.endTimeUtc).getTime(),
      ...statusOf(grant, now),
      ...(grant.mappedPort !== undefined && { mappedPort: grant.mappedPort }),
    })),
  };
}
