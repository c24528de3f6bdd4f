import type { Answer } from '../http/answers';
import type { Incoming, Kind } from '../http/calls';
import { createDefinitions, type Definitions } from './definitions';

let shared: Definitions | undefined;

/** Compares a request that the simulation took, and its answer, with the published definitions. A difference is a violation. */
export function compareWithDefinitions(
  { method, path, query, text }: Incoming,
  kind: Kind,
  { status, text: answer }: Answer,
  violate: (sentence: string) => void,
): void {
  // Operations that go on are followed by an address that the service makes up. The CLI alone lists subscriptions.
  if (['operation', 'flowResult', 'unknown', 'subscriptions.list'].includes(kind)) return;
  // Recorded of its sister `nextHop`: the body of an answer that is not there yet is null.
  if (kind === 'ipFlowVerify' && status === 202) return;
  shared ??= createDefinitions();
  for (const problem of shared.problems({ method, path, query, request: text, status, answer })) {
    violate(`${method} ${path}: ${problem}`);
  }
}
