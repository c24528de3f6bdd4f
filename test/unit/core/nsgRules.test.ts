import assert from 'node:assert/strict';
import fc from 'fast-check';
import { evaluate, evaluateSure, mayAdmit } from '../../../tasks/shared/core/nsg/evaluate';
import { networkWithAdminRules } from './adminRules';
import { flow } from './randomNetworks';
import { isJitRuleName, withoutRules, withoutRulesForOthers } from '../../../tasks/shared/core/nsg/rules';
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
  it('distinguishes a rule of just-in-time access from a custom rule', () => {
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
      'MicrosoftDefenderForCloud-JITRule-1/../..',
      'MicrosoftDefenderForCloud-JITRule_1 2',
      `${jitAllow().name}\n`,
      '',
    ]) {
      assert.equal(isJitRuleName(name), false, name);
    }
  });

  it('does not affect the result', () => {
    const named = aRule({ ...jitAllow(), access: 'Deny' });
    assert.equal(request(aNetwork([aGroup('nic', named)])).admits, false);
  });
});

describe('a network without selected rules', () => {
  it('keeps the other rules, and does not change the original network', () => {
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

describe('rules for other machines', () => {
  it('are those with other IPv4 addresses as destination, and no others', () => {
    const own = aRule({ priority: 300, destinations: ['10.0.0.4'] });
    const kept = [
      own,
      aRule({ priority: 301, destinations: ['10.0.0.0/24'] }),
      aRule({ priority: 302, destinations: ['10.9.0.1', '10.0.0.4'] }),
      aRule({ priority: 303, destinations: ['*'] }),
      aRule({ priority: 304, destinations: ['VirtualNetwork'] }),
      aRule({ priority: 305, destinations: ['2001:db8::4'] }),
      aRule({ priority: 306, destinations: [], destinationGroupIds: ['/asg/web'] }),
      aRule({ priority: 307, destinations: [] }),
    ];
    const others = [
      aRule({ priority: 400, destinations: ['10.0.0.5'] }),
      aRule({ priority: 401, destinations: ['10.9.0.0/16', '10.0.0.3'] }),
    ];
    const [group] = withoutRulesForOthers(
      aNetwork([{ attachedTo: 'nic', group: { id: '/nsg', name: 'nsg', rules: [...kept, ...others] } }]),
    ).groups;
    assert.deepEqual(group?.group.rules, kept);
  });

  it('do not affect the result of any evaluation', () => {
    let left = 0;
    fc.assert(
      fc.property(networkWithAdminRules, flow, (network, wanted) => {
        const about = withoutRulesForOthers(network);
        if (JSON.stringify(about) !== JSON.stringify(network)) left += 1;
        const named = { ...network, groups: about.groups };
        for (const judge of [evaluate, evaluateSure]) {
          const [all, some] = [judge(network, wanted), judge(named, wanted)];
          assert.equal(some.admits, all.admits);
        }
        assert.deepEqual(mayAdmit(named, wanted).sources, mayAdmit(network, wanted).sources);
      }),
      { numRuns: 300 },
    );
    assert.ok(left > 30, `${String(left)} networks had such a rule`);
  });
});
