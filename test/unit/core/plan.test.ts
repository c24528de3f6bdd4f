import assert from 'node:assert/strict';
import fc from 'fast-check';
import { read, type Written } from '../../support/written';
import { parsePrefixes, textsOf } from '../../../tasks/shared/core/prefixes';
import type { WantedAccess } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/checkPort';
import { planVm } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/plan';
import type { Policy, PortRule } from '../../../tasks/shared/core/policy';
import { prefixesCover } from '../../../tasks/shared/core/sources';
import { aPolicy, aPortRule, aRequest, aVm, HOUR, NOW } from './policies';

const AGENT = '20.50.1.7';

/** What of a wish is not as in `wish`, with its addresses as texts. */
type NewWish = Partial<Written<WantedAccess>>;

const wish = (given: NewWish = {}) =>
  read<WantedAccess>({ ports: [22], durationMs: HOUR, source: [AGENT], share: false, ...given });

const plan = (policies: readonly Policy[], given: NewWish = {}, vm = aVm()) =>
  planVm(vm, policies, wish(given), NOW);

const kinds = (planning: ReturnType<typeof plan>) =>
  planning.kind === 'refused' ? planning.violations.map(({ kind }) => kind) : [];

const planned = (planning: ReturnType<typeof plan>) => {
  assert.ok(planning.kind === 'planned', kinds(planning).join());
  return planning.plan;
};

