import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatIpv4 } from '../../../tasks/shared/core/addresses';
import type { AdminRule } from '../../../tasks/shared/core/network';
import { evaluate, evaluateSure, mayAdmit } from '../../../tasks/shared/core/nsg/evaluate';
import { findPermanentAccess } from '../../../tasks/shared/core/nsg/judge';
import { isAdminRule, type RuleAt } from '../../../tasks/shared/core/nsg/verdict';
import { ruleText } from '../../../tasks/shared/messages/rules';
import { parsePrefix, textsOf, type Prefix } from '../../../tasks/shared/core/prefixes';
import { anAdminRule, managerOf, networkWithAdminRules, type NewAdminRule } from './adminRules';
import { admitsPastAdminRules } from './naiveAdminRules';
import { contains } from './naiveEvaluator';
import { AGENT, aGroup, aNetwork, aRule, jitAllow, jitDeny } from './networks';
import { flow, toPoints } from './randomNetworks';

const TO_SSH = { sources: [parsePrefix(AGENT)], port: 22, protocol: 'TCP' } as const;
/** A network with a security group that denies everything except what a request allows. */
const shut = (...adminRules: readonly AdminRule[]) =>
  aNetwork([aGroup('nic', jitDeny(4096))], { adminRules });
/** A network with a security group that allows the agent by a request. */
const granted = (...adminRules: readonly AdminRule[]) =>
  aNetwork([aGroup('nic', jitDeny(4096), jitAllow())], { adminRules });
const deny = (given: NewAdminRule = {}) => anAdminRule({ priority: 10, access: 'Deny', ...given });
const namesOf = (rules: readonly RuleAt[]) => rules.map(({ rule }) => rule.name);
const always = (given: NewAdminRule = {}) => anAdminRule({ priority: 10, access: 'AlwaysAllow', ...given });

