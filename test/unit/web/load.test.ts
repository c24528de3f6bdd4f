import assert from 'node:assert/strict';
import { formatDocument } from '../../../tasks/shared/document/format';
import { toDays } from '../../../web/read/days';
import { createLoader, MOST_DOCUMENTS } from '../../../web/read/load';
import { formatChoice, parseChoice, readSettings } from '../../../web/read/settings';
import { aReport } from '../../support/report/reports';

const text = formatDocument({
  ...{ schemaVersion: '1.1', task: 'JitReport', writtenAt: '2026-11-20T09:30:00.000Z' },
  ...{ part: 'main', failure: null, content: { kind: 'none' } },
  step: { jobId: 'job', jobAttempt: 1, stepId: 'step', jobName: '', stepName: '' },
});
const place = (name: string, recordId = 'record') => ({ recordId, name });

describe('loading the documents of a run', () => {
  it('reads each document once, and reports new ones', async () => {
    const places = [place('one')];
    const reads: string[] = [];
    const load = createLoader(
      () => Promise.resolve(places),
      ({ recordId, name }) => {
        reads.push(`${recordId}/${name}`);
        return Promise.resolve(text);
      },
    );
    const first = await load();
    assert.equal(first.documents.length, 1);
    assert.equal((await load()).version, first.version);
    places.push(place('two'), place('one', 'another record'));
    const later = await load();
    assert.notEqual(later.version, first.version);
    assert.deepEqual(reads, ['record/one', 'record/two', 'another record/one']);
  });

  it('repeats failed reads, and still returns the other documents', async () => {
    let broken = true;
    const load = createLoader(
      () => Promise.resolve([place('lost'), place('damaged'), place('whole')]),
      ({ name }) => {
        if (name === 'lost' && broken) return Promise.reject(new TypeError('lost'));
        return Promise.resolve(name === 'damaged' ? '{' : text);
      },
    );
    const first = await load();
    assert.deepEqual([first.documents.length, first.missing.length], [1, 2]);
    broken = false;
    const second = await load();
    assert.deepEqual(second.missing, [{ name: 'damaged', reason: 'damaged' }]);
    assert.notEqual(second.version, first.version);
  });

  it('is limited to a number of documents', async () => {
    const places = Array.from({ length: MOST_DOCUMENTS + 5 }, (_, at) => place(String(at)));
    const loaded = await createLoader(
      () => Promise.resolve(places),
      () => Promise.resolve(text),
    )();
    assert.deepEqual([loaded.documents.length, loaded.total], [MOST_DOCUMENTS, MOST_DOCUMENTS + 5]);
  });
});

describe('the note about documents that are not shown', () => {
  it('changes with their number', async () => {
    const places = Array.from({ length: MOST_DOCUMENTS + 1 }, (_, at) => place(String(at)));
    const load = createLoader(
      () => Promise.resolve(places),
      () => Promise.resolve(text),
    );
    const first = await load();
    assert.equal((await load()).version, first.version);
    places.push(place('last'));
    const second = await load();
    assert.equal(second.total, MOST_DOCUMENTS + 2);
    assert.notEqual(second.version, first.version);
  });

  it('changes with the reason why a document could not be loaded', async () => {
    const troubles = ['busy', 'busy', 'server'];
    const load = createLoader(
      () => Promise.resolve([place('lost')]),
      () => Promise.reject(new Error(troubles.shift())),
    );
    const versions = [await load(), await load(), await load()].map(({ version }) => version);
    assert.deepEqual(versions, [1, 1, 2]);
  });
});

describe('the days of a widget', () => {
  const at = (time: string) =>
    ({ ...aReport().requests[0], time }) as ReturnType<typeof aReport>['requests'][number];

  it('are the days of the report, with the number of requests for each', () => {
    const period = { from: '2026-11-17T09:30:00Z', to: '2026-11-20T09:30:00Z', days: 3 };
    const requests = ['2026-11-20T01:00:00Z', '2026-11-18T23:59:59Z', '2026-11-18T00:00:00Z'].map(at);
    assert.deepEqual(toDays({ period, requests }), [
      { day: '2026-11-18', count: 2 },
      { day: '2026-11-19', count: 0 },
      { day: '2026-11-20', count: 1 },
    ]);
  });

  it('are limited to the last thirty', () => {
    const period = { from: '2026-08-22T09:30:00Z', to: '2026-11-20T09:30:00Z', days: 90 };
    const days = toDays({ period, requests: [at('2026-08-25T00:00:00Z')] });
    assert.deepEqual([days.length, days[0]?.day, days.at(-1)?.day], [30, '2026-10-22', '2026-11-20']);
    assert.ok(days.every(({ count }) => count === 0));
  });
});

describe('the settings of a widget', () => {
  it('are parsed back as they were saved', () => {
    assert.deepEqual(parseChoice(formatChoice({ pipelineId: 12 })), { pipelineId: 12 });
  });

  it('are empty if the dashboard returns anything else', () => {
    for (const given of [
      undefined,
      null,
      '',
      {},
      { customSettings: null },
      { customSettings: { data: '[]' } },
    ])
      assert.deepEqual(readSettings(given), { name: '', choice: undefined });
  });
});