describe('a plan for a VM', () => {
  it('asks for the port, from the source, until the end', () => {
    const { toRequest: request, reuse, policy } = planned(plan([aPolicy()]));
    assert.deepEqual(reuse, []);
    assert.equal(policy.name, 'default');
    assert.deepEqual(
      request.map(({ rule, sources, endsAt }) => [rule.port, textsOf(sources ?? []), endsAt]),
      [[22, [AGENT], NOW + HOUR]],
    );
  });

  it('leaves the sources out for the address that Azure sees', () => {
    assert.equal(planned(plan([aPolicy()], { source: 'azure' })).toRequest[0]?.sources, undefined);
  });

  it('takes the sources of each port verbatim from the policy', () => {
    const rules = [
      aPortRule({ sources: ['20.50.1.0/24'] }),
      aPortRule({ port: 80, sources: ['20.1.1.1/32'] }),
    ];
    const { toRequest: request } = planned(plan([aPolicy({}, rules)], { source: 'policy', ports: 'all' }));
    assert.deepEqual(
      request.map(({ sources }) => textsOf(sources ?? [])),
      [['20.50.1.0/24'], ['20.1.1.1/32']],
    );
  });

  it('keeps within the maximum of each port, a moment short of it', () => {
    const rules = [aPortRule(), aPortRule({ port: 80, maxDurationMs: HOUR })];
    for (const { endsAt, rule } of planned(plan([aPolicy({}, rules)], { durationMs: 'max', ports: 'all' }))
      .toRequest) {
      const length = endsAt - NOW;
      assert.ok(length < rule.maxDurationMs && length > rule.maxDurationMs - 10_000);
    }
  });

  it('finds the VM whatever the case of its id', () => {
    const upper = { ...aVm(), key: aVm().key.toUpperCase() };
    assert.equal(planned(plan([aPolicy()], {}, upper)).toRequest.length, 1);
  });

  const narrow = [aPortRule({ sources: ['20.50.0.0/16'], maxDurationMs: HOUR })];
  const CASES: readonly (readonly [string, readonly PortRule[], NewWish, readonly string[]])[] = [
    ['the port', narrow, { ports: [23] }, ['portNotAllowed']],
    ['the time', narrow, { durationMs: HOUR + 1 }, ['tooLong']],
    ['the source', narrow, { source: ['20.51.0.1'] }, ['sourceNotAllowed']],
    ['any address', narrow, { source: ['*'] }, ['sourceNotAllowed']],
    [
      'time and source',
      narrow,
      { durationMs: 2 * HOUR, source: ['8.8.8.8'] },
      ['tooLong', 'sourceNotAllowed'],
    ],
    ['every port', narrow, { ports: [1, 2] }, ['portNotAllowed', 'portNotAllowed']],
    ['`policy` under any address', [aPortRule()], { source: 'policy' }, ['anySourceNotWritten']],
  ];
  for (const [what, rules, given, expected] of CASES) {
    it(`is refused for ${what}`, () => {
      assert.deepEqual(kinds(plan([aPolicy({}, rules)], given)), expected);
    });
  }

  it('is refused without a policy that lists the VM', () => {
    assert.deepEqual(kinds(plan([])), ['noPolicy']);
    assert.deepEqual(kinds(plan([aPolicy()], {}, aVm('other'))), ['noPolicy']);
  });

  it('is refused when a policy has no ports for the VM, whatever is asked', () => {
    const planning = plan([aPolicy({}, [])], { ports: 'all' });
    assert.equal(planning.kind, 'refused', 'a plan for nothing would be a success that opens nothing');
  });

  it('tells of the policy that comes nearest', () => {
    const far = aPolicy({ name: 'far' }, []);
    const near = aPolicy({ name: 'near' }, [aPortRule()]);
    const planning = plan([far, near], { ports: [22, 23] });
    assert.ok(planning.kind === 'refused');
    assert.deepEqual(
      planning.violations.map((violation) => 'policy' in violation && violation.policy.name),
      ['near'],
    );
  });

  it('is by the entry of a port that allows all that is asked, where it has several', () => {
    const rules = [
      aPortRule({ sources: ['20.60.0.0/16'] }),
      aPortRule({ sources: ['20.50.0.0/16'], maxDurationMs: HOUR }),
    ];
    for (const list of [rules, rules.toReversed()]) {
      const [port] = planned(plan([aPolicy({}, list)])).toRequest;
      assert.deepEqual(textsOf(port?.rule.sources ?? []), ['20.50.0.0/16']);
      const refused = plan([aPolicy({}, list)], { source: ['20.70.1.1'] });
      assert.ok(refused.kind === 'refused');
      const [violation] = refused.violations;
      assert.ok(violation && 'rule' in violation);
      assert.equal(violation.rule.maxDurationMs, 3 * HOUR, 'the one with the longest maximum tells');
    }
  });

  it('takes no sources from a policy that are none, and is refused where there are no others', () => {
    const withSources = (...sources: readonly string[]) =>
      plan([aPolicy({}, [aPortRule({ sources })])], { source: 'policy' });
    assert.deepEqual(textsOf(planned(withSources('Internet', '20.50.0.0/16')).toRequest[0]?.sources ?? []), [
      '20.50.0.0/16',
    ]);
    const planning = withSources('Internet', '::1');
    assert.ok(planning.kind === 'refused');
    assert.deepEqual(
      planning.violations.map((one) => [one.kind, 'sources' in one && one.sources]),
      [['sourceNotAllowed', parsePrefixes(['Internet', '::1'])]],
    );
  });

  it('names the sources that are not allowed, and only these', () => {
    const planning = plan([aPolicy({}, narrow)], { source: ['20.51.0.1', AGENT] });
    assert.ok(planning.kind === 'refused');
    const [violation] = planning.violations;
    assert.ok(violation && 'sources' in violation);
    assert.deepEqual(textsOf(violation.sources), ['20.51.0.1']);
  });

  it('tells of the active requests of other runs for the port, and of no other', () => {
    const other = aRequest({ sources: ['20.70.1.1'] });
    const mine = aRequest({ sources: ['20.70.2.2'] }, { startedAt: new Date(NOW - 30_000).toISOString() });
    const over = aRequest({ sources: ['20.70.3.3'], endsAt: NOW });
    const enough = aRequest({}, { startedAt: new Date(NOW - 20_000).toISOString() });
    const [port] = mine.ports;
    assert.ok(port);
    const { concurrent } = planned(
      plan([aPolicy({ requests: [other, mine, over, enough] })], {
        earlier: [{ ...port, startedAt: mine.startedAt }],
      }),
    );
    assert.deepEqual(
      concurrent.map(({ request }) => request),
      [other],
    );
  });

  describe('under several policies of the VM', () => {
    const held = (ports: readonly number[], given: Parameters<typeof aRequest>[0] = {}) =>
      ports.map((port) => aRequest({ port, ...given }));
    const rules = [aPortRule(), aPortRule({ port: 80 })];
    const chosen = (second: Partial<Policy>, given: NewWish = {}, own = rules) => {
      const policies = [aPolicy({ name: 'first' }, rules), aPolicy({ name: 'second', ...second }, own)];
      const { policy, toRequest, reuse, concurrent } = planned(plan(policies, given));
      return [policy.name, toRequest.length, reuse.length, concurrent.length];
    };

    it('uses the requests of the one where they give all that is wanted', () => {
      assert.deepEqual(chosen({ requests: held([22]) }), ['second', 0, 1, 0]);
      assert.deepEqual(chosen({ requests: held([22, 80]) }, { ports: [22, 80] }), ['second', 0, 2, 0]);
      assert.deepEqual(chosen({ requests: held([22, 80]) }, { ports: 'all' }), ['second', 0, 2, 0]);
    });

    it('takes the first one where they give less, and tells of them', () => {
      assert.deepEqual(chosen({}), ['first', 1, 0, 0]);
      assert.deepEqual(chosen({ requests: held([22]) }, { ports: [22, 80] }), ['first', 2, 0, 1]);
      const other = held([22], { sources: ['20.70.1.1'] });
      assert.deepEqual(chosen({ requests: other }), ['first', 1, 0, 1]);
      // All ports, and the maximum, are those of the first one.
      assert.deepEqual(chosen({ requests: held([22]) }, { ports: 'all' }, [aPortRule()]), ['first', 2, 0, 1]);
      const short = [aPortRule({ maxDurationMs: HOUR })];
      assert.deepEqual(chosen({ requests: held([22]) }, { durationMs: 'max' }, short), ['first', 1, 0, 1]);
    });

    it('tells of the requests under those that are not to be used', () => {
      const second = aPolicy({ name: 'second', requests: held([22]) });
      const elsewhere = aPolicy({ name: 'elsewhere', vms: [], requests: held([22]) });
      const { policy, reuse, concurrent } = planned(
        planVm(aVm(), [aPolicy({ name: 'first' })], wish(), NOW, [second, elsewhere]),
      );
      assert.deepEqual(
        [policy.name, reuse, concurrent.map(({ request }) => request)],
        ['first', [], second.requests],
      );
    });
  });

  it('asks for nothing that the policy does not allow', () => {
    const rule = fc.record({
      port: fc.constantFrom(22, 80, 443),
      protocol: fc.constant('*' as const),
      sources: fc.constantFrom(['*'], ['20.50.0.0/16'], ['20.50.1.7', '20.60.0.0/24']).map(parsePrefixes),
      maxDurationMs: fc.integer({ min: 300_000, max: 24 * HOUR }),
    });
    const rules = fc.uniqueArray(rule, { selector: ({ port }) => port, maxLength: 3 });
    const wanted = fc.record({
      ports: fc.oneof(fc.constant('all' as const), fc.subarray([22, 80, 443, 8080], { minLength: 1 })),
      durationMs: fc.oneof(fc.constant('max' as const), fc.integer({ min: 60_000, max: 24 * HOUR })),
      source: fc.constantFrom<WantedAccess['source']>(
        'azure',
        'policy',
        ...[['*'], [AGENT], ['20.60.0.9', AGENT]].map(parsePrefixes),
      ),
      share: fc.constant(false),
    });
    fc.assert(
      fc.property(rules, wanted, (given, want) => {
        const planning = planVm(aVm(), [aPolicy({}, given)], want, NOW);
        if (planning.kind === 'refused') {
          assert.ok(planning.violations.length > 0);
          return;
        }
        for (const { rule: allowed, sources, endsAt } of planning.plan.toRequest) {
          assert.ok(endsAt > NOW && endsAt - NOW <= allowed.maxDurationMs);
          if (sources) assert.ok(prefixesCover(allowed.sources, sources));
        }
      }),
    );
  });
});