describe('security admin rules before the security groups', () => {
  it('deny what the security groups allow, and are named with configuration, collection, and priority', () => {
    const verdict = evaluate(granted(deny({ name: 'no-ssh', sources: ['Internet'] })), TO_SSH);
    assert.equal(verdict.admits, false);
    const [blocker] = verdict.blockers;
    assert.ok(blocker && 'rule' in blocker && blocker.reason === 'denies' && isAdminRule(blocker));
    assert.equal(
      ruleText(blocker),
      'the security admin rule no-ssh (priority 10) of the collection baseline in the configuration corp of Azure Virtual Network Manager',
    );
    assert.deepEqual(textsOf(mayAdmit(granted(deny()), TO_SSH).sources), []);
  });

  it('always allow what the security groups deny, which is permanent access', () => {
    const network = shut(always({ destinationPorts: ['22'], sources: ['Internet'] }));
    assert.equal(evaluate(network, TO_SSH).admits, true);
    const permanent = findPermanentAccess(network, { ...TO_SSH, protocol: '*' }, []);
    assert.equal(permanent?.everyAddress, true);
    assert.deepEqual(
      permanent.rules.map(({ rule }) => rule.name),
      ['AlwaysAllow-10'],
    );
    assert.equal(findPermanentAccess(granted(), { ...TO_SSH, protocol: '*' }, TO_SSH.sources), undefined);
  });

  it('are named only if they certainly allow the source', () => {
    const tag = always({ priority: 1, name: 'by-tag', sources: ['AzureCloud'] });
    const sure = always({ priority: 2, name: 'for-all' });
    const verdict = evaluate(shut(tag, sure), TO_SSH);
    assert.ok(verdict.admits);
    assert.deepEqual(namesOf(verdict.admittedBy), ['for-all']);
    assert.deepEqual(namesOf(mayAdmit(shut(sure), TO_SSH).doubtful), []);
    assert.deepEqual(namesOf(mayAdmit(shut(tag), TO_SSH).doubtful), ['by-tag']);
  });

  it('are named if there is no security group and no Standard public address', () => {
    const { publicSku, ...inside } = aNetwork([], { adminRules: [always({ name: 'for-all' })] });
    assert.equal(publicSku, 'Standard');
    for (const network of [inside, { ...inside, publicSku: 'Basic' as const }]) {
      const verdict = evaluate(network, TO_SSH);
      assert.ok(verdict.admits);
      assert.deepEqual(namesOf(verdict.admittedBy), ['for-all'], JSON.stringify(network));
    }
  });

  it('decide nothing for certain if their access is unknown', () => {
    const odd = anAdminRule({ priority: 1, access: 'unknown', senseless: 'access' });
    assert.equal(evaluateSure(shut(odd), TO_SSH).admits, false);
    assert.deepEqual(textsOf(mayAdmit(shut(odd), TO_SSH).sources), [AGENT]);
  });

  it('are in doubt if they might allow what another rule denies', () => {
    const tag = anAdminRule({ priority: 1, access: 'Allow', name: 'by-tag', sources: ['AzureCloud'] });
    const may = mayAdmit(granted(tag, deny({ priority: 2 })), TO_SSH);
    assert.deepEqual(textsOf(may.sources), [AGENT]);
    assert.deepEqual(namesOf(may.doubtful), ['by-tag']);
  });

  it('pass on to the groups what they allow and what they do not match', () => {
    for (const rules of [[], [anAdminRule({ priority: 1, access: 'Allow' }), deny()]]) {
      assert.equal(evaluate(granted(...rules), TO_SSH).admits, true);
      assert.equal(evaluate(shut(...rules), TO_SSH).admits, false);
    }
  });

  it('decide by the lowest number, and only for their port, protocol, direction, and destination', () => {
    const others: readonly AdminRule[] = [
      deny({ priority: 11 }),
      deny({ destinationPorts: ['23-80'] }),
      deny({ protocol: 'Udp' }),
      deny({ protocol: 'Ah' }),
      deny({ direction: 'Outbound' }),
      deny({ destinations: ['10.7.0.0/16'] }),
      deny({ sources: ['VirtualNetwork'] }),
    ];
    for (const other of others) {
      const rule = other.priority === 11 ? [other, always()] : [other];
      assert.equal(evaluate(granted(...rule), TO_SSH).admits, true, JSON.stringify(other));
    }
    assert.equal(evaluate(granted(deny({ priority: 9 }), always()), TO_SSH).admits, false);
  });

  it('count as not open while waiting, and as possibly open while closing, if they cannot be resolved', () => {
    const tag = { sources: ['AzureCloud'] };
    assert.equal(evaluate(granted(deny(tag)), TO_SSH).admits, false);
    assert.deepEqual(textsOf(mayAdmit(granted(deny(tag)), TO_SSH).sources), [AGENT]);
    assert.equal(evaluateSure(granted(deny(tag)), TO_SSH).admits, true);
    assert.equal(evaluate(shut(always(tag)), TO_SSH).admits, false);
    const may = mayAdmit(shut(always(tag)), TO_SSH);
    assert.deepEqual([textsOf(may.sources), may.doubtful.length], [[AGENT], 1]);
    assert.equal(evaluateSure(shut(always(tag)), TO_SSH).admits, false);
  });

  it('match a network group with private addresses only, never with an internet address', () => {
    const group = { sourceGroupIds: ['/networkGroups/dev'] };
    assert.equal(evaluate(granted(deny(group)), TO_SSH).admits, true);
    const inside = { ...TO_SSH, sources: [parsePrefix('10.0.0.9')] };
    const open = aNetwork([aGroup('nic', aRule({ priority: 100 }))], { adminRules: [deny(group)] });
    assert.equal(evaluate(open, inside).admits, false);
    assert.deepEqual(textsOf(mayAdmit(open, inside).sources), ['10.0.0.9']);
  });

  it('from two network managers can come in either order, even if both managers have the same name', () => {
    for (const [one, other] of [
      [managerOf('corp'), managerOf('team')],
      ['', ''],
    ] as const) {
      const both = [always({ priority: 1, managerId: one }), deny({ priority: 2, managerId: other })];
      assert.equal(evaluate(granted(...both), TO_SSH).admits, false);
      assert.deepEqual(textsOf(mayAdmit(shut(...both), TO_SSH).sources), [AGENT]);
    }
    const same = [always({ collection: 'one' }), deny({ collection: 'two' })];
    assert.equal(evaluate(granted(...same), TO_SSH).admits, false);
    assert.deepEqual(textsOf(mayAdmit(shut(...same), TO_SSH).sources), [AGENT]);
  });

  it('from one network manager come in the order of their numbers, regardless of the case of its ID', () => {
    const rules = [always({ priority: 1 }), deny({ priority: 2, managerId: managerOf('CORP') })];
    assert.equal(evaluate(granted(...rules), TO_SSH).admits, true);
  });

  it('do not certainly open a Standard public address without a security group', () => {
    const bare = aNetwork([], { adminRules: [always()] });
    assert.equal(evaluate(bare, TO_SSH).admits, false);
    assert.deepEqual(textsOf(mayAdmit(bare, TO_SSH).sources), [AGENT]);
    assert.equal(evaluate({ ...bare, publicSku: 'Basic' }, TO_SSH).admits, true);
    const denied = aNetwork([], { publicSku: 'Basic', adminRules: [deny()] });
    assert.equal(evaluate(denied, TO_SSH).admits, false);
  });
});

