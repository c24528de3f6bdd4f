import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { assertPrivate } from '../support/privateFiles';
import {
  requestedPorts,
  assertNames,
  assertSucceeded,
  assertWarns,
  endpointsOf,
  requestsOf,
  usePackagedTask,
  warningsOf,
} from '../support/packagedTask';

describe('a run', () => {
  const task = usePackagedTask();

  it('sets all outputs exactly', async () => {
    const step = await task.prepare();
    const run = await step.run({ ports: '3389,22', duration: '45m' });
    assertSucceeded(run);
    const [grant] = step.policy.liveGrants();
    const expiresAtUtc = new Date(grant?.endsAt ?? 0).toISOString();
    assert.deepEqual(
      { ...run.outputs, endpoints: '', endpointsPath: '', inventoryPath: '' },
      {
        endpoints: '',
        endpointsPath: '',
        inventoryPath: '',
        sourceAddresses: '20.61.99.7',
        expiresAtUtc,
        host: '20.50.1.10',
        port: '3389',
      },
    );
    const endpoint = {
      vmResourceId: step.vm.id,
      vmName: 'web-01',
      host: '20.50.1.10',
      privateIpAddress: step.vm.privateIp,
      publicIpAddress: '20.50.1.10',
      sourceAddresses: ['20.61.99.7'],
      expiresAtUtc,
      status: 'open',
    };
    assert.deepEqual(endpointsOf(run), [
      { ...endpoint, port: 3389, connectPort: 3389 },
      { ...endpoint, port: 22, connectPort: 22 },
    ]);
    assert.deepEqual(run.variables, {});
    const file = run.outputs['endpointsPath'] ?? '';
    assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), endpointsOf(run));
    assertPrivate(file);
    assertPrivate(run.outputs['inventoryPath'] ?? '');
    assert.deepEqual(warningsOf(run), []);
  });

  it('sets the earliest end if ports end at different times', async () => {
    const rule = { protocol: 'TCP', sources: '*' };
    const step = await task.prepare({
      ports: [
        { ...rule, number: 22, maxRequestAccessDuration: 'PT3H' },
        { ...rule, number: 3389, maxRequestAccessDuration: 'PT1H' },
      ],
    });
    const run = await step.run({ ports: '22,3389', duration: 'max' });
    assertSucceeded(run);
    const ends = step.policy.liveGrants().map(({ endsAt }) => endsAt);
    assert.equal(run.outputs['expiresAtUtc'], new Date(Math.min(...ends)).toISOString());
  });

  it('sets the private address of a VM without a public one, and the primary one of several', async () => {
    const step = await task.prepare();
    const ports = [{ number: 22, protocol: '*', sources: '*', maxRequestAccessDuration: 'PT3H' }];
    const inside = step.azure.addVm({
      name: 'inside-01',
      subnet: 'back',
      nics: [
        { name: 'eth0', primary: false, addresses: [{ privateIp: '10.0.7.4', primary: true }], nsg: true },
        {
          name: 'eth1',
          primary: true,
          addresses: [
            { privateIp: '10.0.7.5', primary: false },
            { privateIp: '10.0.7.6', primary: true },
          ],
          nsg: true,
        },
      ],
    });
    const dynamic = step.azure.addVm({ name: 'dynamic-01', subnet: 'back', publicIp: null });
    step.azure.addPolicy({ name: 'inside', vms: [inside, dynamic].map((vm) => ({ vm, ports })) });
    const run = await step.run({ vmResourceId: `${inside.id},${dynamic.id}` });
    assertSucceeded(run);
    assert.equal(run.outputs['host'], '10.0.7.6');
    assert.deepEqual(
      endpointsOf(run).map(({ host, privateIpAddress, publicIpAddress }) => [
        host,
        privateIpAddress,
        publicIpAddress,
      ]),
      [
        ['10.0.7.6', '10.0.7.6', ''],
        [dynamic.privateIp, dynamic.privateIp, ''],
      ],
    );
  });

  it('sets the address and the port of the firewall in front of the VM', async () => {
    const step = await task.prepare({ firewall: '20.33.0.4', ports: [{ ...SSH }] });
    const run = await step.run();
    assertSucceeded(run);
    const [endpoint] = endpointsOf(run);
    assert.equal(run.outputs['host'], '20.33.0.4');
    assert.equal(run.outputs['port'], '13022');
    assert.equal(endpoint?.host, '20.33.0.4');
    assert.equal(endpoint.connectPort, 13022);
    assert.equal(endpoint.port, 22);
    assert.equal(endpoint.publicIpAddress, '20.50.1.10');
    assertNames(run.log.filter((line) => line.startsWith('Open: ')).join(), '20.33.0.4', '13022');
    assertWarns(run, 'jit-web', '20.33.0.4', 'web-01');
    assert.equal(step.azure.callsTo('firewalls.list').length, 1);
    const again = await step.run();
    const { endpointsPath = '', inventoryPath = '' } = again.outputs;
    const expected = { ...run.outputs, endpointsPath, inventoryPath };
    assert.deepEqual(again.outputs, expected, 'a request that is used again');
  });

  it('does not warn of a host that is a firewall or the VM itself', async () => {
    for (const host of ['20.33.0.4', '20.50.1.10']) {
      const step = await task.prepare({ firewall: host, ports: [{ ...SSH }] });
      step.azure.addFirewall({ besides: step.vm, publicIp: '20.33.0.4' });
      const run = await step.run();
      assert.equal(run.outputs['host'], host);
      assert.deepEqual(warningsOf(run), []);
      assert.equal(step.azure.callsTo('firewalls.list').length, host === '20.50.1.10' ? 0 : 1);
    }
  });

  it('warns of a host that cannot be compared with a firewall because of a missing right, and of one that differs', async () => {
    const step = await task.prepare({ firewall: '20.33.0.5', ports: [{ ...SSH }] });
    step.azure.addFirewall({ besides: step.vm, publicIp: '20.33.0.4' });
    for (const status of [undefined, 403, 404, 500]) {
      if (status !== undefined)
        step.azure.faults.always('firewalls.list', { status, code: 'AuthorizationFailed' });
      const run = await step.run({ waitFor: 'nothing' });
      assertSucceeded(run);
      assertWarns(run, '20.33.0.5');
    }
  });

  it('shows a table with a row for each port', async () => {
    const step = await task.prepare();
    const run = await step.run({ ports: '22,3389' });
    assert.equal(run.summaries.length, 1);
    const rows = (run.summaries[0] ?? '').split('\n').filter((line) => line.startsWith('| web-01 |'));
    assert.equal(rows.length, 2);
    const end = (run.outputs['expiresAtUtc'] ?? '').slice(0, 19).replace('T', ' ');
    assertNames(rows[0] ?? '', '| 22 |', '20.61.99.7', end, 'open');
    assertNames(rows[1] ?? '', '| 3389 |', '20.61.99.7', end, 'open');
    const [only = ''] = run.filesLeft.filter((file) => file.endsWith('.md'));
    assertPrivate(path.join(run.outputs['endpointsPath'] ?? '', '../..', only));
  });

  it('shows a progress bar that rises to its end', async () => {
    const step = await task.prepare({ settings: { ruleDelayMs: 500 } });
    const run = await step.run();
    const percents = run.progress.map(({ percent }) => percent);
    assert.ok(new Set(percents).size >= 4, percents.join());
    assert.equal(percents.at(-1), 100);
  });
});

