import assert from 'node:assert/strict';
import type { NewRule } from '../support/azure';
import {
  assertFailed,
  assertSucceeded,
  assertWarns,
  closeAfter,
  endpointsOf,
  usePackagedTask,
  warningsOf,
} from '../support/packagedTask';

const QUICK = { waitTimeout: '3s' };
const odd = (given: Partial<NewRule> & { readonly wire: object }): NewRule => ({
  ...{ name: 'odd', priority: 500, access: 'Deny', destinationPorts: ['22'] },
  ...given,
});

describe('an invalid rule', () => {
  const task = usePackagedTask();
  const stepWith = (rule: NewRule) =>
    task.prepare({ vm: { subnetNsg: false, nicNsg: { name: 'nsg-web', rules: [rule] } } });

  const WRONG: readonly object[] = [
    { access: 'Maybe' },
    { access: null },
    { direction: 'Sideways' },
    { protocol: 7 },
    { sourceAddressPrefix: 5 },
    { sourceAddressPrefixes: [null] },
    { destinationPortRanges: [22] },
    { destinationPortRange: 'ssh' },
    { destinationApplicationSecurityGroups: 'all' },
  ];

  for (const wire of WRONG) {
    it(`is ignored if a rule before it decides: ${JSON.stringify(wire)}`, async () => {
      const step = await stepWith(odd({ wire }));
      const run = await step.run();
      assertSucceeded(run);
      assert.deepEqual(
        endpointsOf(run).map(({ status }) => status),
        ['open'],
      );
      assert.deepEqual(warningsOf(run), []);
    });
  }

  for (const wire of [{ access: 'Maybe' }, { priority: 'first' }]) {
    it(`prevents reporting a port as open if it comes first, and is named: ${JSON.stringify(wire)}`, async () => {
      const step = await stepWith(odd({ priority: 100, wire }));
      assertFailed(await step.run(QUICK), 'JIT702', 'odd', 'nsg-web', Object.keys(wire)[0] ?? '');
    });
  }

  it('prevents reporting a port as closed, and is named', async () => {
    const step = await stepWith(odd({ access: 'Allow', wire: { access: 'Maybe' } }));
    const run = await step.run({ closeAtJobEnd: 'true' });
    assertSucceeded(run);
    assertWarns(await closeAfter(step, run), 'Still open', 'odd');
  });

  it('is not a rule with values in lower case', async () => {
    const shut = await stepWith(odd({ priority: 100, wire: { access: 'deny', direction: 'inbound' } }));
    assertFailed(await shut.run(QUICK), 'JIT702', 'odd', '100');
    const outbound = await stepWith(odd({ priority: 100, wire: { access: 'DENY', direction: 'outbound' } }));
    assertSucceeded(await outbound.run());
    const open = await stepWith(odd({ priority: 100, access: 'Allow', wire: { access: 'allow' } }));
    const run = await open.run();
    assertSucceeded(run);
    assertWarns(run, 'odd', 'without just-in-time access');
  });
});

describe('a request whose status is in lower case', () => {
  const task = usePackagedTask();

  it('counts with its status', async () => {
    const step = await task.prepare({ settings: { lowerCaseStatus: true } });
    assertSucceeded(await step.run({ waitFor: 'request' }));
    assertSucceeded(await step.run());
    assert.equal(step.azure.callsTo('initiate').length, 1, 'an active request is used again');
  });

  it('can be revoked too', async () => {
    const settings = { lowerCaseStatus: true, ruleDelayMs: Infinity, initiatingMs: Infinity } as const;
    const step = await task.prepare({ settings: { ...settings, supersession: 'vm+port' } });
    const running = step.start({ waitFor: 'request', waitTimeout: '20s' });
    const timer = setInterval(() => {
      if (step.azure.callsTo('initiate').length === 0) return;
      clearInterval(timer);
      step.policy.requestByOther({ vm: step.vm, port: 22, sources: ['20.9.9.9'], durationMs: 600_000 });
    }, 20);
    assertFailed(await running.finished, 'JIT703');
  });
});

describe('a public address without an NSG', () => {
  const task = usePackagedTask();
  const bare = (publicSku: 'Basic' | 'Standard') =>
    task.prepare({ vm: { nicNsg: false, subnetNsg: false, publicSku } });

  it('allows everyone if it is a Basic one, which is a warning', async () => {
    const step = await bare('Basic');
    const run = await step.run({ closeAtJobEnd: 'true' });
    assertSucceeded(run);
    assertWarns(run, 'web-01, port 22', 'Every address on the internet');
    assertWarns(await closeAfter(step, run), 'Still open', 'No network security group');
    const dry = await step.run({ dryRun: 'true' });
    assertSucceeded(dry);
    assertWarns(dry, 'Every address on the internet');
  });

  it('allows no one if it is a Standard one', async () => {
    const step = await bare('Standard');
    assertFailed(await step.run(QUICK), 'JIT701', 'network security group');
  });

  it('is known neither to allow nor to block anyone without the right to read it', async () => {
    const step = await bare('Standard');
    step.principal.forbid('Microsoft.Network/publicIPAddresses/read');
    const run = await step.run({ closeAtJobEnd: 'true', ...QUICK });
    assertFailed(run, 'JIT701');
    assertWarns(await closeAfter(step, run), 'Still open');
  });
});

describe('an address of a VM in an unusual place', () => {
  const task = usePackagedTask();
  const everybody: NewRule = { name: 'all', priority: 200, access: 'Allow', destinationPorts: ['22'] };

  it('is the IPv4 one, even after an IPv6 one and without a mark', async () => {
    const nic = {
      ...{ name: 'eth0', primary: true, ipv6First: 'fd00::4', nsg: true },
      addresses: [{ privateIp: '10.0.0.4', publicIp: '20.60.1.9' }],
    };
    const step = await task.prepare({ vm: { nics: [nic], subnetNsg: false } });
    const run = await step.run();
    assertSucceeded(run);
    assert.deepEqual([run.outputs['host'], endpointsOf(run)[0]?.privateIpAddress], ['20.60.1.9', '10.0.0.4']);
  });

  it('is on the network interface that is marked as primary itself if the VM marks none', async () => {
    const nic = (name: string, primary: boolean, privateIp: string, rule?: NewRule) => ({
      ...{ name, primary, unmarked: true, nsg: { name: `${name}-nsg`, rules: rule ? [rule] : [] } },
      addresses: [{ privateIp, primary: true }],
    });
    const nics = [nic('eth0', false, '10.0.0.8', everybody), nic('eth1', true, '10.0.0.9')];
    const step = await task.prepare({ vm: { nics, subnetNsg: false } });
    const run = await step.run();
    assertSucceeded(run);
    assert.equal(endpointsOf(run)[0]?.privateIpAddress, '10.0.0.9');
    // The rule of the other network interface is not mentioned. The VM has no public address either.
    assertWarns(run, 'host is 10.0.0.9', 'It has no public address');
    assert.equal(warningsOf(run).length, 1);
  });
});
