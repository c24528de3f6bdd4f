import { isLive } from '../domain/requests';
import { CodedError } from '../errors';
import { withLimit } from '../limits';
import * as say from '../messages/closing';
import { poll } from '../poll';
import { RequestError, type Ask, type AskedPort, type Limit, type PolicyRef, type World } from '../world';
import type { Policy } from '../domain/policy';
import { closeByRules } from './closeRules';
import { ANY, coveringRival, isStillLive, ownPort, settle } from './ownRequests';
import { ownSources, type Opened } from './state';

/** The end that closing asks for, ahead of Azure's clock: the request itself takes about three seconds. */
export const NEAR_END_MS = 8000;

/** How long to look at the policy before the rules are closed without it: twelve seconds. */
const POLICY_LOOK_MS = 12_000;
/** How long to ask for an end before the rules are closed without it: fifteen seconds. */
const ASK_MS = 15_000;

/** What became of one port that this step had opened. */
export type Closed =
  | {
      readonly kind: 'closed';
      readonly opened: Opened;
      /** `shut`: the rules, read back, do not let the source in. */
      readonly how: 'shut' | 'neverOpened' | 'vmGone';
    }
  /** It may still let the source in, until this time, or for good when a rule made by hand does. */
  | {
      readonly kind: 'open';
      readonly opened: Opened;
      readonly until: number | undefined;
      readonly why: string;
    };

/** A port to close, with what its policy says of it now. */
export interface Closing {
  readonly opened: Opened;
  /** This step's own part of the sources: others' are not to be shut out. */
  readonly sources: readonly string[];
  /** Azure's clock, milliseconds since 1970, from when on the rules should be shut; 0 is now. */
  readonly shutFrom: number;
  /** Why asking for an earlier end was not possible. */
  readonly trouble: CodedError | undefined;
  /**
   * Whether its allow rules may be deleted: `yes`; `alone`, when no other rule looks like them, because the policy
   * could not tell of other runs; `no`, because other runs get in by the same rule.
   */
  readonly deletable: 'yes' | 'alone' | 'no';
}

/**
 * Closes what a step opened: asks for an end that is near, deletes what is left of its own allow rules, and
 * believes nothing but the rules read back. Other runs' live requests are left alone. Never rejects but with bugs.
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
  for (const entry of opened) {
    const key = entry.policy.id.toLowerCase();
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  await Promise.all(
    [...groups.values()].map(async (entries) => {
      const [first] = entries;
      if (!first) return;
      const closings = await endRequests(world, first.policy, entries, reason, limit, onClosed);
      await closeByRules(world, closings, limit, async (closed) => {
        const own = closings.map((closing) => closing.opened);
        onClosed(await lookForRival(world, closed, own, limit));
      });
    }),
  );
}

/**
 * Looks at the policy once more after the rules were found shut: another run that shares the port may have asked for
 * this source as well in the meantime, and its rule may not be written yet.
 */
async function lookForRival(
  world: World,
  closed: Closed,
  own: readonly Opened[],
  limit: Limit,
): Promise<Closed> {
  const { opened } = closed;
  if (closed.kind !== 'closed' || closed.how !== 'shut') return closed;
  try {
    const policy = await world.jit.getPolicy(opened.policy, limit);
    const now = world.jit.azureNow();
    const itself = ownPort(opened, policy);
    if (itself?.status === 'Initiating' && isLive(itself, now)) {
      return { kind: 'open', opened, until: itself.endsAt, why: say.ruleMayCome };
    }
    const rival = coveringRival(opened, own, policy, now);
    return rival ? { kind: 'open', opened, until: rival.port.endsAt, why: say.otherRun(rival) } : closed;
  } catch (error) {
    // A policy that cannot be read, or is gone, takes nothing back from what the rules have shown.
    if (error instanceof CodedError) return closed;
    throw error;
  }
}

