import assert from 'node:assert/strict';
import { parsePrefixes } from '../../../tasks/shared/core/prefixes';
import type { Policy } from '../../../tasks/shared/core/policy';
import { planVm } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/plan';
import { aPolicy, aPortRule, aVm, HOUR, NOW } from './policies';

const FIREWALL = { publicIpAddress: '20.50.9.9' };

/** Two entries of the VM in one policy, of which the second one has a firewall. */
function twoEntries(): Policy {
  const [one] = aPolicy({}, [aPortRule()]).vms;
  const [other] = aPolicy({}, [aPortRule({ port: 3389 })]).vms;
  return { ...aPolicy(), vms: [...(one ? [one] : []), ...(other ? [{ ...other, ...FIREWALL }] : [])] };
}

describe('a plan for a VM that a policy lists twice', () => {
  for (const ports of [[22, 3389], 'all'] as const) {
    it(`has the ports of both entries for ${ports.toString()}`, () => {
      const source = parsePrefixes(['20.50.1.7']);
      const planning = planVm(aVm(), [twoEntries()], { ports, durationMs: HOUR, source, share: false }, NOW);
      assert.ok(planning.kind === 'planned');
      const { toRequest, vm } = planning.plan;
      assert.deepEqual(
        toRequest.map(({ rule }) => rule.port),
        [22, 3389],
      );
      assert.equal(vm.publicIpAddress, FIREWALL.publicIpAddress);
    });
  }
});
