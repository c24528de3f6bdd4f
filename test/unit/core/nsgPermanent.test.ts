import assert from 'node:assert/strict';
import { evaluateSure, mayAdmit } from '../../../tasks/shared/core/nsg/evaluate';
import { parsePrefixes, rangesOf, textsOf } from '../../../tasks/shared/core/prefixes';
import {
  findPermanentAccess,
  hasUnexplainedRule,
  judge,
  type PolicyFlow,
} from '../../../tasks/shared/core/nsg/judge';
import type { SecurityRule, VmNetwork } from '../../../tasks/shared/core/network';
import { AGENT, aGroup, aNetwork, aRule, jitAllow, jitDeny } from './networks';

const SSH: PolicyFlow = { sources: parsePrefixes([AGENT]), port: 22, protocol: '*' };

describe('access without a request', () => {
  const permanent = (network: VmNetwork, active: readonly string[] = []) => {
    const found = findPermanentAccess(network, SSH, parsePrefixes(active));
    return found && [found.everyAddress, ...found.rules.map(({ rule }) => rule.priority)];
  };

  it('is access that rules other than those of active requests allow', () => {
    const network = aNetwork([aGroup('nic', jitAllow(), jitDeny(1000))]);
    assert.equal(permanent(network, [AGENT]), undefined);
    assert.deepEqual(permanent(network), [false, 100]);
    const byHand = aNetwork([aGroup('nic', jitAllow(), aRule({ priority: 900 }), jitDeny(1000))]);
    assert.deepEqual(permanent(byHand, [AGENT]), [true, 900]);
  });

  it('covers every address if there is no security group and the public address is Basic, but not if it is Standard or missing', () => {
    const { publicSku, ...inside } = aNetwork([]);
    assert.equal(publicSku, 'Standard');
    assert.equal(permanent(aNetwork([])), undefined, 'a Standard one is closed');
    assert.deepEqual(permanent(aNetwork([], { publicSku: 'Basic' })), [true]);
    assert.deepEqual(permanent(inside), [false]);
  });
});

describe('a rule that no request explains', () => {
  const isThere = (active: readonly string[], ...rules: readonly SecurityRule[]) =>
    hasUnexplainedRule(aNetwork([aGroup('subnet'), aGroup('nic', ...rules)]), parsePrefixes(active));

  it('allows traffic, has a name that the service generates, and has sources that no request covers, in either group', () => {
    assert.equal(isThere([], jitAllow()), true);
    assert.equal(isThere(['20.50.1.8'], jitAllow()), true);
    assert.equal(isThere([AGENT], jitAllow()), false);
    assert.equal(isThere([AGENT], jitAllow(), jitAllow({ priority: 110, sources: ['20.50.1.8'] })), true);
  });

  it('is neither a deny rule nor a custom rule', () => {
    assert.equal(isThere([]), false);
    assert.equal(isThere([], jitDeny(1000)), false);
    assert.equal(isThere([], aRule({ priority: 300, sources: [AGENT] })), false);
  });
});

describe('a rule for one protocol', () => {
  it('is evaluated for UDP if the policy entry is for UDP, and otherwise for TCP', () => {
    const network = aNetwork([aGroup('nic', aRule({ priority: 300, protocol: 'Udp' }))]);
    const admits = (protocol: PolicyFlow['protocol']) => judge(network, { ...SSH, protocol }).admits;
    assert.deepEqual([admits('UDP'), admits('TCP'), admits('*')], [true, false, false]);
  });
});

describe('a rule for some source ports', () => {
  const flow = { sources: parsePrefixes([AGENT]), port: 22, protocol: 'TCP' } as const;
  const isSure = (...rules: readonly SecurityRule[]) =>
    evaluateSure(aNetwork([aGroup('nic', ...rules)]), flow).admits;

  it('certainly allows a client that uses one of them', () => {
    assert.equal(isSure(aRule({ priority: 300, sourcePorts: ['1024-65535'] })), true);
    assert.equal(isSure(aRule({ priority: 300, sourcePorts: ['0', '53'] })), true);
    assert.equal(isSure(aRule({ priority: 300, sourcePorts: ['0'] })), false, 'nobody sends from port 0');
  });

  it('blocks no client, because another port can be used', () => {
    const deny = aRule({ priority: 200, access: 'Deny', sourcePorts: ['1024-65535'] });
    assert.equal(isSure(deny, aRule({ priority: 300 })), true);
  });
});

describe('access that is neither certainly open nor certainly closed', () => {
  const may = (network: VmNetwork, source = AGENT) =>
    mayAdmit(network, { sources: parsePrefixes([source]), port: 22, protocol: 'TCP' });

  it('is explained by rules in doubt, which include rules with an unknown access', () => {
    const odd = aRule({ priority: 300, access: 'unknown' });
    const { doubtful, sources } = may(aNetwork([aGroup('nic', odd)]));
    assert.deepEqual([doubtful.map(({ rule }) => rule), textsOf(sources)], [[odd], [AGENT]]);
  });

  it('has no rules if there is no group, or if another group blocks it', () => {
    assert.deepEqual(may(aNetwork([]), '10.0.0.9'), {
      ...{ sources: parsePrefixes(['10.0.0.9']), rules: [], doubtful: [], blockers: [] },
    });
    const cloud = aRule({ priority: 300, sources: ['AzureCloud'] });
    const { rules, doubtful } = may(aNetwork([aGroup('subnet', cloud), aGroup('nic')]));
    assert.deepEqual([rules, doubtful], [[], []]);
  });
});

describe('the addresses of sources', () => {
  it('are those of IPv4 prefixes only', () => {
    const ranges = rangesOf(parsePrefixes(['Internet', '::1', '0.0.0.9']));
    assert.deepEqual(
      ranges.map(({ first, last }) => [first, last]),
      [[9, 9]],
    );
    assert.deepEqual(rangesOf(parsePrefixes(['Internet'])), []);
  });
});
