import assert from 'node:assert/strict';
import { parsePrefixes } from '../../../tasks/shared/core/prefixes';
import {
  requestorOf,
  joinCalls,
  toCallRows,
  toRows,
} from '../../../tasks/JitReport/JitReportV1/src/judge/audit';
import type { LoggedCall } from '../../../tasks/JitReport/JitReportV1/src/judge/calls';
import type { AccessRequest, RequestedPort } from '../../../tasks/shared/core/policy';
import { aPolicy, aRequest, aVm, HOUR, NOW } from '../core/policies';
import { aCall } from './calls';

const CONTEXT = { azureNow: NOW, home: 'https://dev.azure.com/contoso/' };
const RUN = 'https://dev.azure.com/contoso/shop/_build/results?buildId=7';
const rows = (request: AccessRequest, call?: LoggedCall) =>
  toRows({ policy: aPolicy(), request, call, byTime: false }, CONTEXT);

describe('a request in the audit', () => {
  it('has one row for each VM, with its ports', () => {
    const port = (name: string, number: number) => aRequest({ vm: aVm(name), port: number }).ports[0]!;
    const ports = [port('web-01', 22), port('db-01', 22), port('web-01', 3389)];
    const found = rows({ ...aRequest(), ports });
    assert.deepEqual(
      found.map(({ vmId, vmName, ports: own }) => [vmId, vmName, own.map((one) => one.port)]),
      [
        [aVm().id, 'web-01', [22, 3389]],
        [aVm('db-01').id, 'db-01', [22]],
      ],
    );
    const [first] = found[0]?.ports ?? [];
    assert.deepEqual(first, {
      ...{ port: 22, sources: parsePrefixes(['20.50.1.7']), endsAt: new Date(NOW + HOUR).toISOString() },
      ...{ durationSeconds: 3660, state: 'live' },
      ...{ endedAt: null, openSeconds: null },
    });
    assert.deepEqual(
      [found[0]?.time, found[0]?.result, found[0]?.policyId, found[0]?.found, found[0]?.correlationId],
      [new Date(NOW - 60_000).toISOString(), 'granted', aPolicy().id, 'policy', null],
    );
  });

  it('has the port of a refused call without a time, but no port of a call that might have been granted', () => {
    const asked = [{ ...aRequest().ports[0]!, endsAt: NOW, lastsMs: 0 }];
    const of = (outcome: LoggedCall['outcome']) =>
      toCallRows(aCall({ asked, outcome }), CONTEXT).map(({ vmName, ports }) => [
        vmName,
        ports.map(({ port, durationSeconds, state }) => [port, durationSeconds, state]),
      ]);
    assert.deepEqual(of('refused'), [['web-01', [[22, 0, 'refused']]]]);
    assert.deepEqual(of('granted'), [['web-01', []]]);
    assert.deepEqual(of('unknown'), [['web-01', []]]);
  });

  it('is active, ended, superseded, or in the state that Azure reports', () => {
    const state = (port: Partial<RequestedPort>) => rows(aRequest(port))[0]?.ports[0]?.state;
    assert.equal(state({}), 'live');
    assert.equal(state({ status: 'Initiating' }), 'live');
    assert.equal(state({ endsAt: NOW }), 'ended');
    assert.equal(state({ status: 'Revoked', statusReason: 'Expired' }), 'ended');
    assert.equal(state({ status: 'Revoked', statusReason: 'NewerRequestInitiated' }), 'superseded');
    assert.equal(state({ status: 'Revoked', statusReason: 'Other' }), 'Revoked');
    assert.equal(state({ status: 'Rejected', endsAt: NOW - 1 }), 'Rejected');
  });

  it('has as much of a justification as docs/report.md says, in whole words', () => {
    const lengthOf = (justification: string) =>
      rows({ ...aRequest(), justification })[0]?.justification.length;
    assert.equal(lengthOf('a '.repeat(1000)), 1600);
    assert.equal(lengthOf('sixteen letters '.repeat(99) + 'a word that is cut'), 1600 - 1);
  });

  it('lasts no less than nothing', () => {
    assert.equal(rows(aRequest({ endsAt: NOW - HOUR }))[0]?.ports[0]?.durationSeconds, 0);
  });

  it('combines the policy and the log', () => {
    const [row] = rows(
      aRequest({}, { requestor: 'bo@contoso.com' }),
      aCall({ justification: `Shop, ${RUN}` }),
    );
    assert.deepEqual(
      [row?.found, row?.correlationId, row?.who, row?.justification, row?.runUrl],
      ['both', 'c-1', 'ana@contoso.com', `Shop, ${RUN}`, RUN],
    );
    const [own] = rows(aRequest({}, { justification: 'own' }), aCall({ justification: 'other' }));
    assert.equal(own?.justification, 'own');
  });

  it('was made by the caller in the log, or otherwise by the requestor, or otherwise by an unknown identity', () => {
    const bo = aRequest({}, { requestor: 'bo@contoso.com' });
    const who = (call: LoggedCall | undefined, request: AccessRequest, byTime = false) => {
      const requester = requestorOf({ policy: aPolicy(), request, call, byTime });
      return [requester.who, requester.whoId, requester.whoLikely];
    };
    assert.deepEqual(who(aCall(), bo), ['ana@contoso.com', null, false]);
    assert.deepEqual(who(aCall({ caller: '' }), bo), ['bo@contoso.com', null, false]);
    assert.deepEqual(who(undefined, bo), ['bo@contoso.com', null, false]);
    assert.deepEqual(who(aCall({ caller: '' }), aRequest()), [null, null, false]);
    const named = aCall({ caller: '5b2e8f0c', callerName: 'shop-deploy' });
    assert.deepEqual(who(named, aRequest()), ['shop-deploy', '5b2e8f0c', false]);
  });

  it('was only probably made by a caller that is connected by time only', () => {
    const who = (call: LoggedCall, requestor: string) => {
      const request = aRequest({}, { requestor });
      const requester = requestorOf({ policy: aPolicy(), request, call, byTime: true });
      return [requester.who, requester.whoLikely];
    };
    assert.deepEqual(who(aCall(), ''), ['ana@contoso.com', true]);
    assert.deepEqual(who(aCall(), 'bo@contoso.com'), ['bo@contoso.com', false], 'the policy is surer');
    assert.deepEqual(who(aCall(), 'ANA@contoso.com'), ['ana@contoso.com', false]);
    const joined = (call: LoggedCall, justification = '') =>
      joinCalls([aPolicy({ requests: [aRequest({}, { justification })] })], [call]).joined[0]?.byTime;
    assert.equal(joined(aCall({ time: NOW - 60_000 })), true);
    assert.equal(joined(aCall({ time: NOW - 60_000, justification: 'why' }), 'why'), false);
    assert.equal(joined(aCall({ time: NOW - 60_000, asked: aRequest().ports })), false);
  });
});

