import assert from 'node:assert/strict';
import type { Code } from '../../tasks/shared/core/codes';
import { CodedError, ForbiddenError } from '../../tasks/shared/core/errors';
import { parseVmId, type VmId } from '../../tasks/shared/core/resourceIds';
import type { Pages } from '../../tasks/shared/azure/paging';
import { RequestError } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/azure/requestError';

/** Returns the VM in the form of the gateways. */
export function toId({ id }: { readonly id: string }): VmId {
  const vm = parseVmId(id);
  assert.ok(vm);
  return vm;
}

/** Asserts a failure with a code. */
export async function rejects(work: Promise<unknown>, code: Code): Promise<void> {
  await assert.rejects(work, (error) => error instanceof CodedError && error.code === code);
}

/** Asserts a missing permission, with its action and scope. */
export async function forbids(work: Promise<unknown>, action: string, scope: string): Promise<void> {
  await assert.rejects(
    work,
    (error) =>
      error instanceof ForbiddenError &&
      error.action === action &&
      error.scope.toLowerCase() === scope.toLowerCase(),
  );
}

/** Asserts that a request certainly had no effect, and returns the failure that caused it. */
export async function refuses(work: Promise<unknown>, code: Code): Promise<CodedError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof RequestError, 'a RequestError');
  assert.ok(error.cause instanceof CodedError, 'with a CodedError');
  assert.equal(error.cause.code, code);
  assert.equal(error.mayBeOpen, false, 'nothing can be open');
  return error.cause;
}

/** Returns all items of a list, from all pages. */
export async function collect<T>(pages: Pages<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const page of pages) all.push(...page);
  return all;
}

/** Returns IDs in a form that can be compared. */
export const sortedIds = (ids: readonly string[]): readonly string[] =>
  ids.map((id) => id.toLowerCase()).toSorted();
