import type { VmNetwork } from '../domain/network';
import type { Blocker } from '../domain/nsg/verdict';
import type { Policy, RequestedPort } from '../domain/policy';
import { findOwnPort } from '../domain/requests';
import { CodedError } from '../errors';
import { withLimit } from '../limits';
import { poll } from '../poll';
import { ForbiddenError } from '../messages/failures';
import * as say from '../messages/waiting';
import type { Limit, World } from '../world';
import type { Access, Standing, Waited, WaitedAccess } from './access';
import { findStanding, judge } from './judge';
import { createRuleReader, rememberVnets, type Place, type RuleReader, type VnetMemory } from './vmNetwork';

/** What is awaited. `connection` includes `rule`. */
export type Goal = 'request' | 'rule' | 'connection';

export interface Wait {
  readonly goal: Goal;
  /** By the VM's key. */
  readonly places: ReadonlyMap<string, Place>;
  /** Where to try a connection; absent when nothing is known to try. */
  readonly probeAt: (access: Access) => { readonly host: string; readonly port: number } | undefined;
  readonly timeoutMs: number;
  /**
   * Called when a request that is awaited was revoked: gives the access to go on with, or throws a `CodedError`
   * that ends the wait for it.
   */
  readonly onSuperseded: (
    access: Access,
    own: RequestedPort,
    policy: Policy,
    limit: Limit,
  ) => Promise<Access>;
  /** Told when a right to read the rules is missing. */
  readonly onUnreadable: (missing: ForbiddenError) => void;
  /** Told after each round: what is still awaited, and for how long already. */
  readonly onRound: (pending: readonly Pending[], waitedMs: number) => void;
}

/** A port that is not open yet, and why as far as is known. */
export interface Pending {
  /** Its place among the accesses that were to be awaited. */
  readonly index: number;
  readonly access: Access;
  /** What the last complete look at the rules found. */
  readonly blockers: readonly Blocker[] | undefined;
  readonly request: RequestedPort | undefined;
  /** False when a right to read the rules is missing: then only the request can be looked at. */
  readonly readable: boolean;
  /** Whether the rules let the source in and only the connection is missing. */
  readonly admitted: boolean;
  /** Rules that let the source in all along, as far as the last look at the rules found any. */
  readonly standing: Standing | undefined;
  /** Why the last look was not complete. */
  readonly trouble: CodedError | undefined;
}

/**
 * Waits until every access is open, the request behind it is over, or the time is. Looks at all of them in one
 * round, so that what they share is read once. A passing failure of Azure costs a round, not the wait; a missing
 * right to read the rules falls back to the request's own status. Rejects with bugs only.
 */
export async function waitForAccess(
  world: World,
  wait: Wait,
  accesses: readonly Access[],
  limit: Limit,
): Promise<readonly WaitedAccess[]> {
  const startedAt = world.clock.now();
  const waitedMs = () => world.clock.now() - startedAt;
  const ended: (WaitedAccess | undefined)[] = accesses.map(() => undefined);
  const vnets = rememberVnets(world.network, (error) => {
    world.log.warning(say.vnetUnknown(error));
  });
  let pending: readonly Pending[] = accesses.map((access, index) => ({
    index,
    access,
    ...NOTHING_SEEN,
    readable: wait.goal !== 'request' && wait.places.get(access.vm.key)?.filter !== undefined,
  }));

  await poll(world.clock, limit, async (round) => {
    const look = createLook(world, wait, vnets, round, limit);
    const looked = await Promise.all(pending.map(look));
    for (const seen of looked) {
      if ('waited' in seen) ended[seen.index] = { ...seen, waitedMs: waitedMs() };
    }
    pending = looked.flatMap((seen) => ('waited' in seen ? [] : [seen]));
    if (pending.length === 0) return true;
    if (!limit.signal.aborted) wait.onRound(pending, waitedMs());
    return undefined;
  });

  for (const left of pending) {
    const error = say.notOpenInTime(left, wait.goal, wait.timeoutMs);
    ended[left.index] = { ...fail(left, error), waitedMs: waitedMs() };
  }
  return ended.flatMap((waited) => waited ?? []);
}

/** How long a round waits for the request, which only tells of a revocation: eight seconds. */
const REQUEST_LOOK_MS = 8000;

const NOTHING_SEEN = {
  blockers: undefined,
  request: undefined,
  admitted: false,
  standing: undefined,
  trouble: undefined,
};

type Ended = Pick<Pending, 'index' | 'access'> & { readonly waited: Waited };
type Seen = Pending | Ended;

const end = ({ index, access }: Pending, waited: Waited): Ended => ({ index, access, waited });

const fail = (pending: Pending, error: CodedError): Ended =>
  end(pending, { status: 'failed', error, standing: pending.standing });

/** The request ended by its own time while it was awaited. */
class EndedBefore extends CodedError {}

/** Thrown through a look when the request behind it was revoked. */
class Revoked extends Error {
  constructor(
    readonly own: RequestedPort,
    readonly policy: Policy,
  ) {
    super('The request was revoked.');
  }
}

