import assert from 'node:assert/strict';
import fc from 'fast-check';
import { read, type Written } from '../../support/written';
import { parsePrefixes, textsOf } from '../../../tasks/shared/core/prefixes';
import type { WantedAccess } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/checkPort';
import { planVm } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/plan';
import type { AccessRequest, PortRule } from '../../../tasks/shared/core/policy';
import { heldByOthers } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/sharing';
import * as lists from '../../../tasks/shared/core/sources';
import { aPolicy, aPortRule, aRequest, aVm, HOUR, NOW } from './policies';

const AGENT = '20.50.1.7';
const MINUTE = 60_000;

/** Properties of a wish that differ from `wish`, with addresses as text. */
type NewWish = Partial<Written<WantedAccess>>;

const wish = (given: NewWish = {}) =>
  read<WantedAccess>({ ports: [22], durationMs: HOUR, source: [AGENT], share: true, ...given });

function request(requests: readonly AccessRequest[], given: NewWish = {}, rules = [aPortRule()]) {
  const planning = planVm(aVm(), [aPolicy({ requests }, rules)], wish(given), NOW);
  assert.ok(planning.kind === 'planned', JSON.stringify(planning));
  const [planned] = planning.plan.toRequest;
  assert.ok(planned);
  const { sources = [], leftOut } = planned;
  return { ...planned, sources: textsOf(sources), leftOut: textsOf(leftOut) };
}

const held = (sources: readonly string[], endsInMs: number): AccessRequest =>
  aRequest({ sources, endsAt: NOW + endsInMs });

describe('a shared request', () => {
  it('keeps single addresses until the latest end that any run wants', () => {
    const { sources, endsAt, cutOff } = request([
      held(['20.70.1.1'], 2 * HOUR),
      held(['20.70.1.2'], 10 * MINUTE),
    ]);
    assert.deepEqual(sources, [AGENT, '20.70.1.1', '20.70.1.2']);
    assert.equal(endsAt, NOW + 2 * HOUR);
    assert.deepEqual(cutOff, []);
  });

  it('leaves out a range that ends earlier, and names its run', () => {
    const range = held(['20.70.0.0/16', '20.80.1.1'], 10 * MINUTE);
    const { sources, endsAt, cutOff } = request([range]);
    assert.deepEqual(sources, [AGENT, '20.80.1.1']);
    assert.equal(endsAt, NOW + HOUR);
    assert.deepEqual(
      cutOff.map(({ by, at }) => [by.request, at]),
      [[range, undefined]],
    );
  });

  it('keeps a range that ends later, and no longer than its run wants', () => {
    const { sources, endsAt } = request([held(['20.70.0.0/16'], 2 * HOUR)]);
    assert.deepEqual([sources, endsAt], [[AGENT, '20.70.0.0/16'], NOW + 2 * HOUR]);
  });

  it('ends with the first of several ranges, and names the run that wants more', () => {
    const [short, long] = [held(['20.70.0.0/16'], 2 * HOUR), held(['20.80.0.0/16'], 2.5 * HOUR)];
    const { sources, endsAt, cutOff } = request([short, long]);
    assert.deepEqual([sources, endsAt], [[AGENT, '20.70.0.0/16', '20.80.0.0/16'], NOW + 2 * HOUR]);
    assert.deepEqual(
      cutOff.map(({ by, at }) => [by.request, at]),
      [[long, NOW + 2 * HOUR]],
    );
  });

  it('extends a range to the end of a range that covers it', () => {
    const { sources } = request([held(['20.70.1.0/24'], 10 * MINUTE), held(['20.70.0.0/16'], 2 * HOUR)]);
    assert.deepEqual(sources, [AGENT, '20.70.0.0/16']);
  });

  it('keeps a range as long as its run wants, even if a single address is wanted for less time', () => {
    const { sources, endsAt } = request([held(['20.70.1.1'], HOUR), held(['20.80.0.0/16'], 2 * HOUR)]);
    assert.deepEqual([sources, endsAt], [[AGENT, '20.70.1.1', '20.80.0.0/16'], NOW + 2 * HOUR]);
  });

  it('does not extend its own range, even if it also has single addresses', () => {
    const given = { source: [AGENT, '20.60.0.0/24'] };
    assert.equal(request([held(['20.70.1.1'], 2 * HOUR)], given).endsAt, NOW + HOUR);
  });

  it('reports until when it holds what others need: no longer than they want, and no longer than it lasts', () => {
    const others = (ms: number, given: Parameters<typeof request>[1] = {}) =>
      request([held(['20.70.1.1'], ms)], given).others;
    const sources = parsePrefixes(['20.70.1.1']);
    assert.deepEqual(others(10 * MINUTE), { sources, endsAt: NOW + 10 * MINUTE });
    const endsAt = NOW + HOUR;
    assert.deepEqual(others(2 * HOUR, { source: ['20.50.1.0/24'] }), { sources, endsAt });
  });

  it('cuts off no run with an end that differs by one second of clock skew or less', () => {
    const given = { source: ['20.50.1.0/24'] };
    const count = (ms: number) => request([held(['20.70.1.1'], HOUR + ms)], given).cutOff.length;
    assert.deepEqual([count(1000), count(1001)], [0, 1]);
  });

  it('does not extend its own range because of others', () => {
    const { sources, endsAt, cutOff } = request([held(['20.70.1.1'], 2 * HOUR)], {
      source: ['20.50.1.0/24'],
    });
    assert.deepEqual([sources, endsAt], [['20.50.1.0/24', '20.70.1.1'], NOW + HOUR]);
    assert.equal(cutOff[0]?.at, NOW + HOUR);
  });

  it('takes over no source that the policy does not allow, and no foreign text', () => {
    const rules = [aPortRule({ sources: ['20.50.0.0/16'] })];
    const { sources, leftOut } = request(
      [held(['20.70.1.1', '20.50.9.9', 'Internet', '::1'], 2 * HOUR)],
      {},
      rules,
    );
    assert.deepEqual(sources, [AGENT, '20.50.9.9']);
    assert.deepEqual(leftOut, ['20.70.1.1']);
  });

  it('is not widened by earlier requests of this step', () => {
    const mine = held([AGENT, '20.70.1.1'], 30 * MINUTE);
    const [port] = mine.ports;
    assert.ok(port);
    const { sources } = request([mine], { earlier: [{ ...port, startedAt: mine.startedAt }] });
    assert.deepEqual(sources, [AGENT]);
  });
});

