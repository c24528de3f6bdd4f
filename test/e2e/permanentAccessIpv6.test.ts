import assert from 'node:assert/strict';
import type { NewRule } from '../support/azure';
import {
  assertNames,
  assertSucceeded,
  assertWarns,
  closeAfter,
  usePackagedTask,
  warningsOf,
} from '../support/packagedTask';

const allow = (source: string): NewRule => ({
  ...{ name: 'ssh-6', priority: 1002, access: 'Allow', protocol: 'Tcp' },
  ...{ sources: [source], destinationPorts: ['22'] },
});
const WARNING = ['IPv6', 'port 22 of web-01', 'ssh-6', '1002', 'nsg-web', '::/0', 'only IPv4'];

describe('a rule that allows everyone over IPv6', () => {
  const task = usePackagedTask();
  const stepWith = (source: string, given: { readonly ipv6?: string }) =>
    task.prepare({
      vm: { ...given, subnetNsg: false, nicNsg: { name: 'nsg-web', rules: [allow(source)] } },
    });

  it('causes a warning for a VM with IPv6, and is named when the port is closed, without additional calls', async () => {
    const [dual, single] = [await stepWith('::/0', { ipv6: 'fd00:10::4' }), await stepWith('::/0', {})];
    const runs = [await dual.run({ closeAtJobEnd: 'true' }), await single.run({ closeAtJobEnd: 'true' })];
    runs.forEach(assertSucceeded);
    const [run, quiet] = runs;
    assert.ok(run && quiet);
    assertWarns(run, ...WARNING);
    assert.equal(warningsOf(run).length, 1);
    assert.deepEqual(warningsOf(quiet), []);
    for (const kind of ['vm', 'nic', 'subnet', 'publicIp', 'nsg', 'vnet'] as const) {
      assert.equal(dual.azure.callsTo(kind).length, single.azure.callsTo(kind).length, kind);
    }

    const after = await closeAfter(dual, run);
    assert.deepEqual(after.issues, []);
    assertNames(after.log.find((line) => line.includes('Closed:')) ?? '', ...WARNING);
    assert.ok(!(await closeAfter(single, quiet)).log.join('\n').includes('IPv6'));
  });

  it('also causes a warning in a dry run, in contrast to a rule for some addresses or for IPv4', async () => {
    const dry = async (source: string) => {
      const run = await (await stepWith(source, { ipv6: 'fd00:10::4' })).run({ dryRun: 'true' });
      assertSucceeded(run);
      return run;
    };
    assertWarns(await dry('::/0'), ...WARNING);
    for (const source of ['2603::/16', '20.61.0.0/16']) {
      assert.ok(!(await dry(source)).log.join('\n').includes('IPv6'), source);
    }
  });
});
