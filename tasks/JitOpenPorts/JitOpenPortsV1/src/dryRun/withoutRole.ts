import { ForbiddenError, type CodedError } from '../../../../shared/core/errors';
import type { CheckedRight } from '../../../../shared/core/rights';
import * as say from '../messages/dryRun';
import type { Findings, Tried, VmFindings } from '../plan/findings';

/**
 * The one failure of an identity that has no role here: Azure refused every look-up for a missing right, and none of the
 * rights is known to be there. Nothing where any of it worked, or failed by something else: then each right is told.
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

/** Whether Azure refused to let the VM be read, and so all that is found from there. */
function isPlaceForbidden({ place }: VmFindings): boolean {
  if (place.kind === 'failed') return isForbidden(place);
  const { nicId, missing } = place.value;
  return nicId === undefined && missing.length > 0 && missing.every(isOfRole);
}

const isNotKnownToBeThere = ({ state, trouble }: CheckedRight): boolean =>
  state === 'missing' || (state === 'unknown' && isOfRole(trouble));

/** A role is there where a right is missing only on another resource that the call is linked with. */
const isOfRole = (error: unknown): error is ForbiddenError =>
  error instanceof ForbiddenError && error.detail.unnamed !== true;

const isForbidden = (tried: Tried<unknown>): tried is { kind: 'failed'; failure: ForbiddenError } =>
  tried.kind === 'failed' && isOfRole(tried.failure);
