import assert from 'node:assert/strict';
import fc from 'fast-check';
import { toHostNames } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/hostNames';
import { toVmId, type VmId } from '../../../tasks/shared/core/resourceIds';

const [ONE, OTHER] = ['11111111-2222-4333-8444-555555555555', '22222222-2222-4333-8444-555555555555'];
const namesOf = (...vms: readonly VmId[]) => [...toHostNames(vms).values()];

describe('the names of VMs in an inventory', () => {
  it('are their own, as long as no other VM has them', () => {
    assert.deepEqual(namesOf(toVmId(ONE, 'rg', 'web-01'), toVmId(ONE, 'rg', 'web-02')), ['web-01', 'web-02']);
  });

  it('have the resource group in front if two VMs share them, regardless of case', () => {
    const vms = [toVmId(ONE, 'rg-a', 'web'), toVmId(ONE, 'rg-b', 'WEB'), toVmId(ONE, 'rg-b', 'db')];
    assert.deepEqual(namesOf(...vms), ['rg-a.web', 'rg-b.WEB', 'db']);
  });

  it('have the subscription in front if the groups share their name as well', () => {
    const vms = [toVmId(ONE, 'rg', 'web'), toVmId(OTHER, 'RG', 'web'), toVmId(OTHER, 'rg-b', 'web')];
    assert.deepEqual(namesOf(...vms), [`${ONE}.rg.web`, `${OTHER}.RG.web`, 'rg-b.web']);
  });

  it('do not include a name that is the real name of another VM', () => {
    const vms = [toVmId(ONE, 'rg', 'web'), toVmId(ONE, 'rg-b', 'web'), toVmId(ONE, 'rg-b', 'rg.web')];
    assert.deepEqual(namesOf(...vms), [`${ONE}.rg.web`, 'rg-b.web', 'rg-b.rg.web']);
  });

  it('are unique for any VMs, with dots in any place', () => {
    const part = fc.constantFrom('a', 'A', 'b', 'a.b', 'b.a', 'a.b.a', `${ONE}.a`);
    const vm = fc
      .tuple(fc.constantFrom(ONE, OTHER), part, part)
      .map(([id, group, name]) => toVmId(id, group, name));
    fc.assert(
      fc.property(fc.uniqueArray(vm, { selector: ({ key }) => key, maxLength: 12 }), (vms) => {
        const names = namesOf(...vms).map((name) => name.toLowerCase());
        assert.equal(new Set(names).size, vms.length);
      }),
      { numRuns: 2000 },
    );
  });
});
