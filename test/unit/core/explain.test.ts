import { anAdminRule } from './adminRules';
import { parsePrefixes } from '../../../tasks/shared/core/prefixes';
import assert from 'node:assert/strict';
import {
  blockersBesideGrant,
  hasAdminRule,
  lastingBlockers,
} from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/explain';
import type { SecurityRule } from '../../../tasks/shared/core/network';
import type { Blocker } from '../../../tasks/shared/core/nsg/verdict';
import { read } from '../../support/written';
import { AGENT, aGroup, aRule, jitAllow, jitDeny, type NewRule } from './networks';

const [DEFAULT_DENY] = aGroup('nic').group.rules.filter(({ access }) => access === 'Deny');

/** A rule of a group that blocks the source. */
const blocks = (
  rule: SecurityRule,
  reason: 'denies' | 'unresolved' = 'denies',
  ...others: readonly SecurityRule[]
): Blocker => ({ ...aGroup('nic', rule, ...others), rule, reason, sources: parsePrefixes([AGENT]) });
const serviceDeny = (given: NewRule = {}) => read<SecurityRule>({ ...jitDeny(1000), ...given });

describe('a blocker besides the deny rule that the service overrides', () => {
  const stays = (rule: SecurityRule, reason: 'denies' | 'unresolved' = 'denies') =>
    blockersBesideGrant([blocks(rule, reason)]).length === 1;

  it('is neither a default rule nor a deny rule as the service writes it', () => {
    assert.ok(DEFAULT_DENY);
    assert.equal(stays(DEFAULT_DENY), false);
    for (const given of [
      {},
      { priority: 4096 },
      { priority: 500 },
      { destinations: ['10.0.0.4/32', '10.0.0.5'] },
      { destinationPorts: ['22'] },
      { sources: ['0.0.0.0/1', '128.0.0.0/1'] },
    ])
      assert.equal(stays(serviceDeny(given)), false, JSON.stringify(given));
  });

  it('is any rule that differs from that deny rule in a field, regardless of its name', () => {
    for (const given of [
      { name: 'by-hand' },
      { priority: 499 },
      { protocol: 'TCP' },
      { sources: ['20.0.0.0/8'] },
      { destinations: [] },
      { destinations: ['*'] },
      { destinations: ['10.0.0.4', '10.0.0.0/24'] },
      { destinations: ['10.0.0.4/320'] },
      { destinationPorts: ['*'] },
      { destinationPorts: ['22', '20-30'] },
    ])
      assert.equal(stays(serviceDeny(given)), true, JSON.stringify(given));
  });

  it('is any rule that cannot be resolved, but not a missing rule or a missing group', () => {
    assert.ok(DEFAULT_DENY);
    assert.equal(stays(DEFAULT_DENY, 'unresolved'), true);
    assert.equal(stays(serviceDeny(), 'unresolved'), true);
    const none: readonly Blocker[] = [
      { ...aGroup('nic'), reason: 'noRule', sources: parsePrefixes([AGENT]) },
      { reason: 'noSecurityGroup', sources: parsePrefixes([AGENT]) },
    ];
    assert.deepEqual(blockersBesideGrant(none), []);
  });
});

describe('a blocker that the rule of a request cannot override', () => {
  const byHand = (priority: number, given: NewRule = {}) => aRule({ priority, access: 'Deny', ...given });
  const lasts = (rule: SecurityRule, ...others: readonly SecurityRule[]) =>
    lastingBlockers([blocks(rule, 'denies', ...others)]).length === 1;

  it('is a missing security group, but not a missing rule', () => {
    const noGroup: Blocker = { reason: 'noSecurityGroup', sources: parsePrefixes([AGENT]) };
    const noRule: Blocker = { ...aGroup('nic'), reason: 'noRule', sources: parsePrefixes([AGENT]) };
    assert.deepEqual(lastingBlockers([noRule, noGroup]), [noGroup]);
  });

  it('is a deny rule with priority 100, the lowest number that Azure allows', () => {
    assert.equal(lasts(byHand(100)), true);
    assert.equal(lasts(byHand(101)), false);
    assert.equal(lasts(serviceDeny({ priority: 100 })), true, 'a name of the service changes nothing');
    assert.equal(lasts(serviceDeny({ priority: 1000 })), false);
  });

  it('is a deny rule behind other rules that occupy every lower number permanently', () => {
    const allow = (priority: number, given: NewRule = {}) => aRule({ priority, ...given });
    assert.equal(lasts(byHand(101), allow(100)), true);
    assert.equal(lasts(byHand(103), allow(100), allow(101), allow(102)), true);
    assert.equal(lasts(byHand(103), allow(100), allow(102)), false);
    assert.equal(lasts(byHand(101), allow(100, { direction: 'Outbound' })), false);
    assert.equal(lasts(byHand(101), jitAllow()), false, 'the service takes its own rule away');
  });
});

describe('a security admin rule among the blockers', () => {
  it('is distinguished from rules of security groups, regardless of its position', () => {
    const admin: Blocker = {
      ...{ attachedTo: 'vnet', rule: anAdminRule({ priority: 1, access: 'Deny' }) },
      ...{ reason: 'denies', sources: parsePrefixes([AGENT]) },
    };
    const byGroup = blocks(aRule({ priority: 200, access: 'Deny' }));
    const noGroup: Blocker = { reason: 'noSecurityGroup', sources: parsePrefixes([AGENT]) };
    assert.equal(hasAdminRule([byGroup, noGroup]), false);
    assert.equal(hasAdminRule([]), false);
    assert.equal(hasAdminRule([byGroup, admin, noGroup]), true);
  });
});
