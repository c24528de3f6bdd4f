import assert from 'node:assert/strict';
import { parsePrefixes } from '../../tasks/shared/core/prefixes';
import type { Access } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/access';
import type { Pending } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/pending';
import type { EchoAnswer } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/echo';
import { CODES, type Code } from '../../tasks/shared/core/codes';
import { type CodedError } from '../../tasks/shared/core/errors';
import * as addresses from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/messages/sourceAddress';
import * as failures from '../../tasks/shared/messages/failures';
import * as policyFailures from '../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/messages/policyFailures';
import * as refusals from '../../tasks/shared/messages/refusals';
import { refusedByPolicy } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/messages/planning';
import * as reporting from '../../tasks/JitReport/JitReportV1/src/messages/reporting';
import { mayBeOpen } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/messages/requesting';
import { partlyFailed } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/messages/opening';
import { notOpenInTime, superseded } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/messages/waiting';
import { aPolicy, aPortRule, aRequest, aVm, HOUR, NOW } from './core/policies';
import { jitDeny, aRule } from './core/networks';

const HOSTILE = 'evil\n##vso[task.complete result=Succeeded;]\u202e client_secret=hunter2hunter2';

const vm = { ...aVm(), name: HOSTILE };
const rule = aPortRule({ sources: ['20.50.0.0/16'] });
const policy = { ...aPolicy(), name: HOSTILE };
const hostilePolicy = { name: HOSTILE, resourceGroup: HOSTILE, location: HOSTILE };
const answers: readonly EchoAnswer[] = [
  { service: 'https://a.test/', kind: 'text', text: HOSTILE },
  { service: 'https://b.test/', kind: 'failure', reason: HOSTILE },
];
const access: Access = {
  vm,
  policy,
  port: 22,
  protocol: '*',
  wantedSources: parsePrefixes(['20.50.1.7']),
  wantedUntil: NOW + HOUR,
  sources: parsePrefixes(['20.50.1.7']),
  endsAt: NOW + HOUR,
  status: HOSTILE,
  startedAt: new Date(NOW - HOUR).toISOString(),
  reused: false,
  others: undefined,
};
const pending: Pending = {
  index: 0,
  access,
  blockers: undefined,
  request: undefined,
  readable: true,
  admitted: false,
  permanent: undefined,
  trouble: undefined,
};
const group = { id: '/nsg', name: HOSTILE, rules: [] };
const denies = (by: ReturnType<typeof aRule>) => ({
  reason: 'denies' as const,
  rule: { ...by, ...(by.name.includes('JIT') ? {} : { name: HOSTILE }) },
  group,
  attachedTo: 'nic' as const,
  sources: parsePrefixes(['20.50.1.7']),
});
const [own] = aRequest({ status: 'Revoked', statusReason: HOSTILE }).ports;
assert.ok(own);
const newer = aRequest({ vm }, { requestor: HOSTILE, justification: HOSTILE });

