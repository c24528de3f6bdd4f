import { parsePrefixes } from '../../../tasks/shared/core/prefixes';
import assert from 'node:assert/strict';
import { explainByOddEntries } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/oddPlans';
import { planVm } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/plan';
import type { OddEntry, Policy } from '../../../tasks/shared/core/policy';
import { aPolicy, aPortRule, aVm, HOUR, NOW } from './policies';

type Ports = 'all' | readonly number[];

const odd = (given: Partial<OddEntry> = {}): OddEntry => ({
  ...{ part: 'port', vmKey: aVm().key, port: 80, problem: 'the field number', mayLastUntil: 0 },
  ...given,
});
const withOdd = (...entries: readonly OddEntry[]) => aPolicy({ odd: entries });

/** Returns `oddEntry 80` for each violation, or nothing if there is a plan. */
function explained(policies: readonly Policy[], ports: Ports, source = ['20.50.1.7']) {
  const wanted = { ports, durationMs: HOUR, source: parsePrefixes(source), share: false };
  const planning = planVm(aVm(), policies, wanted, NOW);
  const result = explainByOddEntries(planning, aVm(), policies, ports);
  if (result.kind === 'planned') return undefined;
  return result.violations.map((one) => ('port' in one ? `${one.kind} ${String(one.port)}` : one.kind));
}

describe('a plan next to an invalid entry', () => {
  it('is made if the ports are named', () => {
    assert.equal(explained([withOdd(odd())], [22]), undefined);
  });

  it('is refused for all ports, because one of them cannot be read', () => {
    assert.deepEqual(explained([withOdd(odd(), odd({ port: undefined }))], 'all'), [
      'oddEntry 80',
      'oddEntry undefined',
    ]);
  });

  it('is made for all ports if the entry is about something else', () => {
    for (const entry of [
      odd({ vmKey: aVm('other').key }),
      odd({ vmKey: undefined }),
      odd({ part: 'request' }),
      odd({ part: 'vm' }),
      odd({ part: 'policy' }),
    ])
      assert.equal(explained([withOdd(entry)], 'all'), undefined, JSON.stringify(entry));
    const other = aPolicy({ name: 'other', vms: [], odd: [odd()] });
    assert.equal(explained([aPolicy(), other], 'all'), undefined, 'another policy is planned with');
  });
});

describe('a refusal next to an invalid entry', () => {
  it('is explained by the entry if the policy lacks the port', () => {
    assert.deepEqual(explained([withOdd(odd())], [80]), ['oddEntry 80']);
    assert.deepEqual(explained([withOdd(odd({ port: undefined }))], [80]), ['oddEntry undefined']);
    assert.deepEqual(explained([withOdd(odd({ part: 'vm', port: undefined }))], [80]), [
      'oddEntry undefined',
    ]);
    assert.deepEqual(explained([withOdd(odd({ part: 'vm', port: 443 }))], [80]), ['oddEntry 443']);
  });

  it('is not explained by an entry for another port, another VM, or a request', () => {
    for (const entry of [
      odd({ port: 443 }),
      odd({ vmKey: aVm('other').key }),
      odd({ vmKey: undefined }),
      odd({ part: 'request' }),
      odd({ part: 'policy', port: undefined }),
    ])
      assert.deepEqual(explained([withOdd(entry)], [80]), ['portNotAllowed 80'], JSON.stringify(entry));
  });

  it('is explained by the entry, whatever its port, if the policy has no ports for the VM', () => {
    const empty = { ...withOdd(odd()), vms: [{ vm: aVm(), ports: [] }] };
    assert.deepEqual(explained([empty], 'all'), ['oddEntry 80']);
  });

  it('is explained by the entry if no policy lists the VM', () => {
    const unread = aPolicy({ vms: [], odd: [odd({ part: 'vm', port: undefined })] });
    assert.deepEqual(explained([unread], [22]), ['oddEntry undefined']);
    assert.deepEqual(explained([aPolicy({ vms: [] })], [22]), ['noPolicy']);
  });

  it('does not change if a source or a time is not allowed', () => {
    const policy = {
      ...withOdd(odd({ port: 22 })),
      vms: [{ vm: aVm(), ports: [aPortRule({ sources: ['20.60.1.1'] })] }],
    };
    assert.deepEqual(explained([policy], [22]), ['sourceNotAllowed']);
    assert.deepEqual(explained([policy], [22, 80]), ['sourceNotAllowed', 'portNotAllowed 80']);
  });
});
