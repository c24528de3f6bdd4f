import { groupIdOf } from '../core/resourceIds';
import { permits, type Permission } from '../core/permissions';
import { CodedError, ForbiddenError } from '../core/errors';
import { forbidden } from '../messages/refusals';
import * as say from '../messages/rights';
import type { RightsGateway } from '../azure/rightsGateway';
import type { Limit } from '../core/limits';
import { failed } from './checkList';
import type { Check, CheckList } from '../core/checks';
import type { CheckedRight, NeededRight } from '../core/rights';

/**
 * Checks which permissions the identity has. Permissions are inherited, so the resource group is queried first and
 * once, and a resource only if its group does not have the permission. Never throws a `CodedError`.
 */
export function checkRights(
  gateway: RightsGateway,
  needed: readonly NeededRight[],
  limit: Limit,
): Promise<readonly CheckedRight[]> {
  const lists = new Map<string, Promise<readonly Permission[] | CodedError>>();
  const list = (scope: string) => {
    const key = scope.toLowerCase();
    const requested = lists.get(key) ?? gateway.list(scope, limit).catch(toTrouble);
    lists.set(key, requested);
    return requested;
  };
  return Promise.all(
    needed.map(async (right): Promise<CheckedRight> => {
      if (right.shown) return { right, state: right.shown === 'used' ? 'used' : 'missing' };
      const group = groupIdOf(right.scope);
      const inherited = await list(group);
      if (!(inherited instanceof CodedError) && permits(inherited, right.action)) {
        return { right, state: 'granted' };
      }
      const own = group.length === right.scope.length ? inherited : await list(right.scope);
      if (own instanceof CodedError) return { right, state: 'unknown', trouble: own };
      return { right, state: permits(own, right.action) ? 'granted' : 'missing' };
    }),
  );
}

function toTrouble(error: unknown): CodedError {
  if (error instanceof CodedError) return error;
  throw error;
}

/** Returns the permissions as check list lines: one for each purpose, state, and failure code, over all scopes. */
export function rightChecks(checked: readonly CheckedRight[]): CheckList {
  const kinds = new Map<string, CheckedRight[]>();
  for (const one of checked) {
    const key = [one.right.purpose, one.state, one.trouble?.code].join();
    kinds.set(key, [...(kinds.get(key) ?? []), one]);
  }
  const checks = [...kinds.values()].flatMap(([first, ...others]) => (first ? [toCheck(first, others)] : []));
  const unproven = checked.some(({ state }) => state === 'granted');
  return unproven ? [...checks, { topic: 'Rights', mark: 'not checked', text: say.denyAssignments }] : checks;
}

function toCheck({ right, state, trouble }: CheckedRight, others: readonly CheckedRight[]): Check {
  const scopes = [right, ...others.map((other) => other.right)].map(({ scope }) => scope.toLowerCase());
  const text = say.rightText(right, new Set(scopes).size, state, trouble);
  const topic = 'Rights';
  const { without } = say.PURPOSES[right.purpose];
  if (state === 'unknown') return { topic, mark: 'not checked', text, loud: without !== 'perhaps' };
  if (state !== 'missing') return { topic, mark: 'ok', text };
  // It is unknown whether this VM needs it.
  if (without === 'perhaps') return { topic, mark: 'info', text };
  const failure = failureWithout({ right, state });
  if (failure) return failed(topic, failure, text);
  return { topic, mark: 'missing', text, loud: true };
}

/** Returns the failure because of a missing right, or `undefined` if it is not missing or the run can do without it. */
export function failureWithout({ right, state }: CheckedRight): CodedError | undefined {
  if (state !== 'missing' || say.PURPOSES[right.purpose].without !== 'fails') return undefined;
  return right.shown instanceof ForbiddenError ? right.shown : forbidden(right.action, right.scope);
}
