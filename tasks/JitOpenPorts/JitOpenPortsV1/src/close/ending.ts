import type { CodedError } from '../../../../shared/core/errors';
import { type Limit, withLimit } from '../../../../shared/core/limits';
import type { Policy } from '../../../../shared/core/policy';
import {
  type OwnPort,
  isActive,
  sameSources,
  type PortRequest,
  isReplaced,
} from '../../../../shared/core/requests';
import { sameId } from '../../../../shared/core/resourceIds';
import { prefixesCover } from '../../../../shared/core/sources';
import { RequestError } from '../azure/requestError';
import type { Context } from '../context';
import * as say from '../messages/closing';
import { initiateText, mayCutOff } from '../messages/requesting';
import { toOwnPorts, isStillActive, ownPort, concurrentRequests } from '../plan/ownRequests';
import { rulesOf, latestEnd } from '../plan/plan';
import type { InitiatePort } from '../plan/requestBody';
import { type OtherSources, type Held, heldByOthers, join, toHeld } from '../plan/sharing';
import type { NotedPort } from '../plan/state';

/** How far the requested end is ahead of Azure's clock: eight seconds. The request itself takes about three seconds. */
const NEAR_END_MS = 8000;
/** The maximum difference between two ends that count as equal: one second. */
const SAME_END_MS = 1000;
/** How long requesting an end can take before the rules are closed without it: fifteen seconds. */
const REQUEST_MS = 15000;

/**
 * Ends the requests of one policy that are still active, in as few requests as there are steps:
 *
 * 1. What other runs need, and a request of this step took over, is requested for them alone, until their own end.
 * 2. What is still active gets a near end, or the end of another run's request for exactly the same sources, which a
 *    near end might also shorten.
 * 3. The policy is read back. If step 2 ended another run's request, it is requested again on its behalf.
 *
 * All steps rely on the policy as it is read here. What the step saved about other runs only narrows it down.
 */
export class Ending {
  readonly own: OwnPort[];
  readonly made: string[] = [];
  readonly kept = new Map<NotedPort, OtherSources>();
  readonly needed = new Set<NotedPort>();
  readonly nearEnds = new Map<NotedPort, number>();

  constructor(
    private readonly context: Context,
    public policy: Policy,
    private readonly known: readonly NotedPort[],
    over: readonly OwnPort[],
    private readonly reason: string,
    private readonly limit: Limit,
  ) {
    this.own = [...toOwnPorts(known), ...over];
  }

  /** Ends the requests. Returns the failure, or `undefined` if there is none. */
  async end(): Promise<CodedError | undefined> {
    try {
      const now = this.context.jit.azureNow();
      const active = this.known.filter((opened) => isStillActive(opened, this.policy, now));
      await this.keep(
        active.map((opened) => ({ opened, held: this.takenOver(opened, now) })),
        now,
      );
      await this.shorten(active);
      return undefined;
    } catch (error) {
      return say.toFailure(error instanceof RequestError ? error.cause : error);
    }
  }

  /** Returns what a request of this step took over from requests that it replaced. */
  private takenOver({ vm, port, others }: NotedPort, now: number): readonly Held[] {
    return heldByOthers(this.policy, vm, port, this.own, now).filter(
      ({ source, endsAt, by }) =>
        !isActive(by.port, now) &&
        endsAt > now + NEAR_END_MS &&
        others !== undefined &&
        prefixesCover(others.sources, [source]),
    );
  }

  /** Requests what other runs need, for them alone and in one request, and reads the policy again. */
  private async keep(
    needs: readonly { readonly opened: NotedPort; readonly held: readonly Held[] }[],
    now: number,
  ): Promise<void> {
    const joints = needs.flatMap(({ opened, held }) => {
      const entry = this.policy.vms.find(({ vm }) => sameId(vm.key, opened.vm.key));
      const [rule] = entry ? rulesOf(entry, opened.port) : [];
      const joint = rule && join(undefined, held, rule, latestEnd(rule, now));
      return joint ? [{ opened, held, joint }] : [];
    });
    if (joints.length === 0) return;
    for (const { opened } of joints) this.needed.add(opened);
    const ports = joints.map(({ opened: { vm, port }, joint: { sources, endsAt } }) => ({
      ...{ vm, port, sources, endsAt },
    }));
    for (const [index, port] of ports.entries()) {
      const { held = [], joint } = joints[index] ?? {};
      this.context.log.line(say.keeping(initiateText(port), [...new Set(held.map(({ by }) => by))]));
      for (const one of joint?.cutOff ?? []) this.context.log.warning(mayCutOff(one));
    }
    await this.request(ports, say.handOver(this.reason));
    for (const { opened, joint } of joints) {
      this.kept.set(opened, { sources: joint.sources, endsAt: joint.endsAt });
      this.needed.delete(opened);
    }
    this.policy = await this.context.jit.getPolicy(this.policy, this.limit);
  }

  /** Requests an earlier end for what is still active, and checks whether that ended a request of another run. */
  private async shorten(active: readonly NotedPort[]): Promise<void> {
    const now = this.context.jit.azureNow();
    const nearEnd = now + NEAR_END_MS;
    const before = this.policy;
    const requested: InitiatePort[] = [];
    for (const opened of active) {
      const { vm, port } = opened;
      const itself = ownPort(opened, before);
      // Without a source, Azure would use the address that it sees.
      if (!isStillActive(opened, before, now) || opened.sources?.length === 0) continue;
      // A request that cannot be interpreted might be this one. In that case, the sources that the step saved count.
      const sources = itself?.sources ?? opened.sources ?? [];
      const twins = concurrentRequests([before], opened, this.own, now).filter((one) =>
        sameSources(one.port.sources, sources),
      );
      const endsAt = Math.max(nearEnd, ...twins.map((one) => one.port.endsAt));
      if ((itself ?? opened).endsAt <= endsAt + SAME_END_MS) continue;
      requested.push({ vm, port, sources: opened.sources, endsAt });
      if (endsAt === nearEnd) this.nearEnds.set(opened, nearEnd);
    }
    if (requested.length === 0) return;
    const { startedAt } = await this.request(requested, say.closingReason(this.reason));
    for (const { vm, port, sources, endsAt } of requested) {
      if (endsAt === nearEnd) this.own.push({ startedAt, vm, port, sources, endsAt });
    }
    const others = active.flatMap((opened) =>
      concurrentRequests([before], opened, this.own, now).map((other) => ({ opened, other })),
    );
    if (others.length === 0) return;
    this.policy = await this.context.jit.getPolicy(this.policy, this.limit);
    const later = this.context.jit.azureNow();
    const lost = active.map((opened) => ({
      opened,
      held: others
        .filter((one) => one.opened === opened && this.isLost(one.other, opened, later))
        .flatMap(({ other }) => toHeld(other)),
    }));
    await this.keep(lost, later);
  }

  /** Whether another run's request was replaced, and no active request of other runs covers its sources. */
  private isLost({ request, port }: PortRequest, opened: NotedPort, now: number): boolean {
    const itself = ownPort({ ...opened, ...port, startedAt: request.startedAt }, this.policy);
    if (!itself || !isReplaced(itself, now)) return false;
    return !concurrentRequests([this.policy], opened, this.own, now).some((other) =>
      prefixesCover(other.port.sources, port.sources),
    );
  }

  private async request(ports: readonly InitiatePort[], justification: string) {
    const granted = await withLimit(this.context.clock, this.limit.signal, REQUEST_MS, (short) =>
      this.context.jit.initiate(this.policy, { ports, justification }, short),
    );
    this.made.push(granted.startedAt);
    return granted;
  }
}
