import assert from 'node:assert/strict';
import fc from 'fast-check';
import { joinCalls } from '../../../tasks/JitReport/JitReportV1/src/judge/audit';
import type { LoggedCall } from '../../../tasks/JitReport/JitReportV1/src/judge/calls';
import type { AccessRequest } from '../../../tasks/shared/core/policy';
import { aPolicy, aRequest, aVm, NOW } from '../core/policies';
import { aCall } from './calls';

const SECOND = 1000;
const at = (seconds: number, given: Partial<AccessRequest> = {}): AccessRequest =>
  aRequest({}, { startedAt: new Date(NOW + seconds * SECOND).toISOString(), ...given });
const call = (seconds: number, given: Partial<LoggedCall> = {}): LoggedCall =>
  aCall({ time: NOW + seconds * SECOND, correlationId: `at ${String(seconds)}`, ...given });

/** Returns the correlation ID for each request in order of time, and the remaining IDs. */
function join(requests: readonly AccessRequest[], calls: readonly LoggedCall[]) {
  const { joined, rest } = joinCalls([aPolicy({ requests })], calls);
  return {
    got: joined.map(({ call: found }) => found?.correlationId),
    rest: rest.map(({ correlationId }) => correlationId),
  };
}

describe('a request and the call that made it', () => {
  it('are joined if they are nearest in time', () => {
    assert.deepEqual(join([at(0)], [call(-90), call(-2), call(30)]), {
      got: ['at -2'],
      rest: ['at -90', 'at 30'],
    });
  });

  it('are at most two minutes apart', () => {
    assert.deepEqual(join([at(0)], [call(-120)]).got, ['at -120']);
    assert.deepEqual(join([at(0)], [call(120)]).got, ['at 120']);
    assert.deepEqual(join([at(0)], [call(-121), call(121)]).got, [undefined]);
  });

  it('are not separated by a request whose call is missing from the log', () => {
    assert.deepEqual(join([at(-60), at(0)], [call(0)]), { got: [undefined, 'at 0'], rest: [] });
    assert.deepEqual(join([at(60), at(0)], [call(0)]).got, ['at 0', undefined]);
  });

  it('have the same policy, regardless of case', () => {
    const other = aPolicy({ name: 'other' });
    const mine = call(0, { policyId: aPolicy().id.toUpperCase() });
    assert.deepEqual(join([at(0)], [mine]).got, ['at 0']);
    assert.deepEqual(join([at(0)], [call(0, { policyId: other.id })]).got, [undefined]);
    const { joined, rest } = joinCalls(
      [aPolicy({ requests: [at(0)] }), { ...other, requests: [at(0)] }],
      [call(0), call(1, { policyId: other.id })],
    );
    assert.deepEqual(
      joined.map(({ policy, call: found }) => [policy.name, found?.correlationId]),
      [
        ['default', 'at 0'],
        ['other', 'at 1'],
      ],
    );
    assert.deepEqual(rest, []);
  });

  it('have the same justification if both have one', () => {
    const [a, b] = ['a', 'b'].map((justification) => ({ justification }));
    assert.deepEqual(join([at(0, b)], [call(0, a)]), { got: [undefined], rest: ['at 0'] });
    assert.deepEqual(join([at(0, b)], [call(0)]).got, ['at 0']);
    assert.deepEqual(join([at(0)], [call(0, a)]).got, ['at 0']);
    // Equal justifications take precedence over the time.
    assert.deepEqual(join([at(0, a)], [call(0), call(60, a)]), { got: ['at 60'], rest: ['at 0'] });
  });

  it('are distinguished by justification within the same second', () => {
    const twins = ['a', 'b'].map((justification) => ({ justification }));
    const calls = [...twins].reverse().map((twin) => call(0, { ...twin, correlationId: twin.justification }));
    assert.deepEqual(
      join(
        twins.map((twin) => at(0, twin)),
        calls,
      ),
      { got: ['a', 'b'], rest: [] },
    );
  });

  it('are joined one to one within the same second if nothing distinguishes them', () => {
    const calls = ['x', 'y', 'z'].map((correlationId) => call(0, { correlationId }));
    const { got, rest } = join([at(0), at(0)], calls);
    assert.deepEqual([...got, ...rest].toSorted(), ['x', 'y', 'z']);
  });

  it('are about the same VMs if the log has them', () => {
    const requested = (name: string) => aRequest({ vm: aVm(name) }).ports;
    assert.deepEqual(join([at(0)], [call(0, { asked: requested('db-01') })]).got, [undefined]);
    assert.deepEqual(join([at(0)], [call(0, { asked: requested('WEB-01') })]).got, ['at 0']);
    assert.deepEqual(
      join([at(0)], [call(0, { asked: [...requested('web-01'), ...requested('db-01')] })]).got,
      [undefined],
    );
  });

  it('never include a refused call, but can include a call that only started', () => {
    assert.deepEqual(join([at(0)], [call(0, { outcome: 'refused' }), call(9, { outcome: 'unknown' })]), {
      got: ['at 9'],
      rest: ['at 0'],
    });
  });
});

