import assert from 'node:assert/strict';
import { CodedError } from '../../../tasks/shared/core/errors';
import type { NotOpened } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/findings';
import { parsePrefix } from '../../../tasks/shared/core/prefixes';
import { read, type Written } from '../../support/written';
import type { Access, Waited } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/access';
import type { VmPlace } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/place';
import { markdownSentence } from '../../../tasks/shared/core/text';
import { serverError } from '../../../tasks/shared/messages/failures';
import { toOutputs } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/outputs';
import { open as openLine } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/messages/opening';
import { toSummary } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/summary';
import { outputTexts } from '../../support/outputTexts';
import { aPolicy, aVm, HOUR, NOW } from '../core/policies';

const aPlace = (given: Partial<VmPlace> = {}): VmPlace => ({
  vm: aVm(),
  privateIpAddress: parsePrefix('10.0.0.4'),
  publicIpAddress: '20.60.1.10',
  ...{ nicId: undefined, publicIpId: undefined, subnetId: undefined },
  filter: undefined,
  missing: [],
  ...given,
});

const anAccess = (given: Partial<Written<Access>> = {}) =>
  read<Access>({
    vm: aVm(),
    policy: aPolicy(),
    port: 22,
    protocol: '*',
    wantedSources: ['20.50.1.7'],
    wantedUntil: NOW + HOUR,
    sources: ['20.50.1.7'],
    endsAt: NOW + HOUR,
    status: 'Initiated',
    startedAt: new Date(NOW).toISOString(),
    reused: false,
    others: undefined,
    ...given,
  });

const opened = (
  accesses: readonly (readonly [Partial<Written<Access>>, Waited])[],
  place: Partial<VmPlace> = {},
) => ({
  accesses: accesses.map(([access, waited]) => ({ access: anAccess(access), waited, waitedMs: 4200 })),
  places: new Map([[aVm().key, aPlace(place)]]),
  notOpened: [] as readonly NotOpened[],
  failures: accesses.flatMap(([, waited]) => (waited.status === 'failed' ? [waited.error] : [])),
});

const open: Waited = { status: 'open', permanent: undefined };

describe('the outputs', () => {
  it('are not set if nothing was granted', () => {
    const failure = new CodedError({ code: 'JIT405', seen: 'No.', remedy: 'Ask.' });
    const nothing = { ...opened([]), notOpened: [{ vm: aVm(), port: 22, failure }] };
    assert.equal(toOutputs(nothing), undefined);
    assert.equal(toSummary(nothing), undefined);
  });

  it('have the first address to connect to, all sources, and the earliest end', () => {
    const made = toOutputs(
      opened([
        [{}, open],
        [
          { port: 80, endsAt: NOW + HOUR / 2, sources: ['20.50.1.7', '20.60.0.0/16'] },
          { status: 'initiated' },
        ],
      ]),
    );
    assert.ok(made);
    const { endpoints = '', ...rest } = outputTexts<string>(made);
    assert.deepEqual(rest, {
      sourceAddresses: '20.50.1.7,20.60.0.0/16',
      expiresAtUtc: new Date(NOW + HOUR / 2).toISOString(),
      host: '20.60.1.10',
      port: '22',
    });
    assert.deepEqual((JSON.parse(endpoints) as unknown[])[1], {
      vmResourceId: aVm().id,
      vmName: 'web-01',
      port: 80,
      host: '20.60.1.10',
      connectPort: 80,
      privateIpAddress: '10.0.0.4',
      publicIpAddress: '20.60.1.10',
      sourceAddresses: ['20.50.1.7', '20.60.0.0/16'],
      expiresAtUtc: new Date(NOW + HOUR / 2).toISOString(),
      status: 'initiated',
    });
  });

  it('have the firewall in front of the VM, or otherwise its public, or otherwise its private address', () => {
    const firewall = { host: '20.60.9.9', port: 13022 };
    const hostOf = (access: Partial<Access>, place: Partial<VmPlace>) => {
      const made = toOutputs(opened([[access, open]], place));
      return [made?.texts['host'], made?.texts['port']];
    };
    assert.deepEqual(hostOf({ firewall }, {}), ['20.60.9.9', '13022']);
    assert.deepEqual(hostOf({}, { publicIpAddress: undefined }), ['10.0.0.4', '22']);
    assert.deepEqual(hostOf({}, { publicIpAddress: undefined, privateIpAddress: undefined }), ['', '22']);
  });
});

describe('the waiting time of a port', () => {
  for (const [waitedMs, text] of [
    [0, 'less than 1 s'],
    [400, 'less than 1 s'],
    [999, 'less than 1 s'],
    [1000, '1 s'],
    [3499, '3 s'],
    [3500, '4 s'],
    [59_700, '1 min'],
    [61_400, '1 min 1 s'],
  ] as const)
    it(`is the same in the log and in the summary: ${String(waitedMs)} ms are ${text}`, () => {
      const outcome = opened([[{}, open]]);
      const accesses = outcome.accesses.map((access) => ({ ...access, waitedMs }));
      const [line = ''] = accesses.map(openLine);
      const summary = toSummary({ ...outcome, accesses }) ?? '';
      assert.ok(line.endsWith(`, after ${text}.`), line);
      assert.equal(summary.trimEnd().split(' | ').at(-1), `${text} |`);
    });
});

describe('the summary', () => {
  const rowsOf = (text: string | undefined) =>
    (text ?? '').split('\n').filter((line) => line.startsWith('|'));

  it('has a row for each port, and the failures below', () => {
    const error = serverError('Azure', 503, 'no '.repeat(200));
    const text = toSummary(
      opened([
        [{}, open],
        [
          { port: 3389, sources: ['*'] },
          { status: 'failed', error },
        ],
      ]),
    );
    assert.equal(rowsOf(text).length, 4);
    assert.ok(rowsOf(text)[2]?.includes('JIT602'));
    assert.ok(text?.includes('\n- JIT602'));
    for (const part of [error.seen, error.remedy]) assert.ok(text?.includes(markdownSentence(part)), part);
  });

  it('begins with ports that were granted but are not open, even if nothing else is wrong', () => {
    const error = serverError('Azure', 503, 'no');
    const text = toSummary(
      opened([
        [{}, open],
        [{ port: 3389 }, { status: 'failed', error }],
        [{ port: 5986 }, { status: 'initiated' }],
      ]),
    );
    const ports = rowsOf(text)
      .slice(2)
      .map((row) => row.split('|')[2]?.trim());
    assert.deepEqual(ports, ['3389', '22', '5986']);
  });

  it('keeps its structure with hostile names', () => {
    const name = 'a|b`c<script>alert(1)</script>\n| x | [y](https://evil.test) ##vso[task.complete]';
    const text = toSummary(opened([[{ vm: { ...aVm(), name }, sources: ['<b>|'] }, open]])) ?? '';
    const rows = rowsOf(text);
    assert.equal(rows.length, 3);
    for (const row of rows) assert.equal(row.split('|').length, 8);
    assert.doesNotMatch(text, /<script|\]\(|##vso\[|https:\/\//);
  });
});
