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

  it('is one of the statuses in the instance view, in whatever case and order', () => {
    const other = 'ProvisioningState/succeeded';
    assert.equal(stateIn(other, 'PowerState/deallocated'), 'deallocated');
    assert.equal(stateIn('powerstate/Running', other), 'Running');
    assert.equal(stateIn('HibernationState/Hibernated', 'PowerState/deallocated'), 'deallocated');
  });

  it('is kept as it is when it is not known here', () => {
    assert.equal(stateIn('PowerState/creating'), 'creating');
    assert.deepEqual(
      [powerOf('creating'), powerOf('toString'), powerOf(undefined)],
      Array(3).fill('unknown'),
    );
  });

  it('is absent, and nothing else is, when the instance view makes no sense', () => {
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

  it('means that nothing answers when the VM is stopped, or is being stopped', () => {
    const powers = ['running', 'starting', 'stopping', 'stopped', 'deallocating', 'Deallocated'].map(powerOf);
    assert.deepEqual(powers, ['running', 'starting', 'down', 'down', 'down', 'down']);
  });
});

describe('a source', () => {
  it('comes from the internet when only hosts there can have its addresses', () => {
    for (const source of [['20.50.1.7'], ['20.50.0.0/16', '8.8.8.8/32']])
      assert.ok(isPublicSource(parsePrefixes(source)));
  });

  it('does not surely do so when it is private, shared, everything, mixed, or left to others', () => {
    const others = [['10.0.0.4'], ['100.64.0.1'], ['*'], ['0.0.0.0/0'], ['20.50.1.7', '10.0.0.4'], ['x'], []];
    for (const source of [...others.map(parsePrefixes), 'azure', 'policy'] as const)
      assert.ok(!isPublicSource(source), JSON.stringify(source));
  });
});

describe('a private host', () => {
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

  it('is told by what was read of the primary IP configuration', () => {
    const kindOf = (given: Partial<VmPlace>) => privateHostOf(place(given))?.kind;
    assert.equal(kindOf({ publicIpId: '/ip', publicIpAddress: '20.1.1.1', isPublicIpRead: true }), undefined);
    assert.equal(kindOf({ publicIpId: '/ip', isPublicIpRead: true }), 'noValue');
    assert.equal(kindOf({ publicIpId: '/ip', isPublicIpRead: false }), 'unread');
    assert.equal(kindOf({}), 'unknown');
    assert.equal(kindOf({ privateIpAddress: undefined }), undefined, 'nothing is known of the host at all');
  });
});
