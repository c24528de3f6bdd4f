import { azureWords, say } from '../core/text';
import { documentNamed } from './documents';
import { failure, ForbiddenError, RefusedError, type CodedError, type RightDetail } from '../core/errors';

/** JIT301: a right is missing. */
export const forbidden = (
  action: string,
  scope: string,
  detail: RightDetail = {},
  options?: { cause?: unknown },
): ForbiddenError =>
  new ForbiddenError(
    { code: 'JIT301', ...rightText(action, scope, detail) },
    ...([action, scope, detail, options] as const),
  );

function rightText(action: string, scope: string, { words, condition, unnamed }: RightDetail) {
  const quoted = words === undefined ? '' : ` Azure says: ${azureWords(words)}.`;
  if (condition) {
    return {
      seen:
        say`The service connection's identity may not perform ${action} on ${scope}: Azure says that the right is missing, or that a condition on its role assignment (ABAC) is not met.` +
        quoted,
      remedy:
        'Look at the role assignments of the identity at that scope: change the condition of the one that has this action, or assign a role with this action without a condition.',
      why: say`the action ${action} is missing on ${scope}, or a condition on its role assignment is not met`,
    };
  }
  if (unnamed) {
    return {
      seen:
        say`The service connection's identity may perform ${action} on ${scope}, but lacks a right on another resource that the call is linked with.` +
        quoted,
      remedy: 'Give it the right that Azure names, at the resource that Azure names.',
      why: say`a right on a resource that ${scope} is linked with is missing`,
    };
  }
  return {
    seen: say`The service connection's identity may not perform ${action} on ${scope}.` + quoted,
    remedy:
      `Give it a role with this action at that scope (for a role as JSON, see ${documentNamed('roles')}); ` +
      'a new role assignment takes up to ten minutes to work.',
    why: say`the action ${action} is missing on ${scope}`,
  };
}

/** What forbids a call that no role can help. */
export type Barrier = 'denyAssignment' | 'policy' | 'lock' | 'disabledSubscription';

const BARRIERS: Readonly<Record<Barrier, { readonly name: string; readonly remedy: string }>> = {
  denyAssignment: {
    name: 'a deny assignment',
    remedy:
      'No role helps against a deny assignment: ask whoever manages it (a managed application, a deployment stack) to exclude the identity of the service connection.',
  },
  policy: {
    name: 'Azure Policy',
    remedy: 'Ask whoever assigns the policy that Azure names for an exemption, or keep to what it allows.',
  },
  lock: {
    name: 'a lock',
    remedy:
      'Remove the lock that Azure names, or put it on another scope. A read-only lock blocks requests for access as well.',
  },
  disabledSubscription: {
    name: 'the state of the subscription',
    remedy: 'Enable the subscription again: while it is disabled it can only be read.',
  },
};

/** JIT303. `words`: Azure's own. */
export function forbiddenBy(barrier: Barrier, what: string, words: string, cause?: unknown): RefusedError {
  const { name, remedy } = BARRIERS[barrier];
  return new RefusedError(
    {
      code: 'JIT303',
      seen: say`${what} is refused by ${name}, not for want of a role: ` + `${azureWords(words)}.`,
      remedy,
      why: `${name} forbids it (JIT303: ${azureWords(words)})`,
    },
    { cause },
  );
}

/** JIT604: the cloud does not have this version of an interface. `words`: Azure's own. */
export const versionRefused = (what: string, words: string, cause?: unknown): RefusedError =>
  new RefusedError(
    {
      code: 'JIT604',
      seen:
        say`${what} cannot be had: this cloud does not offer the version of the interface that this task uses: ` +
        `${azureWords(words)}.`,
      remedy: 'Please report it with the name of the cloud and the region.',
      // The list of the versions that it has instead would make every warning a page long.
      why: say`this cloud does not offer the version of the interface that this task uses (${words})`,
    },
    { cause },
  );

export const defenderPlanOff = (subscriptionId: string, words: string, cause?: unknown): CodedError =>
  failure(
    'JIT302',
    say`Just-in-time access is not available in the subscription ${subscriptionId}: ` +
      `${azureWords(words)}.`,
    'Turn on Defender for Servers Plan 2 for this subscription in Microsoft Defender for Cloud.',
    cause,
  );

/** Azure names a machine that the plan does not cover. */
export const notOnboarded = (what: string, words: string, cause?: unknown): CodedError =>
  failure(
    'JIT302',
    say`${what} is refused because Defender for Servers does not cover the VM: ` + `${azureWords(words)}.`,
    'Turn on Defender for Servers Plan 2 for the subscription in Microsoft Defender for Cloud; where it is on, look whether this VM is excluded from the plan, or was made so lately that it is not covered yet.',
    cause,
  );

/** JIT202: the subscription trusts another tenant than the one that gave the token. */
export const tokenOfOtherTenant = (tenants: readonly string[], words: string, cause?: unknown): CodedError =>
  failure(
    'JIT202',
    tenants.length > 0
      ? say`The subscription belongs to the tenant ${tenants.join(' or ')}, and the service connection signs in to another one: ` +
          `${azureWords(words)}.`
      : `The service connection signs in to another tenant than the subscription's: ${azureWords(words)}.`,
    'Use a service connection of that tenant. A subscription that was moved to another tenant needs a new one.',
    cause,
  );

/** JIT604: Azure refuses a call, by a code that this product does not know. */
export const refusedByAzure = (what: string, words: string, cause?: unknown): CodedError =>
  failure(
    'JIT604',
    say`${what} was refused by Azure: ` + `${azureWords(words)}.`,
    'Azure names the reason. When it does not help, Microsoft finds the call by its correlation id.',
    cause,
  );
