import assert from 'node:assert/strict';
import type { NotedGap } from '../../../tasks/JitReport/JitReportV1/src/judge/gathered';
import type { Gap, InternetPort, VmReport } from '../../../tasks/shared/view/report';
import { toOutputs } from '../../../tasks/JitReport/JitReportV1/src/outputs';
import { judgeReport } from '../../../tasks/JitReport/JitReportV1/src/judge/verdict';
import { forbidden } from '../../../tasks/shared/messages/refusals';
import { vmReached } from '../../../tasks/JitReport/JitReportV1/src/messages/reporting';
import { reachedText } from '../../../tasks/shared/view/messages/open';
import { ruleText } from '../../../tasks/shared/view/messages/report';
import { outputTexts } from '../../support/outputTexts';
import {
  anActiveRequest,
  aMayBeOpenPort,
  anInternetPort,
  anUncoveredVm,
  aReport,
  aPermanentPort,
  aVmReport,
} from '../../support/report/reports';

const FAIL_ON = ['nothing', 'notConfigured', 'openToInternet', 'mayBeOpen'] as const;
const COVERED = [aVmReport('web-01')];
const UNCOVERED = [
  anUncoveredVm('bad-01', { state: 'notConfigured', reason: 'reachable', recommended: true }),
];
const CLOSED = [anUncoveredVm('ok-01', { state: 'notConfigured', reason: 'closed' })];

const gapIn = (part: Gap['part']): NotedGap => {
  const failure = forbidden(`Microsoft.Test/${part}/read`, '/subscriptions/s');
  const { code, message: text } = failure;
  return { gap: { part, code, action: failure.action, scope: failure.scope, text }, failure };
};
const judge = (
  failOn: (typeof FAIL_ON)[number],
  vms: readonly VmReport[],
  open: readonly number[] = [],
  gaps: readonly NotedGap[] = [],
) => {
  const internetPorts = open.map((port) => anInternetPort({ vmName: 'bad-01', port }));
  return judgeReport(aReport({ vms, internetPorts, gaps: gaps.map(({ gap }) => gap) }), gaps, failOn);
};

