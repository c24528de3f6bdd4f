import type { Call, Kind } from './calls';

/** All requests, and all that should not have been sent. */
export interface Records {
  readonly calls: readonly Call[];
  /** One sentence for each request that the real services do not support, or that no careful client sends. */
  readonly violations: readonly string[];
  add(call: Call): void;
  violate(sentence: string): void;
  callsTo(...kinds: readonly Kind[]): readonly Call[];
  /** @throws Error that lists the violations, if there are any. */
  assertNoViolations(): void;
  /** Deletes the recorded calls and violations. The state of the simulation is kept. */
  forget(): void;
}

export function createRecords(): Records {
  const calls: Call[] = [];
  const violations: string[] = [];
  return {
    calls,
    violations,
    add: (call) => void calls.push(call),
    violate: (sentence) => void violations.push(sentence),
    callsTo: (...kinds) => calls.filter((call) => kinds.includes(call.kind)),
    assertNoViolations() {
      if (violations.length > 0)
        throw new Error(`The simulated Azure was misused:\n- ${violations.join('\n- ')}`);
    },
    forget() {
      calls.length = 0;
      violations.length = 0;
    },
  };
}
