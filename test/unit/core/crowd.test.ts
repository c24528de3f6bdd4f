import assert from 'node:assert/strict';
import { eachText, isCrowd, logEach, warnEach } from '../../../tasks/shared/core/crowd';
import type { Log } from '../../../tasks/shared/core/log';

/** Returns the given number of ports, distributed over the given number of VMs. */
const ports = (count: number, vms: number) =>
  Array.from({ length: count }, (_none, at) => ({
    vm: { key: `vm-${String(at % vms)}` },
    text: `port ${String(at)}`,
  }));
const toText = ({ text }: { readonly text: string }): string => text;

function record(): { readonly log: Log; readonly said: string[] } {
  const said: string[] = [];
  const note = (kind: string) => (text: string) => void said.push(`${kind} ${text}`);
  return {
    said,
    log: {
      ...{ line: note('line'), warning: note('warning'), group: note('group') },
      endGroup: () => void said.push('end'),
      progress: () => undefined,
    },
  };
}

describe('a crowd', () => {
  it('is more than ten VMs, regardless of the number of ports', () => {
    assert.equal(isCrowd(ports(30, 10)), false);
    assert.equal(isCrowd(ports(11, 11)), true);
  });

  it('is shortened to ten names in a sentence, while ten or fewer VMs are all named', () => {
    assert.equal(eachText(ports(12, 4), toText).split(', ').length, 11);
    assert.ok(eachText(ports(40, 40), toText).endsWith('port 9 and 30 more'));
  });

  it('has its lines in a collapsed group, while the lines of fewer VMs are not grouped', () => {
    const [few, many] = [record(), record()];
    logEach(few.log, 'title', ports(20, 10), toText);
    assert.deepEqual([few.said.length, few.said[0]], [20, 'line port 0']);
    logEach(many.log, 'title', ports(20, 20), toText);
    assert.deepEqual([many.said[0], many.said.at(-1), many.said.length], ['group title', 'end', 22]);
  });

  it('has nine warnings, a tenth with the number of the others, and those in a group, while fewer VMs have all warnings', () => {
    const [few, many, alike] = [record(), record(), record()];
    warnEach(few.log, ports(20, 10), toText, String);
    assert.equal(few.said.filter((one) => one.startsWith('warning')).length, 20);
    warnEach(many.log, ports(20, 20), toText, String);
    assert.deepEqual(many.said.slice(8, 12), ['warning port 8', 'warning 11', 'group 11', 'line port 9']);
    assert.equal(many.said.at(-1), 'end');
    warnEach(alike.log, ports(20, 20), () => 'the same', String);
    assert.deepEqual(alike.said, ['warning the same']);
  });
});