describe('the failure of a report', () => {
  it('is undefined if nothing was found', () => {
    for (const failOn of FAIL_ON) {
      assert.equal(judge(failOn, COVERED), undefined);
      assert.equal(judge(failOn, CLOSED), undefined);
      assert.equal(judge(failOn, []), undefined, 'an empty scope');
    }
  });

  it('depends only on the configured gate', () => {
    const both = (failOn: (typeof FAIL_ON)[number]) => judge(failOn, UNCOVERED, [22])?.code;
    assert.deepEqual(FAIL_ON.map(both), [undefined, 'JIT421', 'JIT422', 'JIT422']);
    assert.equal(judge('openToInternet', UNCOVERED), undefined);
    assert.equal(judge('notConfigured', COVERED, [22]), undefined);
  });

  it('names the first few findings, and the number of the others', () => {
    const many = Array.from({ length: 7 }, (_none, at) => ({ ...UNCOVERED[0]!, name: `bad-0${String(at)}` }));
    const vms = judge('notConfigured', [...COVERED, ...many]);
    assert.match(vms?.seen ?? '', /7 VMs.*bad-00, .*bad-04 and 2 more/);
    assert.doesNotMatch(vms?.seen ?? '', /web-01|bad-05/);
    const ports = judge('openToInternet', COVERED, [22, 3389, 5985, 5986, 1433, 5432]);
    assert.match(ports?.seen ?? '', /6 ports.* and 1 more/);
    assert.match(judge('notConfigured', UNCOVERED)?.seen ?? '', /1 VM .*bad-01/);
  });

  it('can be a port that might be open, named with the rule and the reason', () => {
    const report = aReport({ vms: COVERED, mayBeOpenPorts: [aMayBeOpenPort()] });
    for (const failOn of FAIL_ON) {
      const failure = judgeReport(report, [], failOn);
      assert.equal(failure?.code, failOn === 'mayBeOpen' ? 'JIT424' : undefined, failOn);
    }
    const { seen = '' } = judgeReport(report, [], 'mayBeOpen') ?? {};
    assert.match(seen, /web-01, port 22 .*allow-deploy \(300\) of nsg-web on the NIC from AzureCloud/);
    const bare = aMayBeOpenPort({ vmName: 'bare-01', reason: 'noSecurityGroup', rules: [] });
    const all = judgeReport(aReport({ vms: COVERED, mayBeOpenPorts: [bare] }), [], 'mayBeOpen');
    assert.match(all?.seen ?? '', /bare-01, port 22 .*no network security group/);
  });

  describe('over IPv6', () => {
    const over = (ipVersion: 'IPv4' | 'IPv6', port: number, publicShare = 1) =>
      anInternetPort({ vmName: 'bad-01', port, ipVersion, publicShare });
    const internet = (...internetPorts: readonly InternetPort[]) =>
      judgeReport(aReport({ vms: COVERED, internetPorts }), [], 'openToInternet');

    it('includes what does not close it', () => {
      const six = internet(over('IPv6', 22));
      assert.match(six?.seen ?? '', /1 port now: bad-01, port 22 over IPv6\./);
      assert.match(six?.remedy ?? '', /limit them to IPv4 sources.*supports only IPv4/);
      assert.doesNotMatch(six?.remedy ?? '', /with just-in-time access instead/);
      const four = internet(over('IPv4', 22));
      assert.match(four?.seen ?? '', /1 port now: bad-01, port 22\./);
      assert.match(four?.remedy ?? '', /with just-in-time access instead\.$/);
      const both = internet(over('IPv4', 22), over('IPv6', 3389));
      assert.match(both?.remedy ?? '', /with just-in-time access instead\. .*supports only IPv4/);
    });

    it('names each port once, with both versions', () => {
      const all = [22, 3389, 5985, 5986].flatMap((port) => [over('IPv4', port), over('IPv6', port)]);
      assert.match(
        internet(...all)?.seen ?? '',
        /4 ports now: bad-01, port 22 over IPv4 and IPv6, .*port 3389.*port 5985.*port 5986 over IPv4 and IPv6\./,
      );
      assert.match(
        internet(over('IPv4', 22), over('IPv6', 22, 0.75))?.seen ?? '',
        /bad-01, port 22 over IPv4 and IPv6 \(any address over IPv4 and 75\.0% of public addresses over IPv6\)/,
      );
    });

    it('has the number of ports that it does not name', () => {
      const many = [1, 2, 3, 4, 5, 6, 7].flatMap((port) => [over('IPv4', port), over('IPv6', port)]);
      assert.match(internet(...many)?.seen ?? '', /7 ports now: .*port 5 over IPv4 and IPv6 and 2 more/);
    });

    it('names a port that might be open once, with its reasons', () => {
      const doubts = (['IPv4', 'IPv6'] as const).map((ipVersion) => aMayBeOpenPort({ ipVersion }));
      const { seen = '' } =
        judgeReport(aReport({ vms: COVERED, mayBeOpenPorts: doubts }), [], 'mayBeOpen') ?? {};
      assert.match(seen, /1 port .*: web-01, port 22 over IPv4 and IPv6 \(/);
      assert.equal(seen.match(/allow-deploy/g)?.length, 1);
    });

    it('says that a policy would not close a port of a VM that should have one', () => {
      const [bad] = UNCOVERED;
      assert.ok(bad);
      for (const ipVersion of ['IPv4', 'IPv6'] as const) {
        const standingPorts = [aPermanentPort({ vmId: bad.id, port: 22, ipVersion })];
        const failure = judgeReport(aReport({ vms: UNCOVERED, standingPorts }), [], 'notConfigured');
        assert.equal(failure?.remedy.includes('supports only IPv4'), ipVersion === 'IPv6');
      }
    });
  });

  it('names the port, source, and rule through which a VM is reached', () => {
    const [bad] = UNCOVERED;
    assert.ok(bad);
    const rule = { name: 'office', priority: 300, group: 'nsg', attachedTo: 'nic' } as const;
    const standing = aPermanentPort({ vmId: bad.id, port: 22, sources: ['10.0.0.0/8'], rules: [rule] });
    const report = aReport({ vms: UNCOVERED, standingPorts: [standing] });
    const { seen = '' } = judgeReport(report, [], 'notConfigured') ?? {};
    const by = reachedText('22', '10.0.0.0/8', [ruleText('office', 300, 'nsg', 'nic')]);
    assert.ok(seen.includes(vmReached('bad-01', by)), seen);
  });

  it('can be a gap that hides the result', () => {
    const hides: Readonly<Record<(typeof FAIL_ON)[number], readonly Gap['part'][]>> = {
      nothing: [],
      notConfigured: ['vms', 'network', 'policies'],
      openToInternet: ['vms', 'network'],
      mayBeOpen: ['vms', 'network', 'policies'],
    };
    for (const failOn of FAIL_ON) {
      for (const part of ['vms', 'network', 'policies', 'assessments', 'activityLog'] as const) {
        const gap = gapIn(part);
        const failure = judge(failOn, COVERED, [], [gap]);
        assert.equal(failure, hides[failOn].includes(part) ? gap.failure : undefined, `${failOn} ${part}`);
      }
    }
  });

  it('is a finding rather than a gap', () => {
    const gaps = [gapIn('network')];
    assert.equal(judge('notConfigured', UNCOVERED, [], gaps)?.code, 'JIT421');
    assert.equal(judge('openToInternet', COVERED, [22], gaps)?.code, 'JIT422');
  });

  it('is not a gap that hides single entries of something that was read', () => {
    const gap: NotedGap = { ...gapIn('policies'), entriesOnly: true };
    for (const failOn of FAIL_ON) assert.equal(judge(failOn, COVERED, [], [gap]), undefined, failOn);
  });

  it('says that no VM could be read, regardless of the gate', () => {
    const gap = gapIn('vms');
    for (const failOn of FAIL_ON) {
      assert.equal(judge(failOn, [], [], [gapIn('activityLog'), gap]), gap.failure, failOn);
    }
    assert.equal(judge('nothing', [], [], [gapIn('activityLog')]), undefined);
  });
});

describe('the outputs of a report', () => {
  it('are its counts and its path', () => {
    const report = aReport({
      vms: [
        ...COVERED,
        ...UNCOVERED,
        ...CLOSED,
        anUncoveredVm('x', { state: 'unsupported', reason: 'noFilter' }),
      ],
      liveRequests: [anActiveRequest()],
      standingPorts: [aPermanentPort()],
    });
    assert.deepEqual(outputTexts(toOutputs(report, '/a/jit-report.json')), {
      ...{ configured: '1', notConfigured: '2', unsupported: '1', openPorts: '2' },
      reportPath: '/a/jit-report.json',
    });
  });
});
