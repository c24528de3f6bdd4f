import assert from 'node:assert/strict';
import { CodedError } from '../../../tasks/shared/core/errors';
import { readInputs, type InputName } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/inputs';

const SUBSCRIPTION = '11111111-2222-4333-8444-555555555555';
const VM = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-app/providers/Microsoft.Compute/virtualMachines/web-01`;
type Raw = Partial<Record<InputName, string>>;
const NAMES = ['vmResourceId', 'vmQuery', 'subscriptions', 'maxVms', 'allowEmpty', 'onPartial'] as const;

/** Returns the names of the inputs that are reported as invalid. */
function wrongIn(raw: Raw): readonly string[] {
  try {
    readInputs((name) => raw[name] ?? '', SUBSCRIPTION);
    return [];
  } catch (error) {
    assert.ok(error instanceof CodedError && error.code === 'JIT101', String(error));
    return NAMES.filter((name) => new RegExp(`\\b${name}: `).test(error.seen));
  }
}

describe('a query for VMs', () => {
  const FILTER = "tags.env == 'test' and name startswith 'web-'";
  const readQuery = (raw: Raw) => {
    const given: Raw = { connectedServiceName: 'connection', vmQuery: FILTER, ...raw };
    return readInputs((name) => given[name] ?? '', SUBSCRIPTION).vms;
  };
  const wrongQuery = (raw: Raw) => wrongIn({ connectedServiceName: 'c', vmQuery: FILTER, ...raw });

  it('replaces the list of VMs, together with its limits', () => {
    const usual = { filter: FILTER, subscriptionIds: [], maxVms: 50, allowEmpty: false };
    assert.deepEqual(readQuery({}), usual);
    assert.deepEqual(
      readQuery({
        subscriptions: `${SUBSCRIPTION}, /subscriptions/${SUBSCRIPTION.toUpperCase()}\n`,
        maxVms: '5000',
      }),
      { ...usual, subscriptionIds: [SUBSCRIPTION], maxVms: 5000 },
    );
    assert.deepEqual(readQuery({ allowEmpty: 'true' }), { ...usual, allowEmpty: true });
  });

  it('is one of two ways to name VMs, and exactly one of them is required', () => {
    assert.deepEqual(wrongQuery({ vmResourceId: VM }), ['vmResourceId']);
    assert.deepEqual(wrongQuery({ vmQuery: '' }), ['vmResourceId']);
    assert.deepEqual(wrongQuery({ vmQuery: '', vmResourceId: VM, subscriptions: SUBSCRIPTION }), [
      'subscriptions',
    ]);
  });

  it('is rejected for a filter that ends its condition, together with all other mistakes', () => {
    assert.deepEqual(wrongQuery({ vmQuery: 'true | union resources', maxVms: '0', onPartial: 'ask' }), [
      'vmQuery',
      'maxVms',
      'onPartial',
    ]);
    assert.deepEqual(wrongQuery({ maxVms: '5001' }), ['maxVms']);
    assert.deepEqual(wrongQuery({ subscriptions: 'Production', allowEmpty: 'maybe' }), [
      'subscriptions',
      'allowEmpty',
    ]);
    assert.deepEqual(wrongQuery({ vmQuery: "name == '$(vm)'" }), ['vmQuery']);
    assert.deepEqual(wrongQuery({ vmQuery: "name == 'web\u200b-01'" }), ['vmQuery']);
  });
});
