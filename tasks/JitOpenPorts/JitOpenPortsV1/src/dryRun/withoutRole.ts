import { ForbiddenError, type CodedError } from '../../../../shared/core/errors';
import type { CheckedRight } from '../../../../shared/core/rights';
import * as say from '../messages/dryRun';
import type { Findings, Tried, VmFindings } from '../plan/findings';

/**
 * Returns one failure for an identity without any role here: Azure refused every read because of a missing right, and
 * none of the rights is known to exist. Returns `undefined` if any read succeeded, or failed for another reason: then
 * each right is reported.
 */
export function failureWithoutRole(
  { vms }: Findings,
  checked: readonly CheckedRight[],
): CodedError | undefined {
  const refused = vms.flatMap(({ policies }) => (isForbidden(policies) ? policies.failure : []));
  const [first] = refused;
  const isNone =
    refused.length === vms.length && vms.every(isPlaceForbidden) && checked.every(isNotKnownToBeThere);
  return first && isNone
    ? say.withoutRole(first, new Set(refused.map(({ scope }) => scope)).size)
    : undefined;
}

/** Whether Azure refused to return the VM, and therefore everything that is found through it. */
function isPlaceForbidden({ place }: VmFindings): boolean {
  if (place.kind === 'failed') return isForbidden(place);
  const { nicId, missing } = place.value;
  return nicId === undefined && missing.length > 0 && missing.every(isOfRole);
}

const isNotKnownToBeThere = ({ state, trouble }: CheckedRight): boolean =>
  state === 'missing' || (state === 'unknown' && isOfRole(trouble));

/** If a right is missing only on another resource that the call is linked with, the identity does have a role. */
const isOfRole = (error: unknown): error is ForbiddenError =>
  error instanceof ForbiddenError && error.detail.unnamed !== true;

const isForbidden = (tried: Tried<unknown>): tried is { kind: 'failed'; failure: ForbiddenError } =>
  tried.kind === 'failed' && isOfRole(tried.failure);