describe('random requests and calls', () => {
  const word = fc.constantFrom('', '', 'a', 'b');
  const seconds = fc.oneof(fc.integer({ min: 0, max: 10 }), fc.integer({ min: -400, max: 400 }));
  const aName = fc.constantFrom('web-01', 'db-01');
  const requests = fc.array(
    fc.record({ seconds, word, name: aName }).map(({ seconds: when, word: justification, name }) => ({
      ...at(when, { justification }),
      ports: aRequest({ vm: aVm(name) }).ports,
    })),
    { maxLength: 8 },
  );
  const calls = fc
    .array(
      fc.record({
        ...{ seconds, word, name: fc.option(aName) },
        outcome: fc.constantFrom(
          'granted' as const,
          'granted' as const,
          'unknown' as const,
          'refused' as const,
        ),
      }),
      { maxLength: 8 },
    )
    .map((list) =>
      list
        .map(({ seconds: when, word: justification, name, outcome }, index) =>
          call(when, {
            ...{ justification, outcome, correlationId: String(index) },
            asked: name === null ? [] : aRequest({ vm: aVm(name) }).ports,
          }),
        )
        .toSorted((a, b) => a.time - b.time),
    );

  /** Returns the uncertainty of a pair, or `undefined` if the call cannot have made the request. */
  function doubt(request: AccessRequest, made: LoggedCall): number | undefined {
    const apart = Math.abs(Date.parse(request.startedAt) - made.time);
    const [one, other] = [request.justification, made.justification];
    if (made.outcome === 'refused' || apart > 120_000 || (one && other && one !== other)) return undefined;
    if (made.asked.some(({ vm }) => request.ports.every((port) => port.vm.key !== vm.key))) return undefined;
    return apart + (one && other ? 0 : 1e9);
  }

  it('are joined like always taking the most certain remaining pair', () => {
    const met = { pairs: 0, lonely: 0 };
    fc.assert(
      fc.property(requests, calls, (requested, made) => {
        const { joined, rest } = joinCalls([aPolicy({ requests: requested })], made);
        const taken = joined.flatMap(({ call: found }) => found ?? []);
        assert.equal(new Set(taken).size, taken.length, 'each call once');
        assert.deepEqual(
          [...taken, ...rest].map(({ correlationId }) => correlationId).toSorted(),
          made.map(({ correlationId }) => correlationId).toSorted(),
        );
        assert.equal(joined.length, requested.length);

        const [open, free] = [new Set(requested), new Set(made)];
        const doubts: number[] = [];
        for (;;) {
          let best: { request: AccessRequest; made: LoggedCall; doubt: number } | undefined;
          for (const request of open)
            for (const one of free) {
              const own = doubt(request, one);
              if (own !== undefined && (!best || own < best.doubt)) best = { request, made: one, doubt: own };
            }
          if (!best) break;
          doubts.push(best.doubt);
          open.delete(best.request);
          free.delete(best.made);
        }
        const found = joined.flatMap(({ request, call: one }) => (one ? doubt(request, one) : []));
        // If two pairs are equally certain, either can be taken, and the rest differs. Such cases are skipped.
        if (new Set(allDoubts(requested, made)).size < allDoubts(requested, made).length) return;
        assert.deepEqual(
          found.toSorted((a, b) => (a ?? -1) - (b ?? -1)),
          doubts.toSorted((a, b) => a - b),
        );
        met.pairs += found.length;
        met.lonely += open.size;
      }),
      { numRuns: 1500 },
    );
    for (const [kind, times] of Object.entries(met)) assert.ok(times >= 50, `${kind}: ${times}`);
  });

  const allDoubts = (requested: readonly AccessRequest[], made: readonly LoggedCall[]): readonly number[] =>
    requested.flatMap((request) => made.flatMap((one) => doubt(request, one) ?? []));
});
