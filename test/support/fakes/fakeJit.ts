import { textsOf } from '../../../tasks/shared/core/prefixes';
import { toAccessRequest } from '../../../tasks/shared/azure/read/requests';
import { notFound, notReached, requestRefused } from '../../../tasks/shared/messages/failures';
import { forbidden } from '../../../tasks/shared/messages/refusals';
import { type JitGateway } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/azure/jitGateway';
import { RequestError } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/azure/requestError';
import type { InitiateBody } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/requestBody';
import type { PolicyRef } from '../../../tasks/shared/core/policy';
import type { Limit } from '../../../tasks/shared/core/limits';
import { Refusal } from '../azure/http/answers';
import { isAllowed } from '../azure/identity/principals';
import { judge, type Wanted } from '../azure/jit/initiate';
import { entryToJson, POLICY_TYPE, type Policy } from '../azure/jit/policies';
import { spelling } from '../azure/jit/service';
import { listStored, readStored, toStored, type ServiceParts } from './fakeService';

/** Creates the just-in-time service in memory. */
export function createFakeJit(parts: ServiceParts): JitGateway {
  const { service, settings, now } = parts;
  const toDomain = (policy: Policy) => toStored(parts, policy).policy;
  const existing = (found: Policy | undefined, ref: PolicyRef): Policy => {
    if (!found) throw notFound('just-in-time policy', ref.id);
    return found;
  };
  return {
    azureNow: now,

    listPolicies: async (subscriptionId, resourceGroup, limit) =>
      (await listStored(parts, subscriptionId, resourceGroup, limit)).map(toDomain),

    getPolicy: async (ref, limit) => toDomain(existing(await readStored(parts, ref, limit), ref)),

    async initiate(ref, request, limit) {
      const entered = await enterInitiate(parts, ref, limit);
      try {
        requireVmRights(parts, request);
        const policy = existing(service.find(ref, ref.name), ref);
        const requested = judge(policy, toWanted(request), now(), settings);
        const entry = service.open(policy, requested, request.justification);
        if (entered === 'ok') return toAccessRequest(entryToJson(entry, now(), spelling(settings)));
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

async function enterInitiate({ entrance }: ServiceParts, { id }: PolicyRef, limit: Limit) {
  const isOver = limit.signal.aborted;
  const right = { action: `${POLICY_TYPE}/initiate/action`, scope: id };
  try {
    return await entrance.enter({ kind: 'initiate', id }, right, limit);
  } catch (error) {
    // The request was sent and aborted before a response, so its outcome is unknown.
    throw new RequestError(error, !isOver && limit.signal.aborted);
  }
}

function requireVmRights({ settings, principal }: ServiceParts, request: InitiateBody): void {
  const actions = ['read', ...(settings.initiateNeedsVmWrite ? ['write'] : [])];
  for (const { vm } of request.ports) {
    for (const action of actions.map((verb) => `Microsoft.Compute/virtualMachines/${verb}`)) {
      if (!isAllowed(principal, action, vm.id)) throw forbidden(action, vm.id);
    }
  }
}

function toWanted({ ports, justification }: InitiateBody): Wanted {
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
          ...(sources && { allowedSourceAddressPrefixes: textsOf(sources) }),
        })),
    })),
  };
}
