import assert from 'node:assert/strict';
import type { Arm } from '../../../tasks/shared/azure/arm';
import { createFindVms } from '../../../tasks/shared/azure/findVms';
import { CodedError } from '../../../tasks/shared/core/errors';
import { anAnswer } from './answers';

const limit = { signal: new AbortController().signal, remainingMs: () => 60_000 };
const QUERY = { filter: "nmae == 'x'", subscriptionIds: [], maxVms: 50, allowEmpty: false };
const SUPPORT = 'Please provide below info when asking for support: timestamp = 2024-12-04T14:16:57Z.';
const INVALID = {
  code: 'InvalidQuery',
  message:
    'Query is invalid. Please refer to the documentation for the Azure Resource Graph service and fix the error before retrying.',
};

/** Returns the failure of a filter for which Resource Graph returns status 400 with this error. */
async function refusal(details: readonly object[], code = 'BadRequest'): Promise<CodedError> {
  const error = { code, message: SUPPORT, details };
  const send: Arm['send'] = () => Promise.resolve(anAnswer(400, { error }));
  try {
    await createFindVms({ ...({} as Arm), url: 'https://management.azure.com', send })(QUERY, limit);
  } catch (failure) {
    assert.ok(failure instanceof CodedError);
    return failure;
  }
  assert.fail('It is not refused.');
}

describe('an error in a query', () => {
  it('without a position is reported in the words of the last detail that has a message', async () => {
    // As Search-AzGraph shows it (microsoft/ARI#237).
    const message = "'where' operator: Failed to resolve column or scalar expression named 'nmae'";
    const { code, seen } = await refusal([INVALID, { code: 'Default', message }]);
    assert.equal(code, 'JIT101');
    assert.ok(seen.includes(`Default: ${message}`), seen);
    assert.ok(!seen.includes('support'), seen);
    const { seen: alone } = await refusal([INVALID, { code: 'ParserFailure', message: 'ParserFailure' }]);
    assert.ok(alone.includes('Query is invalid'), alone);
  });

  it('with a position is reported with it, and with any words that say more than the code', async () => {
    const place = { line: 4, characterPositionInLine: 5, token: 'nmae' };
    const { seen } = await refusal([INVALID, { code: 'ParserFailure', message: 'ParserFailure', ...place }]);
    assert.match(seen, /ParserFailure at line \d+, position 5, near "nmae"\.$/);
    const { seen: more } = await refusal([
      INVALID,
      { code: 'Default', message: 'No such column.', ...place },
    ]);
    assert.match(more, /Default at line \d+, position 5, near "nmae": No such column\.$/);
  });

  it('is recognized by its code, alone or outside the details', async () => {
    const named = [{ code: 'ParserFailure', message: 'ParserFailure', line: 4, token: 'x' }];
    assert.equal((await refusal(named)).code, 'JIT101');
    const unknown = await refusal([{ code: 'UnknownFunction', message: 'UnknownFunction', token: 'foo' }]);
    assert.deepEqual([unknown.code, unknown.seen.includes('"foo"')], ['JIT101', true]);
    assert.equal((await refusal([], 'InvalidQuery')).code, 'JIT101');
  });

  it('is not reported if Azure refuses the call for another reason', async () => {
    for (const code of ['InvalidQueryParameter', 'NoValidSubscriptionsInQueryRequest', 'BadRequest'])
      assert.equal((await refusal([{ code, message: 'No.' }])).code, 'JIT604', code);
    assert.equal((await refusal([], 'InvalidQueryParameter')).code, 'JIT604');
  });
});