/** Asks Azure to end the requests early, and tells which rules must then be looked at. */
async function endRequests(
  world: World,
  ref: PolicyRef,
  entries: readonly Opened[],
  reason: string,
  limit: Limit,
  onClosed: (closed: Closed) => void,
): Promise<readonly Closing[]> {
  let policy: Policy;
  try {
    policy = await readPolicy(world, ref, entries, limit);
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    // A policy that is gone takes its requests with it; whatever else it is, the rules tell the truth.
    return entries.map((opened) => ({
      opened,
      sources: ownSources(opened) ?? ANY,
      shutFrom: 0,
      trouble: error,
      deletable: opened.others ? 'no' : 'alone',
    }));
  }
  const known = entries.flatMap((entry) => {
    const settled = settle(entry, entries, policy);
    if (!settled) onClosed({ kind: 'closed', opened: entry, how: 'neverOpened' });
    return settled ? [settled] : [];
  });
  const closable = known.filter((opened) => {
    const rival = coveringRival(opened, known, policy, world.jit.azureNow());
    const { others } = opened;
    if (rival) onClosed({ kind: 'open', opened, until: rival.port.endsAt, why: say.otherRun(rival) });
    else if (others && ownSources(opened)?.length === 0) {
      onClosed({ kind: 'open', opened, until: others.endsAt, why: say.insideOthers(others.sources) });
    } else return true;
    return false;
  });
  const { handedOver, ...asked } = await askForEnd(world, policy, closable, reason, limit);
  const now = world.jit.azureNow();
  return closable.map((opened) => {
    const isShared = opened.others !== undefined && opened.others.endsAt > now;
    const deletable = isShared && !handedOver ? 'no' : 'yes';
    return { opened, sources: ownSources(opened) ?? ANY, ...asked, deletable };
  });
}

/**
 * Reads the policy. A request whose answer got lost may still be under way: while there is one that the policy does
 * not list, it is read again until the time for it is over.
 */
async function readPolicy(
  world: World,
  ref: PolicyRef,
  entries: readonly Opened[],
  limit: Limit,
): Promise<Policy> {
  let latest: Policy | undefined;
  const isComplete = (policy: Policy) => entries.every((entry) => settle(entry, entries, policy));
  const complete = await withLimit(world.clock, limit.signal, POLICY_LOOK_MS, (short) =>
    poll(world.clock, short, async () => {
      try {
        latest = await world.jit.getPolicy(ref, short);
      } catch (error) {
        // What an earlier look found is enough to go on with.
        if (!latest) throw error;
      }
      return isComplete(latest) ? latest : undefined;
    }),
  );
  const policy = complete ?? latest;
  // Unreachable but for a limit that was over before: the first look is at once.
  return policy ?? world.jit.getPolicy(ref, limit);
}

/**
 * Asks for a near end, in one request. Where the port was shared, the others' sources are asked for first, until
 * their own end: a newer request may replace the shared one, and whether it does is looked at before the shared
 * one is ended as well.
 */
async function askForEnd(
  world: World,
  policy: Policy,
  closable: readonly Opened[],
  reason: string,
  limit: Limit,
): Promise<Pick<Closing, 'shutFrom' | 'trouble'> & { readonly handedOver: boolean }> {
  let handedOver = false;
  const now = world.jit.azureNow();
  const live = closable.filter((opened) => isStillLive(opened, policy, now));
  const shared = live.filter(({ others }) => others && others.endsAt > now + NEAR_END_MS);
  const handOver = shared.flatMap(({ vm, port, others }): AskedPort[] =>
    others ? [{ vm, port, sources: others.sources, endsAt: others.endsAt }] : [],
  );
  const ask = (wanted: Ask) =>
    withLimit(world.clock, limit.signal, ASK_MS, (short) => world.jit.initiate(policy, wanted, short));
  try {
    if (handOver.length > 0) {
      await ask({ ports: handOver, justification: say.handOver(reason) });
      handedOver = true;
      policy = await world.jit.getPolicy(policy, limit);
    }
    const endsAt = world.jit.azureNow() + NEAR_END_MS;
    const ending = live
      .filter((opened) => isStillLive(opened, policy, now) && opened.endsAt > endsAt)
      .map(({ vm, port, sources }): AskedPort => ({ vm, port, sources, endsAt }));
    if (ending.length === 0) return { shutFrom: 0, trouble: undefined, handedOver };
    await ask({ ports: ending, justification: say.closingReason(reason) });
    return { shutFrom: endsAt, trouble: undefined, handedOver };
  } catch (error) {
    const cause = error instanceof RequestError ? error.cause : error;
    if (cause instanceof CodedError) return { shutFrom: 0, trouble: cause, handedOver };
    throw error;
  }
}