describe('a call without an entry in a policy', () => {
  it('is a row without VM and ports if the log does not have them', () => {
    const call = aCall({ outcome: 'refused', correlationId: '', caller: '', justification: 'please' });
    assert.deepEqual(toCallRows(call, CONTEXT), [
      {
        ...{ time: new Date(NOW).toISOString(), vmId: null, vmName: null, ports: [], result: 'refused' },
        ...{
          who: null,
          whoId: null,
          whoLikely: false,
          justification: 'please',
          runUrl: null,
          policyId: aPolicy().id,
        },
        ...{ correlationId: null, found: 'activityLog' },
      },
    ]);
  });

  it('has the requested duration, regardless of the entry that contains it', () => {
    const requested = aRequest().ports.map((port) => ({
      ...port,
      lastsMs: 3 * HOUR,
      endsAt: NOW + 4 * HOUR,
    }));
    const [port] = toCallRows(aCall({ asked: requested }), CONTEXT)[0]?.ports ?? [];
    assert.deepEqual(
      [port?.durationSeconds, port?.endsAt],
      [3 * 3600, new Date(NOW + 3 * HOUR).toISOString()],
    );
  });

  it('ends at the last time that can be written, regardless of the requested duration', () => {
    for (const lastsMs of [1e8 * 24 * HOUR, 9e15]) {
      const asked = aRequest().ports.map((port) => ({ ...port, lastsMs }));
      const [port] = toCallRows(aCall({ asked, outcome: 'refused' }), CONTEXT)[0]?.ports ?? [];
      assert.equal(port?.endsAt, '9999-12-31T23:59:59.999Z');
    }
  });

  it('is a row for each VM where the log tells them', () => {
    const requested = ['web-01', 'db-01'].flatMap((name) => aRequest({ vm: aVm(name), status: '' }).ports);
    for (const outcome of ['granted', 'refused', 'unknown'] as const) {
      const found = toCallRows(aCall({ asked: requested, outcome, justification: RUN }), CONTEXT);
      assert.deepEqual(
        found.map(({ vmName, result, runUrl, who }) => [vmName, result, runUrl, who]),
        ['web-01', 'db-01'].map((name) => [name, outcome, RUN, 'ana@contoso.com']),
      );
      const [port] = found[0]?.ports ?? [];
      assert.deepEqual([port?.durationSeconds, port?.state], [3600, outcome]);
    }
  });
});
