import assert from 'node:assert/strict';
import type { OddEntry } from '../../../tasks/shared/core/policy';
import { requestedProtocol } from '../../../tasks/shared/core/protocols';
import { aPolicy, aPortRule, aVm } from './policies';

describe('the protocol that a request for a port opens', () => {
  const of = (protocols: readonly ('TCP' | 'UDP' | '*')[], odd: readonly OddEntry[] = []) =>
    requestedProtocol(
      aPolicy(
        { odd },
        protocols.map((protocol) => aPortRule({ protocol })),
      ),
      aVm(),
      22,
    );
  const oddEntry = (given: Partial<OddEntry> = {}): OddEntry => ({
    ...{ part: 'port', vmKey: aVm().key, port: 22, problem: 'x', mayLastUntil: 0, ...given },
  });

  it('combines those of all entries for the port, in any order', () => {
    assert.equal(of(['TCP']), 'TCP');
    assert.equal(of(['UDP', 'UDP']), 'UDP');
    assert.equal(of(['*']), '*');
    assert.equal(of(['TCP', 'UDP']), '*');
    assert.equal(of(['UDP', 'TCP']), '*');
    assert.equal(of(['TCP', '*']), '*');
  });

  it('does not depend on other ports and other VMs', () => {
    const others = [
      { vm: aVm(), ports: [aPortRule({ protocol: 'UDP' }), aPortRule({ port: 80, protocol: 'TCP' })] },
      { vm: aVm('web-02'), ports: [aPortRule({ protocol: 'TCP' })] },
    ];
    assert.equal(requestedProtocol(aPolicy({ vms: others }), aVm(), 22), 'UDP');
  });

  it('can be both if the policy has no entry, or an invalid one that might be for the port', () => {
    assert.equal(of([]), '*');
    assert.equal(of(['TCP'], [oddEntry()]), '*');
    assert.equal(of(['TCP'], [oddEntry({ port: undefined })]), '*');
    assert.equal(of(['TCP'], [oddEntry({ port: 80 })]), 'TCP');
    assert.equal(of(['TCP'], [oddEntry({ vmKey: aVm('web-02').key })]), 'TCP');
    assert.equal(of(['TCP'], [oddEntry({ part: 'request', mayLastUntil: Infinity })]), 'TCP');
  });
});
