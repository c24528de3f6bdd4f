import assert from 'node:assert/strict';
import {
  assertFailed,
  assertSucceeded,
  endpointsOf,
  requestsOf,
  usePackagedTask,
} from '../support/packagedTask';
import { REPORT_TASK, reportOf } from '../support/reportRun';

const CONFIGURE_TASK = 'tasks/JitConfigurePolicy/JitConfigurePolicyV1';

describe('invisible characters in inputs', () => {
  const opening = usePackagedTask();
  const configuring = usePackagedTask('Node20_1', CONFIGURE_TASK);
  const reporting = usePackagedTask('Node20_1', REPORT_TASK);

  it('do no harm at the ends of IDs, ports, durations, addresses, and choices', async () => {
    const [open, configure, report] = await Promise.all([
      opening.prepare(),
      configuring.prepare(),
      reporting.prepare(),
    ]);
    const { id } = configure.azure.addVm({ name: 'new-01' });
    const runs = await Promise.all([
      open.run({
        vmResourceId: `\u200b${open.vm.id}\u200b`,
        ports: '22\u200b,\ufeff3389\u200d',
        duration: '45m\u200b',
        sourceIp: '20.61.99.7\u200b, \u200e20.61.99.8',
        waitFor: 'rule\u200b',
        policyName: '\u2060jit-web\u200b',
      }),
      configure.run({
        vmResourceId: `${id}\ufeff`,
        portRules: '\u200b22\u200b max 2h\u200b from 203.0.113.7\u200b',
      }),
      report.run({ scope: `\u200b${report.vm.id}\u200b`, days: '\u200b7\u00ad' }),
    ]);
    runs.forEach(assertSucceeded);
    assert.deepEqual(
      endpointsOf(runs[0]).map(({ port, sourceAddresses }) => [port, sourceAddresses]),
      [22, 3389].map((port) => [port, ['20.61.99.7', '20.61.99.8']]),
    );
    assert.match(
      runs[1].outputs['diff'] ?? '',
      /"sources":\["203\.0\.113\.7"\],"maxRequestAccessDuration":"PT2H"/,
    );
    assert.equal(reportOf(runs[2]).vms.length, 1);
  });

  it('are named with their code points inside these values, before any call', async () => {
    const [open, configure, report] = await Promise.all([
      opening.prepare(),
      configuring.prepare(),
      reporting.prepare(),
    ]);
    const runs = await Promise.all([
      open.run({
        vmResourceId: 'rg-app/web\u200b-01',
        ports: '2\u200d2',
        duration: '4\u20605m',
        sourceIp: '20.61\ufeff.99.7',
        policyName: 'jit\u00adweb',
      }),
      configure.run({ vmResourceId: 'rg-app/web\u200b-01', portRules: '2\u200e2 max 3h' }),
      report.run({ scope: 'rg\u200b-app', days: '7\u200b0' }),
    ]);
    assertFailed(runs[0], 'JIT101', 'web<U+200B>-01', 'U+200D', 'U+2060', 'U+FEFF', 'U+00AD', 'invisible');
    assertFailed(runs[1], 'JIT101', 'web<U+200B>-01', 'U+200E');
    assertFailed(runs[2], 'JIT101', 'rg<U+200B>-app', '7<U+200B>0');
    for (const { azure } of [open, configure, report]) assert.equal(azure.calls.length, 0);
    assert.deepEqual(requestsOf(open), []);
  });
});
