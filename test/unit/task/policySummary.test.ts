import assert from 'node:assert/strict';
import MarkdownIt from 'markdown-it';
import { differenceLines } from '../../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/messages/policies';
import type { VmDifference } from '../../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/plan/policyPorts';
import { defaultRule } from '../../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/plan/portRules';
import { toSummary } from '../../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/summary';
import { senselessAnswer } from '../../../tasks/shared/messages/failures';
import { policyName } from '../../../tasks/shared/messages/policies';
import { aPolicy, aVm, HOUR } from '../core/policies';

const POLICY = aPolicy();
const rule = (port: number, hours = 3) => ({ ...defaultRule(port), maxDurationMs: hours * HOUR });

const configuredBy = (...differences: readonly Omit<VmDifference, 'vm'>[]) => {
  const vms = differences.map((_one, at) => {
    const vm = aVm();
    return { ...vm, name: `web-0${String(at + 1)}`, key: `${vm.key}${String(at)}` };
  });
  const placed = differences.flatMap((one, at) => (vms[at] ? [{ ...one, vm: vms[at] }] : []));
  const results = [{ ref: POLICY, changed: true, differences: placed }];
  return { vms, results, uncovered: [], failures: [], checks: [] };
};
const summaryOf = (...differences: readonly Omit<VmDifference, 'vm'>[]) =>
  toSummary(configuredBy(...differences), false);

/** Returns the rows of the first table with their cells, as Markdown renders them. */
const rowsOf = (summary: string): readonly (readonly string[])[] => {
  const rows: string[][] = [];
  const tokens = new MarkdownIt().parse(summary, {});
  tokens.forEach(({ type }, at) => {
    if (type === 'tr_open') rows.push([]);
    if (type === 'td_open')
      rows.at(-1)?.push((tokens[at + 1]?.children ?? []).map(({ content }) => content).join(''));
  });
  return rows.slice(1);
};

describe('policy changes in the summary', () => {
  it('have a row for each port, with the rule before and after', () => {
    const ports = [{ after: rule(22) }, { before: rule(3389) }, { before: rule(443), after: rule(443, 1) }];
    const place = ['web-01', policyName(POLICY)];
    assert.deepEqual(rowsOf(summaryOf({ change: 'changed', ports })), [
      [...place, 'port added', '-', '22 max 3h from *'],
      [...place, 'port removed', '3389 max 3h from *', '-'],
      [...place, 'port changed', '443 max 3h from *', '443 max 1h from *'],
    ]);
  });

  it('show an added or removed VM in each of its rows', () => {
    const rows = rowsOf(
      summaryOf(
        { change: 'added', ports: [{ after: rule(22) }, { after: rule(443) }] },
        { change: 'removed', ports: [{ before: rule(22) }, {}] },
      ),
    );
    assert.deepEqual(
      rows.map(([vm, , change]) => [vm, change]),
      [
        ['web-01', 'VM added'],
        ['web-01', 'VM added'],
        ['web-02', 'VM removed'],
        ['web-02', 'VM removed'],
      ],
    );
    assert.match(rows[3]?.[3] ?? '', /cannot be read/);
  });

  it('are not shown as done in a dry run, or if the step failed for the policy', () => {
    const ports = [{ after: rule(22) }, { before: rule(443), after: rule(443, 1) }, { before: rule(80) }];
    const configured = configuredBy(
      { change: 'added', ports: [{ after: rule(22) }] },
      { change: 'changed', ports },
      { change: 'none', ports: [] },
    );
    const changes = (summary: string) => rowsOf(summary).map(([, , change]) => change);
    assert.deepEqual(changes(toSummary(configured, true)), [
      'VM would be added',
      ...['port would be added', 'port would be changed', 'port would be removed'],
      'no change',
    ]);
    const failure = senselessAnswer('The policy', 'it has no ports');
    const failed = { ...configured, results: configured.results.map((one) => ({ ...one, failure })) };
    assert.deepEqual(changes(toSummary(failed, false)), [
      'VM to be added',
      ...['port to be added', 'port to be changed', 'port to be removed'],
      'no change',
    ]);
  });

  it('are limited to 100 rows, with failed rows and changes first, and name the file with all of them', () => {
    const many = (count: number) =>
      Array.from({ length: count }, () => ({ change: 'added', ports: [{ after: rule(22) }] }) as const);
    const none = { change: 'none', ports: [] } as const;
    assert.equal(rowsOf(summaryOf(...many(100))).length, 100);
    assert.ok(!summaryOf(...many(100)).includes('diffPath'));

    const configured = configuredBy(none, ...many(99), none);
    const [result] = configured.results;
    assert.ok(result);
    const [first, ...others] = result.differences.toReversed();
    const failure = senselessAnswer('The policy', 'it has no ports');
    const last = { vm: { ...aVm(), key: 'last', name: 'last' }, ...many(1)[0], ref: POLICY };
    const results = [
      { ...result, differences: others.toReversed() },
      { ...result, differences: first ? [first] : [] },
      { ...result, differences: [last], failure },
    ] as typeof configured.results;
    const summary = toSummary(
      { ...configured, results, failures: Array(30).fill(failure) as never[] },
      false,
    );
    const rows = rowsOf(summary);
    assert.equal(rows.length, 100);
    assert.deepEqual(rows[0]?.slice(0, 3), ['last', policyName(POLICY), 'VM to be added']);
    assert.ok(rows.slice(1).every(([, , change]) => change === 'VM added'));
    assert.match(summary, /^The first 100 of 102 rows.*diffPath/);
    assert.equal(summary.split('\n').filter((line) => line.includes('JIT604')).length, 20);
    assert.match(summary, /10 more failures/);
  });

  it('have one row for a VM without a change, or without ports', () => {
    const rows = rowsOf(summaryOf({ change: 'none', ports: [] }, { change: 'removed', ports: [] }));
    assert.deepEqual(
      rows.map((cells) => cells.slice(2)),
      [
        ['no change', '-', '-'],
        ['VM removed', '-', '-'],
      ],
    );
  });
});

describe('policy changes in the log', () => {
  it('have a line for each port below the line of its VM', () => {
    const ports = [
      { after: rule(22) },
      { before: rule(3389) },
      { before: rule(443), after: rule(443, 1) },
      {},
    ];
    const [heading, ...lines] = differenceLines({ vm: aVm(), change: 'changed', ports });
    assert.equal(heading, `~ ${aVm().name}`);
    assert.deepEqual(
      lines.map((line) => line.trim().slice(0, 6)),
      ['+ 22 m', '- 3389', '~ 443 ', '- a po'],
    );
  });
});