describe('what a plan uses again', () => {
  const reusable = (...requests: Policy['requests']) => planned(plan([aPolicy({ requests })])).reuse.length;

  it('an active request with nine tenths of the time left', () => {
    assert.equal(reusable(aRequest({ endsAt: NOW + 0.9 * HOUR })), 1);
    assert.equal(reusable(aRequest({ endsAt: NOW + 0.9 * HOUR - 1 })), 0);
    assert.equal(reusable(aRequest({ status: 'Initiating' })), 1);
  });

  it('not one that is over, of another status, port, VM or source', () => {
    assert.equal(reusable(aRequest({ status: 'Revoked' })), 0);
    assert.equal(reusable(aRequest({ status: 'Failed' })), 0);
    assert.equal(reusable(aRequest({ port: 23 })), 0);
    assert.equal(reusable(aRequest({ vm: aVm('other') })), 0);
    assert.equal(reusable(aRequest({ sources: ['20.50.1.8'] })), 0);
  });

  it('one from a wider source', () => {
    assert.equal(reusable(aRequest({ sources: ['20.50.0.0/16'] })), 1);
    assert.equal(reusable(aRequest({ sources: ['*'] })), 1);
  });

  it('not one from a narrower source', () => {
    const requests = [aRequest({ sources: ['20.50.1.7'] })];
    const { reuse, toRequest: request } = planned(
      plan([aPolicy({ requests })], { source: ['20.50.1.0/24'] }),
    );
    assert.deepEqual([reuse.length, request.length], [0, 1]);
  });
});