/** Every failure that a user can see, by its code, with hostile text wherever text comes from outside. */
const MADE: readonly (readonly [Code, CodedError])[] = [
  ['JIT101', failures.wrongInputs([{ input: 'ports', problem: 'It is wrong.' }])],
  ['JIT201', failures.connectionIncomplete(HOSTILE, ['the tenant id'])],
  ['JIT201', failures.connectionWithoutToken('c', HOSTILE)],
  ['JIT202', failures.signInRefused(HOSTILE)],
  ['JIT202', failures.tokenRefused()],
  ['JIT202', refusals.tokenOfOtherTenant([HOSTILE], HOSTILE)],
  ['JIT202', failures.identityMissing(HOSTILE)],
  ['JIT203', failures.noOidcToken(HOSTILE)],
  ['JIT301', refusals.forbidden('Microsoft.X/y/read', HOSTILE)],
  ['JIT302', refusals.defenderPlanOff('s', HOSTILE)],
  ['JIT302', refusals.notOnboarded('The request', HOSTILE)],
  ['JIT303', refusals.forbiddenBy('denyAssignment', 'The request', HOSTILE)],
  ['JIT401', refusedByPolicy([{ kind: 'noPolicy', vm, policies: [HOSTILE] }], '')],
  ['JIT401', refusedByPolicy([{ kind: 'noPolicy', vm, policies: [] }], HOSTILE)],
  ['JIT402', refusedByPolicy([{ kind: 'portNotAllowed', vm, policy, port: 23, allowed: [] }], '')],
  ['JIT403', refusedByPolicy([{ kind: 'tooLong', vm, policy, rule, durationMs: HOUR }], '')],
  [
    'JIT404',
    refusedByPolicy([{ kind: 'sourceNotAllowed', vm, policy, rule, sources: parsePrefixes([HOSTILE]) }], ''),
  ],
  ['JIT404', refusedByPolicy([{ kind: 'anySourceNotWritten', vm, policy, rule }], '')],
  ['JIT405', failures.requestRefused(HOSTILE, HOSTILE)],
  ['JIT406', failures.notFound('VM', HOSTILE)],
  ['JIT406', failures.policyNameUnknown(HOSTILE, HOSTILE, [HOSTILE])],
  ['JIT411', policyFailures.nameTooLong([{ policy: hostilePolicy, vm: HOSTILE }])],
  ['JIT412', policyFailures.notProvisioned(hostilePolicy, HOSTILE, 1000, true)],
  ['JIT413', policyFailures.policyRefused(hostilePolicy, HOSTILE)],
  ['JIT414', policyFailures.keptChanging(hostilePolicy, [HOSTILE], [HOSTILE])],
  ['JIT421', reporting.vmsNotConfigured([HOSTILE], 1, true)],
  ['JIT422', reporting.portsOpenToInternet([HOSTILE, HOSTILE], 7, ['IPv4', 'IPv6'])],
  ['JIT424', reporting.portsMayBeOpen([HOSTILE, HOSTILE], 7)],
  ['JIT423', reporting.notWritten(HOSTILE, HOSTILE, [HOSTILE])],
  ['JIT501', addresses.noAnswer(answers)],
  ['JIT502', addresses.disagreement(answers)],
  ['JIT503', addresses.notPublic(HOSTILE, answers)],
  ['JIT601', failures.throttled(HOSTILE, HOSTILE)],
  ['JIT602', failures.serverError(HOSTILE, 503, HOSTILE)],
  ['JIT603', failures.notReached(HOSTILE, HOSTILE)],
  ['JIT603', mayBeOpen(failures.notReached('x', 'y'), [{ vm, port: 22, sources: undefined, endsAt: NOW }])],
  ['JIT604', failures.senselessAnswer(HOSTILE, HOSTILE)],
  ['JIT604', refusals.versionRefused('The VM', HOSTILE)],
  ['JIT604', refusals.refusedByAzure('The VM', HOSTILE)],
  ['JIT701', notOpenInTime(pending, 'request', 1000)],
  ['JIT701', notOpenInTime({ ...pending, blockers: [denies(jitDeny(4096))] }, 'rule', 1000)],
  ['JIT702', notOpenInTime({ ...pending, blockers: [denies(aRule({ priority: 50 }))] }, 'rule', 1000)],
  ['JIT703', superseded(access, own, aPolicy({ requests: [newer] }))],
  ['JIT704', notOpenInTime({ ...pending, admitted: true }, 'connection', 1000)],
  ['JIT801', failures.cancelled('It had opened nothing.')],
  ['JIT901', failures.bug(new Error(HOSTILE))],
];

describe('the message of a failure', () => {
  it('exists for every code', () => {
    // The message of JIT102 is in a file that old versions of Node can parse, before these are loaded.
    const made = new Set(MADE.map(([code]) => code));
    assert.deepEqual(
      CODES.filter((code) => !made.has(code)),
      ['JIT102'],
    );
  });

  MADE.forEach(([code, error], index) => {
    it(`${code} (${index}) has the code first, then what was seen, then what to do`, () => {
      assert.equal(error.code, code);
      assert.ok(error.message.startsWith(`${code}: `));
      assert.ok(error.seen.length > 10 && error.remedy.length > 10);
      assert.ok(error.message.includes(error.seen) && error.message.includes(error.remedy));
    });

    it(`${code} (${index}) is harmless on one line, regardless of text from outside`, () => {
      assert.doesNotMatch(error.message, /##\w*\[|[\p{Cc}\p{Cf}]|hunter2/u);
    });
  });

  it('keeps the first code and every remedy if several ports failed', () => {
    const one = failures.serverError('a', 503, 'b');
    const two = failures.notReached('c', 'd');
    const all = partlyFailed(
      [one, two].map((failure) => ({ vm: aVm(), port: 22, failure })),
      1,
    );
    assert.equal(all?.code, 'JIT602');
    for (const part of [one.seen, two.seen, 'JIT603']) assert.ok(all.seen.includes(part));
    for (const part of [one.remedy, two.remedy]) assert.ok(all.remedy.includes(part));
    assert.equal(partlyFailed([], 3), undefined);
  });

  it('lists every invalid input', () => {
    const { seen } = failures.wrongInputs(['ports', 'duration'].map((input) => ({ input, problem: 'No.' })));
    assert.ok(seen.includes('ports') && seen.includes('duration'));
  });

  it('lists every violation once', () => {
    const violation = { kind: 'portNotAllowed' as const, vm: aVm(), policy: aPolicy(), allowed: [22] };
    const { seen } = refusedByPolicy(
      [
        { ...violation, port: 80 },
        { ...violation, port: 81 },
      ],
      '',
    );
    assert.ok(seen.includes('80') && seen.includes('81'));
  });
});
