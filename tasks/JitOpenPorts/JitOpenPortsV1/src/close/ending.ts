import type { CodedError } from '../../../../shared/core/errors';
import { type Limit, withLimit } from '../../../../shared/core/limits';
import type { Policy, PortRule } from '../../../../shared/core/policy';
import type { Prefix } from '../../../../shared/core/prefixes';
import {
  type OwnPort,
  isActive,
  isLaterEnd,
  sameSources,
  type PortRequest,
  isReplaced,
} from '../../../../shared/core/requests';
import { createPrefixCover, eachOnce, prefixesCover } from '../../../../shared/core/sources';
import { RequestError } from '../azure/requestError';
import type { Context } from '../context';
import * as say from '../messages/closing';
import { initiateText, mayCutOff } from '../messages/requesting';
import { toOwnPorts, isStillActive, ownPort, concurrentRequests } from '../plan/ownRequests';
import { rulesOf } from '../plan/checkPort';
import { entryOf } from '../plan/plan';
import { latestEnd } from '../plan/plannedPort';
import type { InitiatePort } from '../plan/requestBody';
import { type OtherSources, type Held, heldByOthers, join, toHeld } from '../plan/sharing';
import type { NotedPort } from '../plan/state';
import { isRefusedForAPort, isSameRequest, toRequests, type NearEnd } from './nearEnds';

/** How far the requested end is ahead of Azure's clock: eight seconds. The request itself takes about three seconds. */
const NEAR_END_MS = 8000;
/** How long requesting an end can take before the rules are closed without it: fifteen seconds. */
const REQUEST_MS = 15000;

/**
 * Ends the requests of one policy that are still active, in as few requests as there are steps:
 *
 * 1. Sources that other runs need, and that a request of this step has taken over, are requested for those runs alone,
 *    until their own end.
 * 2. Requests that are still active then get a near end, or the end of another run's request for exactly the same
 *    sources, which a near end might shorten too. If Azure refuses such a request because of some of its ports, the
 *    others are requested without them.
 * 3. The policy is read back: another run's request that step 2 has ended is requested again on its behalf.
 *
 * The current policy decides. What the step noted about other runs only narrows this down. A failure concerns the ports
 * of its request only, and is kept in `troubles`.
 */
export class Ending {
  readonly own: OwnPort[];
  readonly made: string[] = [];
  readonly kept = new Map<NotedPort, OtherSources>();
  readonly needed = new Set<NotedPort>();
  readonly nearEnds = new Map<NotedPort, number>();
  /** Those for which Azure accepted an earlier end. */
  readonly shortened = new Set<NotedPort>();
  /** Why a request could not be ended. */
  readonly troubles = new Map<NotedPort, CodedError>();

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

  /** Ends the requests that are active. Never rejects. */
  async end(): Promise<void> {
    let concerned = this.known;
    try {
      const now = this.context.jit.azureNow();
      concerned = this.known.filter((opened) => isStillActive(opened, this.policy, now));
      await this.keep(
        concerned.map((opened) => ({ opened, held: this.takenOver(opened, now) })),
        now,
      );
      // A request that other runs still depend on is not ended.
      concerned = concerned.filter((opened) => !this.troubles.has(opened));
      await this.shorten(concerned);
    } catch (error) {
      this.fail(concerned, error);
    }
  }

  private fail(concerned: readonly NotedPort[], error: unknown): void {
    const failure = say.toFailure(error instanceof RequestError ? error.cause : error);
    for (const opened of concerned) this.troubles.set(opened, failure);
  }

