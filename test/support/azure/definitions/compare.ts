import type { Answer } from '../http/answers';
import type { Incoming, Kind } from '../http/calls';
import { createDefinitions, type Definitions } from './definitions';

let shared: Definitions | undefined;

/**
 * Compares a request that the simulation accepted, and its response, with the published definitions. A difference is a
 * violation.
 */
export function compareWithDefinitions(
  { method, path, query, text }: Incoming,
  kind: Kind,
  { status, text: answer }: Answer,
  violate: (sentence: string) => void,
): void {
  // Long-running operations continue at a URL that the service generates. Only the CLI lists subscriptions.
  if (['operation', 'flowResult', 'unknown', 'subscriptions.list'].includes(kind)) return;
  // Recorded for the similar operation `nextHop`: the body is null while there is no result.
  if (kind === 'ipFlowVerify' && status === 202) return;
  shared ??= createDefinitions();
  for (const problem of shared.problems({ method, path, query, request: text, status, answer })) {
    violate(`${method} ${path}: ${problem}`);
  }
}
