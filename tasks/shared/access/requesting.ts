import type { Policy } from '../domain/policy';
import type { PlannedPort, VmPlan } from '../domain/plan';
import { sameSources } from '../domain/requests';
import { sameId } from '../domain/resourceIds';
import { CodedError } from '../errors';
import { withLimit } from '../limits';
import * as say from '../messages/requesting';
import { RequestError, type AskedPort, type World } from '../world';
import type { Access } from './access';
import type { Ledger } from './ledger';

/** How long asking may take, with every pause that Azure asks for: two minutes. */
const ASK_MS = 120_000;
/** Azure keeps more digits of the end than were sent. */
const SAME_END_MS = 1000;

/** A request that is about to be made: all ports of all VMs of one policy. */
export interface PlannedRequest {
  readonly policy: Policy;
  readonly asked: readonly AskedPort[];
  readonly planned: readonly PlannedPort[];
}

/** What a request came to. */
export type Requested =
  | { readonly kind: 'granted'; readonly accesses: readonly Access[] }
  | { readonly kind: 'failed'; readonly asked: readonly AskedPort[]; readonly error: CodedError };

/** One request for each policy, with all its VMs. */
export function toRequests(plans: readonly VmPlan[]): readonly PlannedRequest[] {
  const requests = new Map<string, { policy: Policy; asked: AskedPort[]; planned: PlannedPort[] }>();
  for (const { policy, vm, ask } of plans) {
    const key = policy.id.toLowerCase();
    const request = requests.get(key) ?? { policy, asked: [], planned: [] };
    for (const planned of ask) {
      const { rule, sources, endsAt } = planned;
      request.asked.push({ vm: vm.vm, port: rule.port, sources, endsAt });
      request.planned.push(planned);
    }
    if (request.asked.length > 0) requests.set(key, request);
  }
  return [...requests.values()];
}

/** The accesses that need no request: an earlier one is live. */
export function toReused(plans: readonly VmPlan[]): readonly Access[] {
  return plans.flatMap(({ policy, vm, reuse }) =>
    reuse.map(({ rule, request, port }): Access => ({
      vm: vm.vm,
      policy,
      port: rule.port,
      protocol: rule.protocol,
      wantedSources: port.sources,
      sources: port.sources,
      endsAt: port.endsAt,
      status: port.status,
      startedAt: request.startedAt,
      reused: true,
      ...firewall(vm.publicIpAddress, port.mappedPort),
    })),
  );
}

/** Asks for access under one policy, and compares what Azure grants with what was asked. */
export async function requestAccess(
  world: World,
  request: PlannedRequest,
  justification: string,
  ledger: Ledger,
): Promise<Requested> {
  const { policy, asked } = request;
  ledger.asking(asked);
  try {
    const granted = await withLimit(world.clock, world.signal, ASK_MS, (limit) =>
      world.jit.initiate(policy, { ports: asked, justification }, limit),
    );
    const accesses = asked.map((port, index): Access => {
      const found = granted.ports.find(
        (candidate) => candidate.port === port.port && sameId(candidate.vm.key, port.vm.key),
      );
      if (!found) world.log.warning(say.notInAnswer(port));
      const vm = policy.vms.find((entry) => sameId(entry.vm.key, port.vm.key));
      return {
        vm: port.vm,
        policy,
        port: port.port,
        protocol: request.planned[index]?.rule.protocol ?? '*',
        wantedSources: port.sources ?? found?.sources ?? [],
        sources: found?.sources ?? [],
        endsAt: found?.endsAt ?? port.endsAt,
        status: found?.status ?? 'Initiating',
        startedAt: granted.startedAt,
        reused: false,
        ...firewall(vm?.publicIpAddress, found?.mappedPort),
      };
    });
    ledger.granted(accesses, asked);
    asked.forEach((port, index) => {
      const access = accesses[index];
      if (access) reportDifferences(world, port, access);
    });
    return { kind: 'granted', accesses };
  } catch (error) {
    if (!(error instanceof RequestError) || !(error.cause instanceof CodedError)) throw error;
    if (!error.mayBeOpen) ledger.refused(asked);
    const failure = error.mayBeOpen ? say.mayBeOpen(error.cause, asked) : error.cause;
    return { kind: 'failed', asked, error: failure };
  }
}

function reportDifferences({ log }: World, asked: AskedPort, access: Access): void {
  if (asked.sources && access.sources.length > 0 && !sameSources(asked.sources, access.sources)) {
    log.warning(say.otherSources(access, asked.sources));
  }
  if (Math.abs(asked.endsAt - access.endsAt) > SAME_END_MS) log.warning(say.otherEnd(access, asked.endsAt));
}

const firewall = (host: string | undefined, port: number | undefined) =>
  host !== undefined && port !== undefined ? { firewall: { host, port } } : {};
