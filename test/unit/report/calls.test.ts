import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createCallCollector } from '../../../tasks/JitReport/JitReportV1/src/judge/calls';
import type { LoggedEntry } from '../../../tasks/JitReport/JitReportV1/src/model/records';
import { aPolicy, aRequest, NOW } from '../core/policies';
import { anEntry } from './calls';

const collect = (...pages: readonly (readonly LoggedEntry[])[]) => {
  const collector = createCallCollector();
  for (const page of pages) collector.add(page);
  return collector.all();
};

describe('the calls in the Activity Log', () => {
  it('combine all entries of one operation, with the values of any of them', () => {
    const { ports: requested } = aRequest();
    const calls = collect([
      anEntry({ status: 'Succeeded', time: NOW + 2000 }),
      anEntry({ status: 'Accepted', time: NOW + 1000, caller: '' }),
      anEntry({ status: 'Started', caller: '', justification: 'because', asked: requested }),
    ]);
    assert.equal(calls.length, 1);
    const [call] = calls;
    assert.deepEqual(
      [call?.time, call?.caller, call?.justification, call?.asked, call?.outcome],
      [NOW, 'ana@contoso.com', 'because', requested, 'granted'],
    );
  });

  it('are granted or refused, or unknown if they only started', () => {
    const outcome = (...statuses: readonly string[]) =>
      collect(statuses.map((status) => anEntry({ status })))[0]?.outcome;
    assert.equal(outcome('Started'), 'unknown');
    assert.equal(outcome(''), 'unknown');
    assert.equal(outcome('Started', 'Accepted'), 'granted');
    assert.equal(outcome('Succeeded', 'Started'), 'granted');
    assert.equal(outcome('Failed'), 'refused');
    assert.equal(outcome('Started', 'failed', 'Accepted'), 'refused');
    assert.equal(outcome('Accepted', 'Failed'), 'refused');
    assert.equal(outcome('Not Succeeded at all'), 'unknown');
  });

  it('are distinguished by operation ID, because several can have one correlation ID', () => {
    const calls = collect([
      anEntry({ operationId: 'o-1', status: 'Succeeded' }),
      anEntry({ operationId: 'o-2', status: 'Failed', time: NOW + 1 }),
    ]);
    assert.deepEqual(
      calls.map(({ correlationId, outcome }) => [correlationId, outcome]),
      [
        ['c-1', 'granted'],
        ['c-1', 'refused'],
      ],
    );
    const course = ['Started', 'Succeeded'].map((status) => anEntry({ correlationId: status, status }));
    assert.equal(collect(course).length, 1, 'whatever operation they are of');
  });

  it('are combined if their operation ID differs in case, or is missing in an entry', () => {
    const started = anEntry({ operationId: 'O-1', status: 'Started' });
    const accepted = anEntry({ operationId: 'o-1' });
    assert.deepEqual(
      collect([accepted, started]).map(({ outcome }) => outcome),
      ['granted'],
    );
    const nameless = anEntry({ operationId: '', status: 'Failed', time: NOW - 1 });
    for (const entries of [
      [nameless, accepted],
      [accepted, nameless],
    ])
      assert.deepEqual(
        collect(entries).map(({ outcome, time }) => [outcome, time]),
        [['refused', NOW - 1]],
      );
    const other = anEntry({ operationId: 'o-2' });
    assert.equal(collect([accepted, nameless, other]).length, 3, 'nobody knows of which of the two');
    const apart = anEntry({ ...nameless, correlationId: 'c-2' });
    assert.equal(collect([accepted, apart]).length, 2);
  });

  it('are distinguished by correlation ID and policy if they have no operation ID, regardless of case', () => {
    const other = aPolicy({ name: 'other' }).id;
    const calls = collect(
      [
        anEntry(),
        anEntry({ policyId: anEntry().policyId.toUpperCase(), status: 'Started' }),
        anEntry({ policyId: other }),
        anEntry({ correlationId: 'c-2' }),
      ].map((entry) => ({ ...entry, operationId: '' })),
    );
    assert.deepEqual(
      calls.map(({ correlationId, policyId }) => [correlationId, policyId === other]),
      [
        ['c-1', false],
        ['c-1', true],
        ['c-2', false],
      ],
    );
  });

  it('are separate for entries without an ID', () => {
    const nameless = anEntry({ operationId: '', correlationId: '' });
    assert.equal(collect([nameless], [nameless]).length, 2);
  });

  it('are the same, oldest first, regardless of the order of the pages', () => {
    const courses = Array.from({ length: 5 }, (_none, at) =>
      ['Started', 'Accepted', at === 3 ? 'Failed' : 'Succeeded'].map((status, step) =>
        anEntry({ operationId: `c-${String(at)}`, time: NOW - at * 60_000 + step, status }),
      ),
    ).flat();
    const expected = [4, 3, 2, 1, 0].map((at) => [
      `c-${String(at)}`,
      NOW - at * 60_000,
      at === 3 ? 'refused' : 'granted',
    ]);
    fc.assert(
      fc.property(
        fc.shuffledSubarray(courses, { minLength: courses.length }),
        fc.integer({ min: 1, max: courses.length }),
        (entries, size) => {
          const pages = Array.from({ length: Math.ceil(entries.length / size) }, (_none, at) =>
            entries.slice(at * size, (at + 1) * size),
          );
          assert.deepEqual(
            collect(...pages).map(({ operationId, time, outcome }) => [operationId, time, outcome]),
            expected,
          );
        },
      ),
      { numRuns: 100 },
    );
  });
});
