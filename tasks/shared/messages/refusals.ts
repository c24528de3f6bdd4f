import { azureWords, inSentence, say } from '../core/text';
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
        say`The service connection's identity is not allowed to perform ${action} on ${scope}. Azure reports that the permission is missing, or that a condition on the role assignment (ABAC) is not met.` +
        quoted,
      remedy:
        'Check the role assignments of the identity at that scope. Change the condition of the assignment that has this action, or assign a role with this action without a condition.',
      why: say`the action ${action} is missing on ${scope}, or a condition on its role assignment is not met`,
    };
  }
  if (unnamed) {
    return {
      seen:
        say`The service connection's identity is allowed to perform ${action} on ${scope}, but lacks a permission on another resource that the call is linked with.` +
        quoted,
      remedy: 'Assign a role with the permission that Azure names, on the resource that Azure names.',
      why: say`a permission on a resource that ${scope} is linked with is missing`,
    };
  }
  return {
    seen: say`The service connection's identity is not allowed to perform ${action} on ${scope}.` + quoted,
    remedy:
      `Assign a role with this action at that scope. For a role as JSON, see ${documentNamed('roles')}. ` +
      'A new role assignment can take up to ten minutes to take effect.',
    why: say`the action ${action} is missing on ${scope}`,
  };
}

/** What forbids a call, regardless of any role. */
export type Barrier = 'denyAssignment' | 'policy' | 'lock' | 'disabledSubscription';

const BARRIERS: Readonly<Record<Barrier, { readonly name: string; readonly remedy: string }>> = {
  denyAssignment: {
    name: 'a deny assignment',
    remedy:
      'A role does not override a deny assignment. Ask the owner of the deny assignment, for example of a managed application or a deployment stack, to exclude the identity of the service connection.',
  },
  policy: {
    name: 'Azure Policy',
    remedy:
      'Ask the owner of the policy assignment that Azure names for an exemption, or stay within what the policy allows.',
  },
  lock: {
    name: 'a lock',
    remedy:
      'Remove the lock that Azure names, or move it to another scope. A read-only lock also blocks requests for access.',
  },
  disabledSubscription: {
    name: 'the state of the subscription',
    remedy: 'Enable the subscription again. A disabled subscription is read-only.',
  },
};

/**
 * JIT303: something other than a missing role forbids a call.
 *
 * @param words Azure's own
 */
export function forbiddenBy(barrier: Barrier, what: string, words: string, cause?: unknown): RefusedError {
  const { name, remedy } = BARRIERS[barrier];
  return new RefusedError(
    {
      code: 'JIT303',
      seen:
        say`Azure refused the call (${inSentence(what)}) because of ${name}, not because of a missing role: ` +
        `${azureWords(words)}.`,
      remedy,
      why: `${name} forbids it (JIT303: ${azureWords(words)})`,
    },
    { cause },
  );
}

/**
 * JIT604: the cloud does not support this version of an interface.
 *
 * @param words Azure's own
 */
export const versionRefused = (what: string, words: string, cause?: unknown): RefusedError =>
  new RefusedError(
    {
      code: 'JIT604',
      seen:
        say`Azure refused the call (${inSentence(what)}): this cloud does not support the API version that this task uses: ` +
        `${azureWords(words)}.`,
      remedy: 'Report it with the name of the cloud and the region.',
      // Only 400 characters: the list of supported versions would make every warning a page long.
      why: say`this cloud does not support the API version that this task uses (${words})`,
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

/** JIT302: Azure names a machine that the plan does not cover. */
export const notOnboarded = (what: string, words: string, cause?: unknown): CodedError =>
  failure(
    'JIT302',
    say`Azure refused the call (${inSentence(what)}) because Defender for Servers does not cover the VM: ` +
      `${azureWords(words)}.`,
    'Turn on Defender for Servers Plan 2 for the subscription in Microsoft Defender for Cloud. If it is on, check whether this VM is excluded from the plan, or was created so recently that the plan does not cover it yet.',
    cause,
  );

/** JIT202: the subscription trusts another tenant than the one that issued the token. */
export const tokenOfOtherTenant = (tenants: readonly string[], words: string, cause?: unknown): CodedError =>
  failure(
    'JIT202',
    tenants.length > 0
      ? say`The subscription belongs to the tenant ${tenants.join(' or ')}, but the service connection signs in to another one: ` +
          `${azureWords(words)}.`
      : `The service connection signs in to a different tenant than the tenant of the subscription: ${azureWords(words)}.`,
    'Use a service connection for the tenant of the subscription. If the subscription was moved to another tenant, create a new service connection.',
    cause,
  );

/** JIT604: Azure refuses a call with a code that this product does not know. */
export const refusedByAzure = (what: string, words: string, cause?: unknown): CodedError =>
  failure(
    'JIT604',
    say`Azure refused the call (${inSentence(what)}): ` + `${azureWords(words)}.`,
    'Correct the cause that Azure names. If that does not help, contact Microsoft support with the correlation ID.',
    cause,
  );
