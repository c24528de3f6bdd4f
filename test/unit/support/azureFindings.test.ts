import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startAzure } from '../../support/azure';
import {
  ASSUMED_FILE,
  currentSwitches,
  FindingsError,
  parseFindings,
  readSwitches,
  switchesIn,
} from '../../support/azure/findings';
import { defaultSettings } from '../../support/azure/settings';
import { formatSwitch, parseSwitch, SWITCH_NAMES } from '../../support/azure/switches';

const file = (findings: unknown): string => JSON.stringify({ format: 1, findings });
const finding = (switches: object, more: object = {}): object => ({
  ...{ fact: 'ends', stand: 'settled', answer: 'Yes.', switches },
  ...more,
});

describe('a findings file', () => {
  it('sets the switches of the simulation', () => {
    const found = parseFindings(file([finding({ supersession: 'none', mostSources: 'any' })]));
    assert.deepEqual(switchesIn(found), { supersession: 'none', mostSources: Infinity });
  });

  it('is rejected with all of its problems', () => {
    const wrong = file([
      finding({ supersession: 'vm', verbatimSources: 'yes', colour: 'red', mostSources: 0 }),
      { stand: 'guessed', times: { ruleMs: 'soon' } },
      finding({ outsidePolicyCode: 'not a code' }),
    ]);
    assert.throws(
      () => parseFindings(wrong),
      (error: unknown) => {
        assert.ok(error instanceof FindingsError);
        assert.equal(error.problems.length, 9, error.message);
        return true;
      },
    );
  });

  it('is rejected if it is not a findings file', () => {
    for (const text of [
      '',
      '[]',
      '{"format":2,"findings":[]}',
      '{"format":1}',
      '{"format":1,"findings":[1]}',
    ])
      assert.throws(() => parseFindings(text), FindingsError, text);
  });

  it('is rejected if it contradicts itself', () => {
    const twice = file([finding({ pastEnds: 'refused' }), finding({ pastEnds: 'accepted' })]);
    assert.throws(() => parseFindings(twice), /sets pastEnds another time/);
  });

  it('keeps assumptions that it does not settle', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'findings-'));
    try {
      const measured = path.join(folder, 'live-findings.json');
      writeFileSync(
        measured,
        file([finding({ supersession: 'vm+port' }), finding({}, { stand: 'unsettled' })]),
      );
      const assumed = readSwitches(ASSUMED_FILE);
      assert.deepEqual(readSwitches(measured), { ...assumed, supersession: 'vm+port' });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('determines the switches of a simulated Azure', async () => {
    const azure = await startAzure();
    await azure.close();
    for (const name of SWITCH_NAMES) {
      assert.equal(azure.settings[name], currentSwitches()[name], name);
      assert.equal(defaultSettings()[name], currentSwitches()[name], name);
    }
  });

  it('has a value for each switch that can be parsed back', () => {
    for (const name of SWITCH_NAMES) {
      const value = currentSwitches()[name];
      assert.equal(parseSwitch(name, JSON.parse(JSON.stringify(formatSwitch(name, value)))), value, name);
    }
  });
});
