import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatIpv4 } from '../../../tasks/shared/core/addresses';
import { evaluate, mayAdmit } from '../../../tasks/shared/core/nsg/evaluate';
import { withoutRules } from '../../../tasks/shared/core/nsg/rules';
import { isAdminRule } from '../../../tasks/shared/core/nsg/verdict';
import { admitsAddress, contains } from './naiveEvaluator';
import { flow, network, toPoints } from './randomNetworks';

describe('the verdict on random networks', () => {
  it('matches an evaluator that checks one address at a time', () => {
    const met = { admits: 0, partly: 0, blocked: 0 };
    fc.assert(
      fc.property(network, flow, (vm, { sources, port, protocol }) => {
        const verdict = evaluate(vm, { sources, port, protocol });
        const points = toPoints(vm, sources);
        const open = points.filter((point) => admitsAddress(vm, point, port, protocol));
        assert.equal(verdict.admits, open.length === points.length);
        met[verdict.admits ? 'admits' : open.length > 0 ? 'partly' : 'blocked'] += 1;
        if (verdict.admits) return;
        const kept = verdict.blockers.flatMap((blocker) => blocker.sources);
        for (const point of points) {
          const isOpen = open.includes(point);
          assert.equal(
            verdict.admittedSources.some(({ text }) => contains(text, point)),
            isOpen,
            formatIpv4(point),
          );
          assert.equal(
            kept.some(({ text }) => contains(text, point)),
            !isOpen,
            formatIpv4(point),
          );
        }
      }),
      { numRuns: 500 },
    );
    // The random networks are only useful if every kind of verdict occurs often.
    for (const [kind, times] of Object.entries(met)) assert.ok(times >= 20, `${kind}: ${times}`);
  });

  it('reports what might be allowed if every doubt counts in favor of the source', () => {
    fc.assert(
      fc.property(network, flow, (vm, { sources, port, protocol }) => {
        const may = mayAdmit(vm, { sources, port, protocol });
        for (const point of toPoints(vm, sources)) {
          const open = admitsAddress(vm, point, port, protocol, 'Allow');
          assert.equal(
            may.sources.some(({ text }) => contains(text, point)),
            open,
            formatIpv4(point),
          );
        }
      }),
      { numRuns: 500 },
    );
  });

  it('names only existing rules, and without its allow rules nothing is allowed', () => {
    fc.assert(
      fc.property(network, flow, (vm, requested) => {
        const verdict = evaluate(vm, requested);
        for (const at of verdict.admittedBy) {
          assert.equal(at.rule.access, 'Allow');
          assert.ok(!isAdminRule(at) && at.group.rules.includes(at.rule));
        }
        if (vm.groups.length === 0) return;
        const closed = evaluate(
          withoutRules(vm, (each) => each.access === 'Allow'),
          requested,
        );
        assert.equal(closed.admits, false);
        assert.deepEqual(closed.admittedBy, []);
      }),
    );
  });

  it('does not depend on the order or the names of the rules', () => {
    fc.assert(
      fc.property(network, flow, (vm, requested) => {
        const turned = vm.groups.map((at) => ({
          ...at,
          group: { ...at.group, rules: at.group.rules.map((each) => ({ ...each, name: 'x' })).reverse() },
        }));
        const other = evaluate({ ...vm, groups: turned }, requested);
        const verdict = evaluate(vm, requested);
        assert.equal(other.admits, verdict.admits);
        assert.deepEqual(
          other.admittedBy.map((at) => at.rule.priority),
          verdict.admittedBy.map((at) => at.rule.priority),
        );
      }),
    );
  });
});
