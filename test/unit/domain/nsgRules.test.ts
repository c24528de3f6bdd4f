import assert from 'node:assert/strict';
import { isJitRuleName, needsVnet, withoutRules } from '../../../tasks/shared/domain/nsg/rules';
import {
  AGENT,
  DEFAULT_RULES,
  HEX,
  aGroup,
  aNetwork,
  aRule,
  ask,
  jitAllow,
  jitDeny,
  toBlockers,
} from './networks';

describe('the name of a rule', () => {
  it('tells a rule of just-in-time access from one made by hand', () => {
    for (const name of [
      jitDeny(1000).name,
      jitAllow().name,
      `SecurityCenter-JITRule_1_${HEX}`,
      `securitycenter-jitrule-1-${HEX}`,
    ]) {
      assert.equal(isJitRuleName(name), true, name);
    }
    for (const name of [
      'AllowSsh',
      'MicrosoftDefenderForCloud-JITRuler',
      `My-SecurityCenter-JITRule_1_${HEX}`,
      '',
    ]) {
      assert.equal(isJitRuleName(name), false, name);
    }
  });

  it('decides nothing', () => {
    const named = aRule({ ...jitAllow(), access: 'Deny' });
    assert.equal(ask(aNetwork([aGroup('nic', named)])).admits, false);
  });
});

describe('a network without some rules', () => {
  it('leaves the others and the first network as they are', () => {
    const network = aNetwork([aGroup('subnet', jitAllow()), aGroup('nic', jitAllow())]);
    const without = withoutRules(
      network,
      (rule, { attachedTo }) => attachedTo === 'nic' && rule.priority === 100,
    );
    assert.deepEqual(toBlockers(ask(without)), [`denies 65500 on nic: ${AGENT}`]);
    assert.equal(ask(network).admits, true);
    assert.deepEqual(without.groups[1]?.group.rules, DEFAULT_RULES);
  });
});

describe("the VNet's prefixes", () => {
  const plain = [aGroup('nic', jitAllow())];
  const naming = [aGroup('nic'), aGroup('subnet', aRule({ priority: 300, sources: ['virtualnetwork'] }))];

  it('are needed for sources that are not public', () => {
    assert.equal(needsVnet(plain, [AGENT]), false);
    assert.equal(needsVnet(plain, ['20.50.0.0/16', AGENT]), false);
    for (const source of ['10.0.0.9', '*', '0.0.0.0/1', '203.0.113.9'])
      assert.equal(needsVnet(plain, [AGENT, source]), true);
  });

  it('are needed when a custom inbound rule names the VNet as its source', () => {
    assert.equal(needsVnet(naming, [AGENT]), true);
    const outbound = aRule({ priority: 300, direction: 'Outbound', sources: ['VirtualNetwork'] });
    assert.equal(needsVnet([aGroup('nic', outbound)], [AGENT]), false);
    assert.equal(
      needsVnet([aGroup('nic', aRule({ priority: 300, destinations: ['VirtualNetwork'] }))], [AGENT]),
      false,
    );
  });

  it('are not needed without a security group', () => {
    assert.equal(needsVnet([], ['10.0.0.9']), false);
  });
});
