import assert from 'node:assert/strict';
import { powerOf } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/power';
import { isPublicSource, privateHostOf } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/privateHost';
import type { VmPlace } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/place';
import { VM_RESOURCE } from '../../tasks/shared/azure/read/vm';
import { parsePrefix, parsePrefixes } from '../../tasks/shared/core/prefixes';
import { toVmId } from '../../tasks/shared/core/resourceIds';

const vm = toVmId('11111111-2222-4333-8444-555555555555', 'rg-app', 'web-01');

describe('the power state of a VM', () => {
  const read = (instanceView: unknown) =>
    VM_RESOURCE.read({
      properties: { networkProfile: { networkInterfaces: [{ id: '/nic' }] }, instanceView },
    });
  const stateIn = (...codes: readonly unknown[]) =>
    read({ statuses: codes.map((code) => ({ code })) }).powerState;

  it('is one of the statuses in the instance view, regardless of case and order', () => {
    const other = 'ProvisioningState/succeeded';
    assert.equal(stateIn(other, 'PowerState/deallocated'), 'deallocated');
    assert.equal(stateIn('powerstate/Running', other), 'Running');
    assert.equal(stateIn('HibernationState/Hibernated', 'PowerState/deallocated'), 'deallocated');
  });

  it('is kept unchanged if it is unknown', () => {
    assert.equal(stateIn('PowerState/creating'), 'creating');
    assert.deepEqual(
      [powerOf('creating'), powerOf('toString'), powerOf(undefined)],
      Array(3).fill('unknown'),
    );
  });

  it('is omitted, with no effect on other values, if the instance view is invalid', () => {
    for (const view of [
      undefined,
      null,
      7,
      [],
      { statuses: 'x' },
      { statuses: [null] },
      { statuses: [{ code: 1 }] },
    ])
      assert.deepEqual(read(view), { nicIds: ['/nic'], primaryNicId: '/nic' }, JSON.stringify(view));
    assert.equal(stateIn(), undefined);
    assert.equal(stateIn('PowerState/'), undefined);
  });

  it('counts as down if the VM is stopped or deallocated, or is stopping or deallocating', () => {
    const powers = ['running', 'starting', 'stopping', 'stopped', 'deallocating', 'Deallocated'].map(powerOf);
    assert.deepEqual(powers, ['running', 'starting', 'down', 'down', 'down', 'down']);
  });
});

describe('the sources of an access', () => {
  it('are public if only hosts on the internet can have their addresses', () => {
    for (const source of [['20.50.1.7'], ['20.50.0.0/16', '8.8.8.8/32']])
      assert.ok(isPublicSource(parsePrefixes(source)));
  });

  it('are not certainly public if they are private, shared, any address, mixed, or determined elsewhere', () => {
    const others = [['10.0.0.4'], ['100.64.0.1'], ['*'], ['0.0.0.0/0'], ['20.50.1.7', '10.0.0.4'], ['x'], []];
    for (const source of [...others.map(parsePrefixes), 'azure', 'policy'] as const)
      assert.ok(!isPublicSource(source), JSON.stringify(source));
  });
});

describe('the kind of a private host', () => {
  const place = (given: Partial<VmPlace>): VmPlace => ({
    ...{
      vm,
      privateIpAddress: parsePrefix('10.0.0.4'),
      publicIpAddress: undefined,
      nicId: '/nic',
      publicIpId: undefined,
    },
    ...{ subnetId: '/subnet', filter: undefined, missing: [] },
    ...given,
  });

  it('depends on what was read of the primary IP configuration', () => {
    const kindOf = (given: Partial<VmPlace>) => privateHostOf(place(given))?.kind;
    assert.equal(kindOf({ publicIpId: '/ip', publicIpAddress: '20.1.1.1', isPublicIpRead: true }), undefined);
    assert.equal(kindOf({ publicIpId: '/ip', isPublicIpRead: true }), 'noValue');
    assert.equal(kindOf({ publicIpId: '/ip', isPublicIpRead: false }), 'unread');
    assert.equal(kindOf({}), 'unknown');
    assert.equal(kindOf({ privateIpAddress: undefined }), undefined, 'nothing is known of the host at all');
  });
});