  /** Returns what a request of this step took over from the requests that it replaced. */
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
      const rule = this.ruleOf(opened);
      this.nameLeftOut(opened, held, rule);
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
    try {
      await this.request(ports, say.handOver(this.reason), this.limit);
      for (const { opened, joint } of joints) {
        this.kept.set(opened, { sources: joint.sources, endsAt: joint.endsAt });
        this.needed.delete(opened);
      }
      this.policy = await this.context.jit.getPolicy(this.policy, this.limit);
    } catch (error) {
      this.fail(
        joints.map(({ opened }) => opened),
        error,
      );
    }
  }

  /** Warns about the runs that lose access with the request of this step, because the policy no longer allows their sources. */
  private nameLeftOut(opened: NotedPort, held: readonly Held[], rule: PortRule | undefined): void {
    const isAllowed = createPrefixCover(rule?.sources ?? []);
    const lost = held.filter(({ source }) => !isAllowed(source));
    if (lost.length === 0) return;
    const sources = eachOnce(lost.map(({ source }) => source));
    this.context.log.warning(say.notKeeping(opened, sources, [...new Set(lost.map(({ by }) => by))]));
  }

  /** The entry of the policy for a port. `undefined` if the policy no longer lists the VM or the port. */
  private ruleOf({ vm, port }: Pick<NotedPort, 'vm' | 'port'>): PortRule | undefined {
    const entry = entryOf(this.policy, vm);
    return entry && rulesOf(entry, port)[0];
  }

  /** Requests an earlier end for what is still active, and checks whether that ended a request of another run. */
  private async shorten(active: readonly NotedPort[]): Promise<void> {
    const now = this.context.jit.azureNow();
    const nearEnd = now + NEAR_END_MS;
    const before = this.policy;
    const requested = new Map<string, NearEnd[]>();
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
      if (!isLaterEnd((itself ?? opened).endsAt, endsAt)) continue;
      const to = { vm, port, sources: this.allowedSources(opened), endsAt };
      const key = `${vm.key} ${String(port)}`;
      const ends = requested.get(key) ?? [];
      const same = ends.find((one) => isSameRequest(one.to, to));
      if (same) same.opened.push(opened);
      else requested.set(key, [...ends, { opened: [opened], to }]);
      if (endsAt === nearEnd) this.nearEnds.set(opened, nearEnd);
    }
    if (requested.size === 0) return;
    const isListed = ({ to }: NearEnd) => this.ruleOf(to) !== undefined;
    const requestsFor = (isMeant: (end: NearEnd) => boolean) =>
      toRequests([...requested.values()].map((ends) => ends.filter(isMeant)));
    await withLimit(this.context.clock, this.limit.signal, REQUEST_MS, async (short) => {
      for (const ends of requestsFor(isListed)) await this.requestEnds(ends, 'split', short);
      // Azure usually refuses what the policy no longer lists.
      for (const ends of requestsFor((end) => !isListed(end))) await this.requestEnds(ends, 'giveUp', short);
    });
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

  /** The sources for an earlier end: those of the request that the policy still allows, or all if it allows none of them. */
  private allowedSources(opened: NotedPort): readonly Prefix[] | undefined {
    const { sources } = opened;
    const allowed = sources?.filter(createPrefixCover(this.ruleOf(opened)?.sources ?? []));
    return allowed && allowed.length > 0 ? allowed : sources;
  }

  /** Requests near ends. If Azure refuses them because of one of the ports, `split` requests each half separately. */
  private async requestEnds(
    ends: readonly NearEnd[],
    onRefusal: 'split' | 'giveUp',
    limit: Limit,
  ): Promise<void> {
    if (ends.length === 0) return;
    try {
      const { startedAt } = await this.request(
        ends.map(({ to }) => to),
        say.closingReason(this.reason),
        limit,
      );
      for (const { opened, to } of ends) {
        if (opened.some((one) => this.nearEnds.has(one))) this.own.push({ ...to, startedAt });
        for (const one of opened) this.shortened.add(one);
      }
    } catch (error) {
      if (onRefusal === 'split' && ends.length > 1 && isRefusedForAPort(error)) {
        const half = Math.ceil(ends.length / 2);
        await this.requestEnds(ends.slice(0, half), onRefusal, limit);
        await this.requestEnds(ends.slice(half), onRefusal, limit);
        return;
      }
      const opened = ends.flatMap((one) => one.opened);
      if (error instanceof RequestError && !error.mayBeOpen)
        for (const one of opened) this.nearEnds.delete(one);
      this.fail(opened, error);
    }
  }

  /** Whether another run's request was active and no longer is, although no other request took its place. */
  private isLost({ request, port }: PortRequest, opened: NotedPort, now: number): boolean {
    const itself = ownPort({ ...opened, ...port, startedAt: request.startedAt }, this.policy);
    if (!itself || !isReplaced(itself, now)) return false;
    return !concurrentRequests([this.policy], opened, this.own, now).some((other) =>
      prefixesCover(other.port.sources, port.sources),
    );
  }

  private async request(ports: readonly InitiatePort[], justification: string, limit: Limit) {
    const granted = await withLimit(this.context.clock, limit.signal, REQUEST_MS, (short) =>
      this.context.jit.initiate(this.policy, { ports, justification }, short),
    );
    this.made.push(granted.startedAt);
    return granted;
  }
}
