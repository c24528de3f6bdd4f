import assert from 'node:assert/strict';
import { disturbedRequests } from '../../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/plan/disturbedRequests';
import {
  changePolicy,
  type WantedPolicy,
} from '../../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/plan/policyChange';
import type { Json } from '../../../tasks/shared/core/json';
import { aPolicy, aPortRule, aRequest, aVm, HOUR, NOW } from './policies';
import { ensure, entry, policy, port, remove } from './writtenPolicies';

describe('active requests', () => {
  const active = aPolicy({ requests: [aRequest({ sources: ['20.50.1.7'] })] });
  const disturbed = (current: Json, wanted: WantedPolicy, now = NOW) =>
    disturbedRequests(active, changePolicy(current, wanted).differences, now).length;
  const current = policy(entry('web-01', [port(22), port(80)]));

  it('are disturbed if their port or VM is removed, or their source is no longer allowed', () => {
    assert.equal(disturbed(current, remove), 1);
    assert.equal(disturbed(current, ensure([aPortRule({ port: 80 })], 'exact')), 1);
    assert.equal(disturbed(current, ensure([aPortRule({ sources: ['20.60.0.0/16'] })])), 1);
  });

  it('are disturbed if a protocol of their port is removed, or less time is allowed than they requested', () => {
    const tcp = aPortRule({ protocol: 'TCP' });
    assert.equal(disturbed(current, ensure([aPortRule({ protocol: 'UDP' })])), 1);
    assert.equal(disturbed(current, ensure([tcp])), 1);
    assert.equal(disturbed(current, ensure([tcp, aPortRule({ protocol: 'UDP' })])), 0);
    // Requested a minute ago for 61 minutes.
    assert.equal(disturbed(current, ensure([aPortRule({ maxDurationMs: HOUR })])), 1);
    assert.equal(disturbed(current, ensure([aPortRule({ maxDurationMs: 2 * HOUR })])), 0);
    const udp = policy(entry('web-01', [port(22, { protocol: 'UDP' })]));
    assert.equal(disturbed(udp, ensure([aPortRule({ protocol: 'UDP', sources: ['20.50.0.0/16'] })])), 0);
    assert.equal(disturbed(udp, ensure([tcp], 'exact')), 1);
  });

  it('are matched with the rule that they were made under if a port number has two rules', () => {
    const two = policy(
      entry('web-01', [
        port(22, { protocol: 'TCP', allowedSourceAddressPrefix: '20.50.1.7' }),
        port(22, { protocol: 'UDP', allowedSourceAddressPrefix: '20.60.1.7' }),
      ]),
    );
    const rules = [
      aPortRule({ protocol: 'TCP', sources: ['20.50.1.7'] }),
      aPortRule({ protocol: 'UDP', sources: ['20.60.1.7'] }),
    ];
    const made = aPolicy({ requests: active.requests }, rules);
    const count = (protocol: 'TCP' | 'UDP') => {
      const wanted = ensure([aPortRule({ protocol, sources: ['20.70.1.7'] })]);
      return disturbedRequests(made, changePolicy(two, wanted).differences, NOW).length;
    };
    assert.deepEqual([count('UDP'), count('TCP')], [0, 1]);
  });

  it('are matched with their own VM among several', () => {
    const db = { vm: aVm('db'), rules: [aPortRule({ port: 80 })], removals: [], byDefault: false };
    const both = policy(entry('web-01', [port(22)]), entry('db', [port(22)]));
    assert.equal(disturbed(both, { action: 'remove', vms: [{ vm: aVm('db') }] }), 0);
    assert.equal(disturbed(both, { action: 'remove', vms: [{ vm: aVm('db') }, { vm: aVm() }] }), 1);
    const kept = { ...db, vm: aVm(), rules: [aPortRule()] };
    assert.equal(disturbed(both, { action: 'ensure', mode: 'exact', vms: [db, kept] }), 0);
  });

  it('are judged by the rules for their VM and port, even if none of these allows their source any more', () => {
    const rules = [aPortRule({ sources: ['20.60.0.0/16'] }), aPortRule({ port: 80 })];
    const vms = [
      { vm: aVm(), ports: rules },
      { vm: aVm('db'), ports: [aPortRule()] },
    ];
    const made = aPolicy({ requests: active.requests, vms });
    const narrow = policy(
      entry('web-01', [port(22, { allowedSourceAddressPrefix: '20.60.0.0/16' }), port(80)]),
    );
    const { differences } = changePolicy(narrow, remove);
    assert.equal(disturbedRequests(made, differences, NOW).length, 1);
  });

  it('are not disturbed if the maximum does not change, or equals the requested time', () => {
    const long = aPolicy({ requests: [aRequest({ sources: ['20.50.1.7'], endsAt: NOW + 3 * HOUR })] });
    const narrower = changePolicy(current, ensure([aPortRule({ sources: ['20.50.0.0/16'] })])).differences;
    assert.equal(
      disturbedRequests(long, narrower, NOW).length,
      0,
      'its end is past the maximum by the clocks',
    );
    assert.equal(disturbed(current, ensure([aPortRule({ maxDurationMs: HOUR + 60_000 })])), 0);
    assert.equal(disturbed(current, ensure([aPortRule({ maxDurationMs: HOUR + 59_000 })])), 1);
  });

  it('are not disturbed by other changes, or after their end', () => {
    assert.equal(disturbed(current, ensure([aPortRule({ sources: ['20.50.0.0/16'] })])), 0);
    assert.equal(disturbed(current, ensure([aPortRule({ port: 443 })])), 0);
    assert.equal(disturbed(current, remove, NOW + 100 * HOUR), 0);
  });
});
