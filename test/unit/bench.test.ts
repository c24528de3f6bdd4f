import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createMeter } from '../../scripts/bench/meter';
import { comparePairs, median, type Cost } from '../../scripts/bench/pairs';
import { nodeFor } from '../support/agent/node';

describe('comparing processes', () => {
  it('takes the median of the ratios within pairs, and discards the first pair', async () => {
    const order: string[] = [];
    const costs = (name: string, walls: readonly number[]) => {
      const rest = [...walls];
      return (): Promise<Cost> => {
        order.push(name);
        const wallMs = rest.shift() ?? NaN;
        return Promise.resolve({ wallMs, cpuMs: wallMs * 2, peakBytes: 7 });
      };
    };
    const bare = costs('bare', [1, 10, 20, 10]);
    const { ratios, bare: kept } = await comparePairs(bare, costs('task', [99, 30, 40, 50]), 3);
    assert.deepEqual(ratios, { wallMs: 3, cpuMs: 3, peakBytes: 1 });
    assert.deepEqual(
      kept.map(({ wallMs }) => wallMs),
      [10, 20, 10],
    );
    assert.deepEqual(order, ['bare', 'task', 'bare', 'task', 'bare', 'task', 'bare', 'task']);
  });

  it('takes the mean of the two middle numbers if there is no middle one', () => {
    assert.deepEqual([median([3, 1, 2]), median([4, 1, 3, 2]), median([5])], [2, 2.5, 5]);
  });
});

describe('the process meter', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'meter "1" '));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('returns the resources that a process used, without those of its parent', () => {
    const meter = createMeter(folder);
    const own = Buffer.alloc(300_000_000, 1);
    const use = (code: string) => {
      spawnSync(nodeFor('Node20_1'), ['-e', code], { env: meter.env });
      return meter.read();
    };
    const nothing = use('0');
    const something = use(
      'Buffer.alloc(100_000_000, 1); while (process.cpuUsage().user < 400_000) for (let i = 0; i < 1e6; i += 1);',
    );
    assert.ok(
      nothing.peakBytes > 10_000_000 && nothing.peakBytes < own.length / 2,
      String(nothing.peakBytes),
    );
    assert.ok(something.peakBytes > nothing.peakBytes + 90_000_000);
    assert.ok(something.cpuMs >= 400 && nothing.cpuMs > 0);
  });

  it('returns each measurement only once', () => {
    const meter = createMeter(folder);
    spawnSync(nodeFor('Node20_1'), ['-e', '0'], { env: meter.env });
    meter.read();
    assert.throws(() => meter.read());
  });
});
