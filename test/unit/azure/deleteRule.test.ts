import assert from 'node:assert/strict';
import { createHttpHeaders, type PipelineRequest } from '@azure/core-rest-pipeline';
import { deleteRule } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/azure/deleteRule';
import type { Arm } from '../../../tasks/shared/azure/arm';
import { CodedError } from '../../../tasks/shared/core/errors';

const GROUP =
  '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-app/providers/Microsoft.Network/networkSecurityGroups/web';

/** Deletes a rule of an NSG that answers with these statuses, and tells how often it was asked. */
async function deleteWith(...statuses: readonly number[]): Promise<number> {
  let calls = 0;
  const send = (request: PipelineRequest) => {
    const status = statuses[calls++] ?? 500;
    const bodyAsText = JSON.stringify({ error: { code: 'PreconditionFailed', message: 'It was changed.' } });
    return Promise.resolve({ request, status, bodyAsText, headers: createHttpHeaders() });
  };
  const arm: Partial<Arm> = { url: 'https://management.azure.com', send };
  await deleteRule(arm as Arm, GROUP, 'rule', {
    signal: new AbortController().signal,
    remainingMs: () => 1000,
  });
  return calls;
}

describe('deleting a rule of a security group that is changed at the same time', () => {
  it('is sent once more, as the deletion has no condition of its own', async () => {
    assert.equal(await deleteWith(412, 202), 2);
    assert.equal(await deleteWith(200), 1);
  });

  it('fails where that does not help', async () => {
    await assert.rejects(deleteWith(412, 412, 200), CodedError);
  });
});