describe('the sources that other runs hold', () => {
  const [vm, at] = [aVm(), (ms: number) => new Date(NOW + ms).toISOString()];
  const theirs = aRequest(
    { sources: ['20.70.1.1'], status: 'Revoked', statusReason: 'NewerRequestInitiated' },
    { startedAt: at(-9000) },
  );
  const ours = aRequest({ sources: [AGENT, '20.70.1.1'] }, { startedAt: at(-5000) });
  const [port] = ours.ports;
  assert.ok(port);
  const own = [{ ...port, startedAt: ours.startedAt }];
  const sourcesOf = (...requests: readonly AccessRequest[]) =>
    heldByOthers(aPolicy({ requests }), vm, 22, own, NOW).map(({ source }) => source.text);

  it('are those of their active requests, and those that this run took over', () => {
    assert.deepEqual(sourcesOf(held(['20.80.1.1'], HOUR)), ['20.80.1.1']);
    assert.deepEqual(sourcesOf(theirs, ours), ['20.70.1.1']);
  });

  it('do not include sources that this run did not take over, that expired, or that were closed later', () => {
    assert.deepEqual(sourcesOf(theirs), []);
    const expired = aRequest({ sources: ['20.70.1.1'], status: 'Revoked', statusReason: 'Expired' });
    assert.deepEqual(sourcesOf(expired, ours), []);
    const closed = aRequest(
      { sources: ['20.70.1.1'], endsAt: NOW - 1, status: 'Revoked', statusReason: 'Expired' },
      { startedAt: at(-3000) },
    );
    assert.deepEqual(sourcesOf(theirs, ours, closed), []);
  });
});

describe('the sources that a request took over', () => {
  const at = (ms: number) => new Date(NOW + ms).toISOString();
  const theirs = (startedMs: number) =>
    aRequest(
      { sources: ['20.70.1.1'], status: 'Revoked', statusReason: 'NewerRequestInitiated' },
      { startedAt: at(startedMs) },
    );
  const sourcesOf = (ours: AccessRequest, ...others: readonly AccessRequest[]) => {
    const own = ours.ports.map((port) => ({ ...port, startedAt: ours.startedAt }));
    const policy = aPolicy({ requests: [ours, ...others] });
    return heldByOthers(policy, aVm(), 22, own, NOW).map(({ source }) => source.text);
  };
  const ours = aRequest({ sources: [AGENT, '20.70.1.1'] }, { startedAt: at(-5000) });
  const later = (sources: readonly string[], endsAt: number) =>
    aRequest({ sources, endsAt }, { startedAt: at(-3000) });

  it('are those that it names from earlier requests', () => {
    assert.deepEqual(sourcesOf(ours, theirs(-9000)), ['20.70.1.1']);
    assert.deepEqual(sourcesOf(ours, theirs(-5000)), ['20.70.1.1'], 'of one millisecond');
    assert.deepEqual(sourcesOf(ours, theirs(-4000)), [], 'another one has replaced it');
    assert.deepEqual(sourcesOf({ ...aRequest(), startedAt: at(-5000) }, theirs(-9000)), []);
  });

  it('are held once if their owner requested them again', () => {
    assert.deepEqual(sourcesOf(ours, theirs(-9000), later(['20.70.1.1'], NOW + HOUR)), ['20.70.1.1']);
  });

  it('remain in addition to a later, wider request, and end with it', () => {
    for (const wide of ['*', '20.70.0.0/16']) {
      assert.deepEqual(sourcesOf(ours, theirs(-9000), later([wide], NOW + 1)), [wide, '20.70.1.1']);
      assert.deepEqual(sourcesOf(ours, theirs(-9000), later([wide], NOW)), []);
    }
  });
});

