import type { CodedError } from '../../../tasks/shared/core/errors';
import { notReached } from '../../../tasks/shared/messages/failures';
import { forbidden } from '../../../tasks/shared/messages/refusals';
import type { WriteError } from '../../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/azure/policyWriter';
import type { Limit } from '../../../tasks/shared/core/limits';
import type { Kind } from '../azure';
import { isAllowed, type Principal } from '../azure/identity/principals';

/**
 * What a call gets instead of a response: a failure, no response until its limit is over, or, for `initiate`, a
 * response that is lost after the request was carried out. A function is run first, and the call continues.
 */
export type Fault = CodedError | WriteError | 'hang' | 'lostAnswer' | (() => void);

export interface FakeCall {
  readonly kind: Kind;
  readonly id: string;
}

/** The entrance of every call to the fake Azure: the call is recorded, can get a fault, and requires a permission. */
export interface Entrance {
  readonly calls: readonly FakeCall[];
  /** The next calls of this kind get these faults, one each. After that, calls succeed again. */
  next(kind: Kind, ...faults: readonly Fault[]): void;
  /** Every call of this kind gets this fault from now on. */
  always(kind: Kind, fault: Fault): void;
  /**
   * Throws a `CodedError`. Returns `lostAnswer` for the caller to handle.
   *
   * @param right absent if Azure requires none
   */
  enter(
    call: FakeCall,
    right: { readonly action: string; readonly scope: string } | undefined,
    limit: Limit,
  ): Promise<'ok' | 'lostAnswer'>;
}

export function createEntrance(principal: Principal): Entrance {
  const calls: FakeCall[] = [];
  const scripted = new Map<Kind, Fault[]>();
  const lasting = new Map<Kind, Fault>();
  return {
    calls,
    next(kind, ...faults) {
      scripted.set(kind, [...(scripted.get(kind) ?? []), ...faults]);
    },
    always(kind, fault) {
      lasting.set(kind, fault);
    },
    async enter(call, right, { signal }) {
      // No response is synchronous.
      await Promise.resolve();
      if (signal.aborted) throw notReached(call.id, 'the time was over before it was asked');
      calls.push(call);
      const fault = scripted.get(call.kind)?.shift() ?? lasting.get(call.kind);
      if (fault === 'hang') {
        await new Promise((resolve) => {
          signal.addEventListener('abort', resolve, { once: true });
        });
        throw notReached(call.id, 'the time was over before it answered');
      }
      if (fault instanceof Error) throw fault;
      if (typeof fault === 'function') fault();
      if (right && !isAllowed(principal, right.action, right.scope)) {
        throw forbidden(right.action, right.scope);
      }
      return fault === 'lostAnswer' ? fault : 'ok';
    },
  };
}
