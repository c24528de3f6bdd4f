import assert from 'node:assert/strict';
import { isJitRuleName, withoutRules } from '../../../tasks/shared/core/nsg/rules';
import {
  AGENT,
  DEFAULT_RULES,
  HEX,
  aGroup,
  aNetwork,
  aRule,
  request,
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
    assert.equal(request(aNetwork([aGroup('nic', named)])).admits, false);
  });
});

describe('a network without some rules', () => {
  it('leaves the others and the first network as they are', () => {
    const network = aNetwork([aGroup('subnet', jitAllow()), aGroup('nic', jitAllow())]);
    const without = withoutRules(
      network,
      (rule, { attachedTo }) => attachedTo === 'nic' && rule.priority === 100,
    );
    assert.deepEqual(toBlockers(request(without)), [`denies 65500 on nic: ${AGENT}`]);
    assert.equal(request(network).admits, true);
    assert.deepEqual(without.groups[1]?.group.rules, DEFAULT_RULES);
  });
});
