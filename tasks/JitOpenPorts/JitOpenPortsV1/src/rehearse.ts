import { findStanding } from '../../../shared/access/judge';
import type { PlannedRequest } from '../../../shared/access/requesting';
import { tellStanding } from '../../../shared/access/tellStanding';
import { createRuleReader, rememberVnets, type Place } from '../../../shared/access/vmNetwork';
import type { VmPlan } from '../../../shared/domain/plan';
import { CodedError } from '../../../shared/errors';
import { withLimit } from '../../../shared/limits';
import { ForbiddenError } from '../../../shared/messages/failures';
import * as say from '../../../shared/messages/story';
import { rulesUnreadable } from '../../../shared/messages/waiting';
import type { World } from '../../../shared/world';

const INITIATE = 'Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action';
const LOOK_MS = 60_000;

/**
 * What a dry run does in place of the request: says what would be asked, and looks whether it may be and whether it
 * is needed. Throws JIT301 when the right to ask is missing.
 *
 * @param places where rules may be looked at; empty when they are of no matter
 */
export async function rehearse(
  world: World,
  plans: readonly VmPlan[],
  requests: readonly PlannedRequest[],
  places: ReadonlyMap<string, Place>,
): Promise<void> {
  for (const { ports } of requests) for (const { asked } of ports) world.log.line(say.wouldAsk(asked));
  await Promise.all([
    ...requests.map(({ policy }) => checkRight(world, policy.id)),
    tellRules(world, plans, places),
  ]);
  world.log.line(say.dryRunDone);
}

async function checkRight({ clock, signal, rights, log }: World, policyId: string): Promise<void> {
  let allowed: boolean;
  try {
    allowed = await withLimit(clock, signal, LOOK_MS, (limit) => rights.allows(INITIATE, policyId, limit));
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    // The real run does not ask this, and so must not fail by it.
    log.warning(say.rightUnknown(INITIATE, error));
    return;
  }
  if (!allowed) throw new ForbiddenError(INITIATE, policyId);
}

/** What a dry run can tell of the rules: whether they let the source in already. */
async function tellRules(
  world: World,
  plans: readonly VmPlan[],
  places: ReadonlyMap<string, Place>,
): Promise<void> {
  const { clock, signal, network, log } = world;
  const reader = createRuleReader(
    network,
    rememberVnets(network, () => undefined),
  );
  await withLimit(clock, signal, LOOK_MS, (limit) =>
    Promise.all(
      plans.flatMap(({ wanted, ask }) =>
        ask.map(async ({ own, rule }) => {
          const place = places.get(wanted.key);
          if (!place?.filter || !own) return;
          try {
            const rules = await reader.read(place, place.filter, own, limit);
            const found = findStanding(rules, { sources: own, port: rule.port, protocol: rule.protocol });
            if (found) tellStanding(log, { vm: wanted, port: rule.port, wantedSources: own }, found);
          } catch (error) {
            // The real run waits such a trouble out, and so must not be said to fail by it.
            if (!(error instanceof CodedError)) throw error;
            log.warning(error instanceof ForbiddenError ? rulesUnreadable(error) : error.seen);
          }
        }),
      ),
    ),
  );
}
