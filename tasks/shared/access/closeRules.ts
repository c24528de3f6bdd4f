import { mayAdmit } from '../domain/nsg/evaluate';
import { isJitRuleName } from '../domain/nsg/rules';
import type { RuleAt } from '../domain/nsg/verdict';
import { sameSources } from '../domain/requests';
import { sameId, type VmId } from '../domain/resourceIds';
import { CodedError } from '../errors';
import { withLimit } from '../limits';
import * as say from '../messages/closing';
import { poll } from '../poll';
import type { Limit, World } from '../world';
import type { Closed, Closing } from './closing';
import { isVmGone } from './gone';
import { toFlow } from './judge';
import { createRuleReader, readPlace, rememberVnets, type Place } from './vmNetwork';

/** How long the rules may take to follow the end of a request before they are deleted: eight seconds. */
const FOLLOW_MS = 8000;
/** How long to look for the effect of a deletion that gave no answer of success: three seconds. */
const LOST_ANSWER_MS = 3000;

/**
 * Looks at the rules until they are shut; where they do not shut by themselves, deletes the allow rules of these
 * requests and looks again, until the time is over.
 */
export async function closeByRules(
  world: World,
  closings: readonly Closing[],
  limit: Limit,
  onClosed: (closed: Closed) => Promise<void>,
): Promise<void> {
  await Promise.all(
    closings.map(async (closing) => {
      try {
        await onClosed(await closeOne(world, closing, closings, limit));
      } catch (error) {
        if (!(error instanceof CodedError)) throw error;
        await onClosed(stillOpen(closing, error.seen));
      }
    }),
  );
}

async function closeOne(
  world: World,
  closing: Closing,
  all: readonly Closing[],
  limit: Limit,
): Promise<Closed> {
  const { opened } = closing;
  let place: Place;
  try {
    place = await readPlace(world.network, opened.vm, true, limit);
  } catch (error) {
    if (
      error instanceof CodedError &&
      error.code === 'JIT406' &&
      (await isVmGone(world.network, opened.vm, limit))
    ) {
      return { kind: 'closed', opened, how: 'vmGone' };
    }
    throw error;
  }
  if (!place.filter) return stillOpen(closing, say.notVerified(place.missing));
  const look = () => findAdmitting(world, place, closing, limit);
  // A look before the end tells nothing: the rule may not even be written yet.
  await world.clock.sleep(Math.max(0, closing.shutFrom - world.jit.azureNow()), limit.signal);
  const first = await waitUntilShut(world, look, closing.trouble ? 0 : FOLLOW_MS, limit);
  if (first === 'shut') {
    // Nothing lets it in now, but a request that lives on may still get its rule.
    const livesOn = closing.trouble && closing.trouble.code !== 'JIT406';
    return livesOn
      ? stillOpen(closing, say.notEnded(closing.trouble))
      : { kind: 'closed', opened, how: 'shut' };
  }
  const own = findDeletable(first, place, closing, all);
  let trouble = closing.trouble;
  let deleted = 0;
  for (const { group, rule } of own) {
    try {
      await world.network.deleteRule(group.id, rule.name, limit);
      deleted++;
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      trouble = error;
    }
  }
  // A deletion whose answer got lost may have happened all the same.
  const lookMs = deleted > 0 ? limit.remainingMs() : LOST_ANSWER_MS;
  const left = own.length > 0 ? await waitUntilShut(world, look, lookMs, limit) : first;
  if (left === 'shut') return { kind: 'closed', opened, how: 'shut' };
  if (left.length === 0) return { kind: 'open', opened, until: undefined, why: say.noGroup };
  const byHand = left.filter(({ rule }) => !isJitRuleName(rule.name));
  if (byHand.length === left.length) {
    return { kind: 'open', opened, until: undefined, why: say.byHand(byHand) };
  }
  return stillOpen(closing, say.rulesRemain(left, trouble));
}

const stillOpen = ({ opened }: Closing, why: string): Closed => ({
  kind: 'open',
  opened,
  until: opened.endsAt,
  why,
});

/** Polls the rules for up to `ms`, once at least; gives the rules that still let the source in. */
async function waitUntilShut(
  world: World,
  look: () => Promise<'shut' | readonly RuleAt[]>,
  ms: number,
  outer: Limit,
): Promise<'shut' | readonly RuleAt[]> {
  let admitting = await look();
  if (admitting === 'shut') return 'shut';
  const shut = await withLimit(world.clock, outer.signal, ms, (limit) =>
    poll(world.clock, limit, async (round) => {
      if (round > 0) admitting = await look();
      return admitting === 'shut' ? admitting : undefined;
    }),
  );
  return shut ?? admitting;
}

/** The allow rules of these requests among those that let the source in, as far as they may be deleted. */
function findDeletable(
  admitting: readonly RuleAt[],
  place: Place,
  closing: Closing,
  all: readonly Closing[],
): readonly RuleAt[] {
  const own = admitting.filter((rule) => isOwnRule(rule, place, closing, all));
  if (closing.deletable === 'no') return [];
  const groups = new Set(own.map(({ group }) => group.id.toLowerCase()));
  return closing.deletable === 'yes' || groups.size === own.length ? own : [];
}

/** The rules that may let a part of the sources in: what cannot be resolved counts as open here. */
async function findAdmitting(
  world: World,
  place: Place,
  { opened, sources }: Closing,
  limit: Limit,
): Promise<'shut' | readonly RuleAt[]> {
  if (!place.filter) return [];
  const vnets = rememberVnets(world.network, () => undefined);
  const flow = toFlow({ sources, port: opened.port, protocol: opened.protocol });
  const network = await createRuleReader(world.network, vnets).read(place.filter, flow, limit);
  const admitted = mayAdmit(network, flow);
  return admitted.sources.length === 0 ? 'shut' : admitted.rules;
}

/**
 * Whether an allow rule is one that the service wrote for these requests: named by the service, for this VM's
 * address alone, for exactly the granted sources, and for no port that is not being closed.
 */
function isOwnRule({ rule }: RuleAt, place: Place, { opened }: Closing, all: readonly Closing[]): boolean {
  const ports = all.filter((other) => isSameGrant(other, opened)).map((other) => String(other.opened.port));
  return (
    isJitRuleName(rule.name) &&
    rule.access === 'Allow' &&
    rule.destinations.length === 1 &&
    rule.destinations[0]?.replace(/\/32$/, '') === place.filter?.privateIpAddress &&
    opened.sources !== undefined &&
    sameSources(rule.sources, opened.sources) &&
    rule.destinationPorts.length > 0 &&
    rule.destinationPorts.every((port) => ports.includes(port))
  );
}

const isSameGrant = (
  { opened: other }: Closing,
  one: { readonly vm: VmId; readonly startedAt: string | undefined },
): boolean => sameId(other.vm.key, one.vm.key) && other.startedAt === one.startedAt;