describe('the verdict on random networks with security admin rules', () => {
  it('matches an evaluator that checks one address at a time', () => {
    const met = { admits: 0, partly: 0, blocked: 0 };
    fc.assert(
      fc.property(networkWithAdminRules, flow, (vm, { sources, port, protocol }) => {
        const verdict = evaluate(vm, { sources, port, protocol });
        const points = toPoints(vm, sources);
        const open = points.filter((point) => admitsPastAdminRules(vm, point, port, protocol));
        assert.equal(verdict.admits, open.length === points.length);
        met[verdict.admits ? 'admits' : open.length > 0 ? 'partly' : 'blocked'] += 1;
        if (verdict.admits) return;
        const kept = verdict.blockers.flatMap((blocker) => blocker.sources);
        for (const point of points) {
          const isOpen = open.includes(point);
          const isIn = (cidrs: readonly Prefix[]) => cidrs.some(({ text }) => contains(text, point));
          assert.equal(isIn(verdict.admittedSources), isOpen, formatIpv4(point));
          assert.equal(isIn(kept), !isOpen, formatIpv4(point));
        }
      }),
      { numRuns: 200 },
    );
    for (const [kind, times] of Object.entries(met)) assert.ok(times >= 20, `${kind}: ${times}`);
  });

  for (const [name, doubtFor, admitted] of [
    ['may get in when every doubt is read in its favour', 'Allow', mayAdmitSources],
    ['surely gets in when rules in doubt are left aside', 'neither', sureSources],
  ] as const) {
    it(`shows which traffic ${name}`, () => {
      fc.assert(
        fc.property(networkWithAdminRules, flow, (vm, { sources, port, protocol }) => {
          const found = admitted(vm, { sources, port, protocol });
          for (const point of toPoints(vm, sources)) {
            assert.equal(
              found.some((cidr) => cidr === '*' || contains(cidr, point)),
              admitsPastAdminRules(vm, point, port, protocol, doubtFor),
              formatIpv4(point),
            );
          }
        }),
        { numRuns: 200 },
      );
    });
  }

  it('does not depend on the order in which Azure lists the rules', () => {
    fc.assert(
      fc.property(networkWithAdminRules, flow, (vm, requested) => {
        const turned = { ...vm, adminRules: vm.adminRules?.toReversed() ?? [] };
        assert.deepEqual(mayAdmit(turned, requested).sources, mayAdmit(vm, requested).sources);
        assert.equal(evaluate(turned, requested).admits, evaluate(vm, requested).admits);
      }),
    );
  });

  it('names a rule for any traffic that might be allowed, but no deny rule', () => {
    fc.assert(
      fc.property(networkWithAdminRules, flow, (vm, requested) => {
        const { sources, rules, doubtful } = mayAdmit(vm, requested);
        if (vm.groups.length > 0) assert.equal(sources.length > 0, rules.length > 0);
        for (const { rule } of [...rules, ...doubtful]) assert.notEqual(rule.access, 'Deny');
      }),
    );
  });
});

function mayAdmitSources(...given: Parameters<typeof mayAdmit>): readonly string[] {
  return textsOf(mayAdmit(...given).sources);
}

function sureSources(...[vm, requested]: Parameters<typeof evaluateSure>): readonly string[] {
  const verdict = evaluateSure(vm, requested);
  return textsOf(verdict.admits ? requested.sources : verdict.admittedSources);
}