const SSH = { number: 22, protocol: 'TCP', sources: '*', maxRequestAccessDuration: 'PT3H' };

describe('the justification', () => {
  const task = usePackagedTask();

  it('names project, pipeline, run, requester, and URL, in builds and releases', async () => {
    const [build, release] = await Promise.all([task.prepare(), task.prepare()]);
    const runs = await Promise.all([build.run(), release.run({}, { host: 'release' })]);
    runs.forEach(assertSucceeded);
    const [fromBuild] = requestsOf(build);
    const [fromRelease] = requestsOf(release);
    assertNames(
      fromBuild?.justification ?? '',
      'Web Shop',
      'deploy-web',
      '20260801.3',
      'Ada Park',
      'https://dev.azure.com/contoso/Web%20Shop/_build/results?buildId=4711',
    );
    assertNames(
      fromRelease?.justification ?? '',
      'Web Shop',
      'Web shop release',
      'Release-88',
      'Ada Park',
      /https:\/\/dev\.azure\.com\/contoso\/\S+\/_release\?releaseId=88/,
    );
  });

  it("names the organization of the agent's own connection, whatever variables say", async () => {
    const step = await task.prepare();
    const variables = {
      'System.CollectionUri': 'https://dev.azure.com/attacker/',
      'Release.ReleaseWebURL': 'https://attacker.example/_release?releaseId=1',
    };
    for (const host of ['build', 'release'] as const)
      assertSucceeded(await step.run({ ports: host === 'build' ? '22' : '3389' }, { host, variables }));
    const [build, release] = requestsOf(step).map(({ justification = '' }) => justification);
    assertNames(build ?? '', 'https://dev.azure.com/contoso/Web%20Shop/_build/results?buildId=4711');
    assertNames(release ?? '', 'https://dev.azure.com/contoso/Web%20Shop/_release?releaseId=88');
    assert.doesNotMatch(`${build} ${release}`, /attacker/);
  });

  it('is what the user wrote, if anything was written', async () => {
    const step = await task.prepare();
    assertSucceeded(await step.run({ justification: 'Change 4711: new "certificates"' }));
    assert.equal(requestsOf(step)[0]?.justification, 'Change 4711: new "certificates"');
    assert.equal(requestedPorts(step).length, 1);
  });
});
