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

  it('are disturbed when their port or VM goes, or their source is not allowed any more', () => {
    assert.equal(disturbed(current, remove), 1);
    assert.equal(disturbed(current, ensure([aPortRule({ port: 80 })], 'exact')), 1);
    assert.equal(disturbed(current, ensure([aPortRule({ sources: ['20.60.0.0/16'] })])), 1);
  });

  it('are disturbed when a protocol of their port goes, or less time is allowed than they asked for', () => {
    const tcp = aPortRule({ protocol: 'TCP' });
    assert.equal(disturbed(current, ensure([aPortRule({ protocol: 'UDP' })])), 1);
    assert.equal(disturbed(current, ensure([tcp])), 1);
    assert.equal(disturbed(current, ensure([tcp, aPortRule({ protocol: 'UDP' })])), 0);
    // Asked a minute ago for 61 minutes.
    assert.equal(disturbed(current, ensure([aPortRule({ maxDurationMs: HOUR })])), 1);
    assert.equal(disturbed(current, ensure([aPortRule({ maxDurationMs: 2 * HOUR })])), 0);
    const udp = policy(entry('web-01', [port(22, { protocol: 'UDP' })]));
    assert.equal(disturbed(udp, ensure([aPortRule({ protocol: 'UDP', sources: ['20.50.0.0/16'] })])), 0);
    assert.equal(disturbed(udp, ensure([tcp], 'exact')), 1);
  });

  it('are those of the rule that they were made under, where one number has two', () => {
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

  it('are those of their own VM, among others', () => {
    const db = { vm: aVm('db'), rules: [aPortRule({ port: 80 })], removals: [], byDefault: false };
    const both = policy(entry('web-01', [port(22)]), entry('db', [port(22)]));
    assert.equal(disturbed(both, { action: 'remove', vms: [{ vm: aVm('db') }] }), 0);
    assert.equal(disturbed(both, { action: 'remove', vms: [{ vm: aVm('db') }, { vm: aVm() }] }), 1);
    const kept = { ...db, vm: aVm(), rules: [aPortRule()] };
    assert.equal(disturbed(both, { action: 'ensure', mode: 'exact', vms: [db, kept] }), 0);
  });

  it('go by the rules of their VM and port, where none of these allows their source any more', () => {
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

  it('are not where the maximum stays, or is just the time that they asked for', () => {
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

  it('are not by any other change, nor when they are over', () => {
    assert.equal(disturbed(current, ensure([aPortRule({ sources: ['20.50.0.0/16'] })])), 0);
    assert.equal(disturbed(current, ensure([aPortRule({ port: 443 })])), 0);
    assert.equal(disturbed(current, remove, NOW + 100 * HOUR), 0);
  });
});
