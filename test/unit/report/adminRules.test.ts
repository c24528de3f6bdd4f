import assert from 'node:assert/strict';
import { coverOf } from '../../../tasks/JitReport/JitReportV1/src/judge/cover';
import { rulesFor } from '../../../tasks/JitReport/JitReportV1/src/judge/open';
import type { AdminRule, SecurityRule } from '../../../tasks/shared/core/network';
import { parsePrefixes } from '../../../tasks/shared/core/prefixes';
import { anAdminRule, type NewAdminRule } from '../core/adminRules';
import { AGENT, aRule, jitAllow, jitDeny } from '../core/networks';
import { aVm, NOW } from '../core/policies';
import { aFirewall, aNatRule, aSite, openingOf, placesIn } from './sites';

const OPEN = aRule({ name: 'ssh', priority: 300, destinationPorts: ['22'] });
const deny = (given: NewAdminRule = {}): AdminRule =>
  anAdminRule({ name: 'no-ssh', priority: 10, access: 'Deny', ...given });
const always = (given: NewAdminRule = {}): AdminRule =>
  anAdminRule({ name: 'always-ssh', priority: 10, access: 'AlwaysAllow', ...given });
const behind = (onNic: readonly SecurityRule[], ...adminRules: readonly AdminRule[]) =>
  aSite([{ onNic }], { adminRules });

describe('security admin rules in a report', () => {
  it('open a port that the security groups block, and are named with configuration and collection', () => {
    const opening = openingOf(behind([jitDeny(4096)], always({ sources: ['Internet'] })));
    assert.equal(opening?.publicShare, 1);
    assert.equal(opening.permanent?.reach, 'anyAddress');
    assert.deepEqual(opening.permanent.rules, [
      { name: 'always-ssh', priority: 10, group: 'corp/baseline', attachedTo: 'vnet' },
    ]);
  });

  it('block a port that the security groups open, and also one with a Basic public address', () => {
    const shut = openingOf(behind([OPEN], deny()));
    assert.deepEqual([shut?.permanent, shut?.doubt, shut?.publicShare], [undefined, undefined, 0]);
    const basic = openingOf(
      aSite([{ publicSku: 'Basic' }], { adminRules: [deny({ sources: ['Internet'] })] }),
    );
    assert.equal(basic?.publicShare, 0);
    assert.equal(openingOf(aSite([{ publicSku: 'Basic' }], { adminRules: [] }))?.publicShare, 1);
  });

  it('block nothing if it is unknown whether they apply', () => {
    for (const doubtful of [{ sources: ['AzureCloud'] }, { senseless: 'access', access: 'unknown' as const }])
      assert.equal(openingOf(behind([OPEN], deny(doubtful)))?.publicShare, 1, JSON.stringify(doubtful));
  });

  it('make a port possibly open, with the reason why they cannot be resolved', () => {
    for (const [given, why] of [
      [{ sources: ['AzureCloud'] }, 'serviceTag'],
      [{ sourceGroupIds: ['/networkGroups/dev'], sources: [] }, 'networkGroup'],
      [{ access: 'unknown', senseless: 'access' }, 'senseless'],
    ] as const) {
      const opening = openingOf(behind([jitDeny(4096)], always(given)));
      assert.equal(opening?.permanent, undefined, why);
      assert.deepEqual(
        opening?.doubt?.rules.map((rule) => [rule.why, rule.attachedTo]),
        [[why, 'vnet']],
      );
    }
  });

  it('do not affect traffic that a firewall forwards to a VM, because the source address is unknown there', () => {
    const firewalls = [aFirewall({ natRules: [aNatRule()] })];
    const open = openingOf(aSite([{}], { firewalls }));
    const denied = openingOf(aSite([{}], { firewalls, adminRules: [deny()] }));
    assert.ok(open?.permanent);
    assert.deepEqual(denied, open);
  });

  it('decide whether an active request is open, and are named if they block it', () => {
    const held = {
      vm: aVm(),
      port: 22,
      sources: parsePrefixes([AGENT]),
      endsAt: NOW,
      status: 'Initiated',
      statusReason: '',
    };
    const rules = (...adminRules: readonly AdminRule[]) =>
      rulesFor(placesIn(behind([jitDeny(4096), jitAllow()], ...adminRules)), held, '*');
    assert.equal(rules().rules, 'open');
    const shut = rules(deny());
    assert.equal(shut.rules, 'closed');
    assert.deepEqual(
      shut.blockedBy.map(({ name, attachedTo }) => [name, attachedTo]),
      [['no-ssh', 'vnet']],
    );
  });

  it('do not change whether just-in-time access is recommended, which follows Defender', () => {
    const known = { listed: false, policiesRead: true };
    const cover = (onNic: readonly SecurityRule[], ...adminRules: readonly AdminRule[]) => {
      const { vm, catalogue } = behind(onNic, ...adminRules);
      return coverOf(vm, known, catalogue).reason;
    };
    assert.equal(cover([OPEN], deny()), 'reachable');
    assert.equal(cover([], always()), 'closed');
  });
});