/** One round: each thing is read once, whoever needs it. */
function createLook(
  world: World,
  wait: Wait,
  vnets: VnetMemory,
  round: number,
  limit: Limit,
): (pending: Pending) => Promise<Seen> {
  const rules = createRuleReader(world.network, vnets);
  const policies = new Map<string, Promise<Policy>>();
  const readRequest = async (access: Access, within = limit): Promise<RequestedPort | undefined> => {
    const key = access.policy.id.toLowerCase();
    const reading = policies.get(key) ?? world.jit.getPolicy(access.policy, within);
    policies.set(key, reading);
    const policy = await reading;
    const own = findOwnPort(policy, access);
    if (own?.status === 'Revoked') {
      if (own.endsAt <= world.jit.azureNow()) throw new EndedBefore(say.endedBefore(access));
      throw new Revoked(own, policy);
    }
    return own;
  };

  const readBriefly = (access: Access): Promise<RequestedPort | undefined> =>
    withLimit(world.clock, limit.signal, REQUEST_LOOK_MS, (short) => readRequest(access, short)).catch(
      unlessRevoked,
    );

  return async (pending) => {
    const { access } = pending;
    try {
      if (!pending.readable) return await lookAtRequest(world, wait, pending, round, readRequest, limit);
      const [network, request] = await Promise.all([
        readNetwork(wait, access, rules, limit),
        // The first look spares the request: most rules are there by then. Where it cannot be read, rules tell.
        round === 0 ? undefined : readBriefly(access),
      ]);
      return await lookAtRules(world, wait, { ...pending, request }, network, limit);
    } catch (error) {
      if (error instanceof Revoked) return goOn(wait, pending, error, limit);
      if (!(error instanceof ForbiddenError) || !pending.readable) return toSeen(error, pending, limit);
      wait.onUnreadable(error);
      return { ...pending, readable: false };
    }
  };
}

function unlessRevoked(error: unknown): undefined {
  if (!(error instanceof CodedError) || error instanceof EndedBefore) throw error;
}

/** Goes on with what takes the place of a revoked request, if anything does. */
async function goOn(wait: Wait, pending: Pending, { own, policy }: Revoked, limit: Limit): Promise<Seen> {
  try {
    const access = await wait.onSuperseded(pending.access, own, policy, limit);
    return { ...pending, access, request: undefined, blockers: undefined };
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return fail(pending, error);
  }
}

async function lookAtRequest(
  world: World,
  wait: Wait,
  pending: Pending,
  round: number,
  readRequest: (access: Access) => Promise<RequestedPort | undefined>,
  limit: Limit,
): Promise<Seen> {
  const { access } = pending;
  const known = round === 0 && access.status === 'Initiated';
  const request = known ? undefined : await readRequest(access);
  if (!known && request?.status !== 'Initiated') return { ...pending, request, trouble: undefined };
  if (wait.goal !== 'connection') return end(pending, { status: 'initiated' });
  return tryConnection(world, wait, { ...pending, request }, undefined, limit);
}

async function readNetwork(
  wait: Wait,
  access: Access,
  rules: RuleReader,
  limit: Limit,
): Promise<VmNetwork | undefined> {
  const place = wait.places.get(access.vm.key);
  return place?.filter && rules.read(place, place.filter, access.wantedSources, limit);
}

async function lookAtRules(
  world: World,
  wait: Wait,
  pending: Pending,
  network: VmNetwork | undefined,
  limit: Limit,
): Promise<Seen> {
  const { access } = pending;
  if (!network) return { ...pending, readable: false };
  const way = { sources: access.wantedSources, port: access.port, protocol: access.protocol };
  const verdict = judge(network, way);
  if (!verdict.admits) {
    return { ...pending, ...NOTHING_SEEN, request: pending.request, blockers: verdict.blockers };
  }
  const standing = findStanding(network, way);
  const open: Waited = { status: 'open', standing };
  if (wait.goal === 'rule') return end(pending, open);
  return tryConnection(world, wait, { ...pending, standing }, open, limit);
}

async function tryConnection(
  world: World,
  wait: Wait,
  pending: Pending,
  open: Waited | undefined,
  limit: Limit,
): Promise<Seen> {
  // There is nothing to try that answers by UDP.
  if (pending.access.protocol === 'UDP') return end(pending, open ?? { status: 'initiated' });
  const at = wait.probeAt(pending.access);
  const answer = at ? await world.probe.connect(at.host, at.port, limit) : 'silent';
  if (answer === 'silent') return { ...pending, admitted: true, blockers: undefined, trouble: undefined };
  if (answer === 'refused') world.log.line(say.nothingListens(pending.access));
  return end(pending, open ?? { status: 'open', standing: undefined });
}

/** What a failed look means: a round lost, or the end of this wait. */
function toSeen(error: unknown, pending: Pending, limit: Limit): Seen {
  if (!(error instanceof CodedError)) throw error;
  if (error instanceof EndedBefore) return fail(pending, error);
  // The time is over: what an earlier look found tells more than a call that was cut short.
  if (limit.signal.aborted) return pending;
  const passes = ['JIT602', 'JIT603', 'JIT604', 'JIT406'].includes(error.code);
  return passes ? { ...pending, trouble: error } : fail(pending, error);
}