describe('a port with policy entries for TCP and UDP', () => {
  const udp = aPortRule({ port: 3389, protocol: 'UDP', maxDurationMs: 15 * MINUTE });
  const tcp = aPortRule({ port: 3389, protocol: 'TCP' });
  const plan = (rules: readonly PortRule[], given: NewWish = {}) =>
    planVm(aVm(), [aPolicy({}, rules)], wish({ ports: 'all', ...given }), NOW);

  for (const rules of [
    [udp, tcp],
    [tcp, udp],
    [udp, aPortRule({ port: 3389 })],
  ]) {
    it(`is requested once, as the entry for ${rules.map(({ protocol }) => protocol).join(' and ')} allows`, () => {
      const planning = plan(rules, { durationMs: 3 * HOUR });
      assert.ok(planning.kind === 'planned');
      assert.deepEqual(
        planning.plan.toRequest.map(({ rule }) => [rule.port, rule.protocol === 'UDP']),
        [[3389, false]],
      );
    });
  }

  it('is checked against its entry for TCP, even if the entry for UDP allows more', () => {
    const longer = aPortRule({ port: 3389, protocol: 'UDP', maxDurationMs: 8 * HOUR });
    for (const rules of [
      [longer, tcp],
      [tcp, longer],
    ]) {
      const planning = plan(rules, { durationMs: 4 * HOUR });
      assert.ok(planning.kind === 'refused');
      const [violation] = planning.violations;
      assert.deepEqual(violation && 'rule' in violation && violation.rule, tcp);
    }
  });

  it('is checked against its entry for UDP if there is no other', () => {
    const planning = plan([udp], { durationMs: HOUR });
    assert.ok(planning.kind === 'refused');
    assert.deepEqual(
      planning.violations.map(({ kind }) => kind),
      ['tooLong'],
    );
  });
});

describe('sources in the notation of a policy', () => {
  const spelledAs = (wanted: readonly string[], entries: readonly string[]) =>
    textsOf(lists.spelledAs(parsePrefixes(wanted), parsePrefixes(entries)));
  const withoutCovered = (prefixes: readonly string[]) =>
    textsOf(lists.withoutCovered(parsePrefixes(prefixes)));

  it('have the notation of the policy entry with the same addresses', () => {
    assert.deepEqual(spelledAs(['*'], ['10.0.0.0/8', '0.0.0.0/0']), ['0.0.0.0/0']);
    assert.deepEqual(spelledAs(['1.2.3.4', '1.2.3.5/32'], ['1.2.3.4/32', '1.2.3.5']), [
      '1.2.3.4/32',
      '1.2.3.5',
    ]);
    assert.deepEqual(spelledAs(['1.2.3.4'], ['1.2.3.0/24', '*']), ['1.2.3.4']);
  });

  it('are reduced to those that no other one contains, in their order', () => {
    assert.deepEqual(withoutCovered(['1.2.3.4', '1.2.0.0/16', '1.2.3.0/24', '9.9.9.9']), [
      '1.2.0.0/16',
      '9.9.9.9',
    ]);
    assert.deepEqual(withoutCovered(['0.0.0.0/0', '1.2.3.4', '*']), ['0.0.0.0/0']);
    const prefix = fc
      .tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 }))
      .map(([ip, bits]) => `${ip}/${String(bits)}`);
    fc.assert(
      fc.property(fc.uniqueArray(prefix, { maxLength: 12 }), (prefixes) => {
        const left = withoutCovered(prefixes);
        assert.deepEqual(withoutCovered(left), left);
        assert.ok(left.every((one) => prefixes.includes(one)));
      }),
    );
  });
});
