import { toRanges } from '../domain/nsg/grants';
import { intersect } from '../domain/ranges';
import { isLive, type OwnPort, type Rival } from '../domain/requests';
import type { Policy } from '../domain/policy';
import type { OtherSources } from '../domain/sharing';
import { createPrefixCover } from '../domain/sources';
import { CodedError } from '../errors';
import * as say from '../messages/closing';
import type { Limit, World } from '../world';
import type { MaybeOverIpv6 } from './access';
import { closeByRules } from './closeRules';
import { endRequests } from './endRequests';
import { liveOthers, ownPort } from './ownRequests';
import type { Opened } from './state';

/** What became of one port that this step had opened, and what nobody can close here. */
export type Closed = Fate & MaybeOverIpv6;

type Fate =
  | {
      readonly kind: 'closed';
      readonly opened: Opened;
      /** `shut`: the rules, read back, do not let the source in. */
      readonly how: 'shut' | 'neverOpened' | 'vmGone';
      /** What was requested on behalf of other runs, and stays open. */
      readonly kept?: OtherSources | undefined;
      /** Active requests of or for other runs that hold a part of the source. */
      readonly beside?: readonly Rival[];
    }
  /** It may still let the source in, until this time, or for good when a rule without a request does. */
  | {
      readonly kind: 'open';
      readonly opened: Opened;
      readonly until: number | undefined;
      readonly why: string;
      /** What stays open, where it is not all that this step opened for itself. */
      readonly sources?: readonly string[];
      readonly kept?: OtherSources | undefined;
    };

/** A port to close, with what its policy says of it now. */
export interface Closing {
  readonly opened: Opened;
  /** This step's own part of the sources: others' are not to be shut out. */
  readonly sources: readonly string[];
  /** The policy after the end was requested; absent when it could not be read. */
  readonly policy: Policy | undefined;
  /** All requests of this step under the policy, with those for a near end. */
  readonly own: readonly OwnPort[];
  /** The starts of the requests that closing has made: those that are not among its own are for other runs. */
  readonly made: readonly string[];
  /** Azure's clock, milliseconds since 1970, from when on the rules should be shut; 0 is now. */
  readonly shutFrom: number;
  /** Why requesting an earlier end was not possible. */
  readonly trouble: CodedError | undefined;
  /** What was requested on behalf of other runs. */
  readonly kept: OtherSources | undefined;
  /** Whether other runs get in by the rule of this request, and by no other one. */
  readonly isNeeded: boolean;
  /** Whether the policy lists the request; absent when the policy could not be read. */
  readonly isListed: boolean | undefined;
  /** A request that Azure has granted, and that neither the policy nor the list of its group showed: it was not ended. */
  readonly isUnseen: boolean;
}

/**
 * Closes what a step opened: requests an end that is near, deletes what is left of its own allow rules, and believes
 * nothing but the rules read back. Other runs' active requests are left alone. Never rejects but with bugs.
 *
 * @param onClosed told of each port as soon as its fate is known
 */
export async function closeAll(
  world: World,
  opened: readonly Opened[],
  reason: string,
  limit: Limit,
  onClosed: (closed: Closed) => void,
): Promise<void> {
  const groups = new Map<string, Opened[]>();
  const isOpen = ({ over }: Opened) => over === undefined;
  for (const entry of opened) {
    const key = entry.policy.id.toLowerCase();
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  await Promise.all(
    [...groups.values()].map(async (entries) => {
      const first = entries.find(isOpen);
      if (!first) return;
      const closings = await endRequests(world, first.policy, entries, reason, limit);
      await closeByRules(world, closings, limit, async (closing, closed) => {
        const fate = closing.kept ? { ...closed, kept: closing.kept } : closed;
        const { overIpv6 } = closed;
        onClosed({ ...(await withRivals(world, closing, fate, limit)), ...(overIpv6 && { overIpv6 }) });
      });
    }),
  );
}

/**
 * Looks at the policy once more after the rules were read: another run's active request may hold the source as well,
 * since before or meanwhile, and its rule may not be written yet. What it holds stays open, until its end.
 */
async function withRivals(world: World, closing: Closing, closed: Closed, limit: Limit): Promise<Closed> {
  const { opened, own, sources } = closing;
  const kept = closing.kept && { kept: closing.kept };
  if (closed.kind === 'closed' ? closed.how !== 'shut' : closed.until === undefined) return closed;
  const policy = await readOnceMore(world, closing, limit);
  if (!policy) return closed;
  const now = world.jit.azureNow();
  const rivals = liveOthers(policy, opened, own, now)
    .filter(({ port }) => intersect(toRanges(port.sources), toRanges(sources)).length > 0)
    .map((one): Rival => ({ ...one, isOurs: closing.made.includes(one.request.startedAt) }));
  const [last] = rivals.toSorted((a, b) => b.port.endsAt - a.port.endsAt);
  if (closed.kind === 'open') {
    const until = Math.max(closed.until ?? 0, last?.port.endsAt ?? 0);
    return { ...closed, until };
  }
  const itself = ownPort(opened, policy);
  if (itself?.status === 'Initiating' && isLive(itself, now)) {
    return { ...kept, kind: 'open', opened, until: itself.endsAt, why: say.ruleMayCome };
  }
  const { endsAt } = itself ?? opened;
  if (closing.isUnseen && (itself ? isLive(itself, now) : endsAt > now)) {
    return { ...kept, kind: 'open', opened, until: endsAt, why: say.notShown };
  }
  const areCovered = rivals.map(({ port }) => createPrefixCover(port.sources));
  const held = sources.filter((source) => areCovered.some((isCovered) => isCovered(source)));
  if (!last) return closed;
  if (held.length === 0) return { ...closed, beside: rivals };
  return {
    ...kept,
    kind: 'open',
    opened,
    until: last.port.endsAt,
    why: say.otherRuns(rivals),
    sources: held,
  };
}

/**
 * The policy as it is now, or as it was read before where it cannot be read again: what was seen then is not undone by
 * a failed call. Nothing when it is gone, which is never said by one answer: its requests are gone with it.
 */
async function readOnceMore(
  world: World,
  { opened, policy }: Closing,
  limit: Limit,
): Promise<Policy | undefined> {
  try {
    return await world.jit.getPolicy(opened.policy, limit);
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return error.code === 'JIT406' ? undefined : policy;
  }
}
