import assert from 'node:assert/strict';
import type { Fault } from '../support/azure';
import { anyPort, type Scenario } from '../support/scenario';
import { assertFailed, assertSucceeded, usePackagedTask, warningsOf } from '../support/packagedTask';

interface Entry {
  id: unknown;
  ports: unknown;
}
interface PolicyJson {
  id: unknown;
  name: string;
  properties: { virtualMachines: unknown[]; requests: unknown[] };
}

const OTHER =
  '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-app/providers/Microsoft.Compute/virtualMachines/other-01';
const rule = (given: object = {}) => ({
  number: 22,
  protocol: '*',
  allowedSourceAddressPrefix: '*',
  maxRequestAccessDuration: 'PT3H',
  ...given,
});
const other = (...ports: unknown[]): Entry => ({ id: OTHER, ports });
const request = (port: object, more: object = {}, id: unknown = OTHER) => ({
  startTimeUtc: '2026-01-02T10:00:00Z',
  requestor: 'ben@contoso.com',
  virtualMachines: [
    {
      id,
      ports: [
        {
          number: 22,
          allowedSourceAddressPrefix: '20.9.9.9',
          status: 'Initiated',
          statusReason: 'UserRequested',
          endTimeUtc: '2026-01-02T11:00:00Z',
          ...port,
        },
      ],
    },
  ],
  ...more,
});

/** Invalid entries of another VM. The invalid old requests follow below. */
const ODD_VMS: Readonly<Record<string, unknown>> = {
  'a duration of nothing': other(rule({ maxRequestAccessDuration: 'PT0S' })),
  'no duration': other(rule({ maxRequestAccessDuration: null })),
  'a duration that is no ISO 8601': other(rule({ maxRequestAccessDuration: '03:00:00' })),
  'a number as text': other(rule({ number: '22' })),
  'no number': other(rule({ number: undefined })),
  'a port that is nothing': other(null),
  'ports that are no list': { id: OTHER, ports: { number: 22 } },
  'sources of numbers': other(rule({ allowedSourceAddressPrefixes: [7] })),
  'no id': { id: null, ports: [rule()] },
  'an id that is a number': { id: 7, ports: [rule()] },
  'no ports': { id: OTHER, ports: null },
  'an entry that is nothing': null,
  'an address that is none': { id: OTHER, ports: [rule()], publicIpAddress: 'fw.contoso.com' },
};
const ODD_REQUESTS: Readonly<Record<string, unknown>> = {
  'no start': request({}, { startTimeUtc: undefined }),
  'no end': request({ endTimeUtc: undefined }),
  'an end that is no time': request({ endTimeUtc: 'soon' }),
  'no VM': request({}, {}, null),
  'a number as text': request({ number: '22' }),
  'VMs that are no list': request({}, { virtualMachines: {} }),
  'nothing at all': null,
};

/** Adds these to every response about one policy, or about all policies. */
const adding = (vms: readonly unknown[], requests: readonly unknown[], name?: string): Fault => {
  const edit = (policy: PolicyJson): PolicyJson => {
    if (name !== undefined && policy.name !== name) return policy;
    policy.properties.virtualMachines.unshift(...vms);
    policy.properties.requests.unshift(...requests);
    return policy;
  };
  return {
    edit: (body: PolicyJson & { value?: PolicyJson[] }) =>
      body.value ? { ...body, value: body.value.map(edit) } : edit(body),
  };
};
const odd = ({ azure }: Scenario, fault: Fault): void => {
  azure.faults.always(['policies.list', 'policy.get'], fault);
};

describe('JitOpenPorts with an invalid entry of another VM', () => {
  const task = usePackagedTask();

  it('opens the port, with all kinds at once, in the policy itself', async () => {
    const step = await task.prepare();
    odd(step, adding(Object.values(ODD_VMS), Object.values(ODD_REQUESTS)));
    const run = await step.run({ closeAtJobEnd: 'true' });
    assertSucceeded(run);
    assert.equal(step.policy.liveGrants().length, 1);
    const after = await step.after(run);
    assert.deepEqual(warningsOf(after), []);
  });

  for (const [name, entry] of Object.entries(ODD_VMS)) {
    it(`opens the port, and warns only if the entry might be its own: ${name}`, async () => {
      const step = await task.prepare();
      odd(step, adding([entry], []));
      const run = await step.run();
      assertSucceeded(run);
      const unknown = ['no id', 'an id that is a number', 'an entry that is nothing'].includes(name);
      assert.equal(
        warningsOf(run).some((text) => text.includes('jit-web')),
        unknown,
        warningsOf(run).join(),
      );
    });
  }

  it('opens the port if another policy of the group has them, also with policyName and in a dry run', async () => {
    const step = await task.prepare();
    const { azure } = step;
    azure.addPolicy({
      name: 'elsewhere',
      vms: [{ vm: azure.addVm({ name: 'db-01' }), ports: [anyPort(22)] }],
    });
    odd(step, adding(Object.values(ODD_VMS), Object.values(ODD_REQUESTS), 'elsewhere'));
    assertSucceeded(await step.run({ policyName: 'jit-web' }));
    assertSucceeded(await step.run({ dryRun: 'true' }));
    odd(step, {
      edit: (body: { value: PolicyJson[] }) => ({
        value: [...body.value, null, { name: 'no-id', id: null, properties: null }],
      }),
    });
    const run = await step.run();
    assertSucceeded(run);
  });

  it('warns that a request that cannot be read might hold the port', async () => {
    const step = await task.prepare();
    const { azure, vm } = step;
    const startTimeUtc = new Date(azure.now() - 60_000).toISOString();
    const active = request({ endTimeUtc: undefined }, { startTimeUtc }, vm.id);
    const over = request({ endTimeUtc: undefined, status: 'Revoked' }, { startTimeUtc }, vm.id);
    const old = request({ endTimeUtc: undefined }, {}, vm.id);
    odd(step, adding([], [active, over, old]));
    const run = await step.run({ shareActiveRequests: 'true' });
    assertSucceeded(run);
    const about = warningsOf(run).filter((text) => text.includes('request'));
    assert.equal(about.length, 1, about.join('\n'));
    assert.match(about[0] ?? '', /web-01, port 22: .*endTimeUtc.*until 20/);
  });
});

describe('JitOpenPorts with an invalid entry of its own VM', () => {
  const task = usePackagedTask();
  /** Replaces the entry for port 22 of the VM. */
  const own = (given: object): Fault => ({
    edit: (body: { value?: PolicyJson[] }) => {
      for (const policy of body.value ?? []) {
        for (const entry of policy.properties.virtualMachines as Entry[]) {
          entry.ports = (entry.ports as { number: number }[]).map((port) =>
            port.number === 22 ? { ...port, ...given } : port,
          );
        }
      }
      return body;
    },
  });

  for (const given of [
    { maxRequestAccessDuration: 'PT0S' },
    { maxRequestAccessDuration: null },
    { number: null },
    { number: {} },
  ]) {
    it(`names it, and requests nothing: ${JSON.stringify(given)}`, async () => {
      const step = await task.prepare();
      step.azure.faults.always('policies.list', own(given));
      const [field = ''] = Object.keys(given);
      assertFailed(await step.run(), 'JIT604', 'jit-web', 'web-01', field);
      assertFailed(await step.run({ ports: 'all' }), 'JIT604', 'jit-web', field);
      assertFailed(await step.run({ dryRun: 'true' }), 'JIT604', 'jit-web', field);
      assert.equal(step.azure.callsTo('initiate').length, 0);
      // The VM's other port is not affected.
      assertSucceeded(await step.run({ ports: '3389' }));
    });
  }
});

describe('JitConfigurePolicy with an invalid entry of another VM', () => {
  const task = usePackagedTask('Node20_1', 'tasks/JitConfigurePolicy/JitConfigurePolicyV1');

  it('writes every entry back as it was read, and warns', async () => {
    const step = await task.prepare();
    const { azure } = step;
    const late = azure.addVm({ name: 'late-01' });
    const entries = Object.values(ODD_VMS);
    odd(step, adding(entries, Object.values(ODD_REQUESTS)));
    // How the service handles them is not tested here.
    const run = await step.run({ vmResourceId: late.id, policyName: 'jit-web', portRules: '22' });
    const [put] = azure.callsTo('policy.put');
    assert.ok(put, run.message);
    const sent = (put.body as PolicyJson).properties.virtualMachines;
    assert.deepEqual(sent.slice(0, entries.length), JSON.parse(JSON.stringify(entries)));
    assert.ok(
      warningsOf(run).some((text) => text.includes('jit-web') && text.includes('PT0S')),
      warningsOf(run).join('\n'),
    );
  });

  it('writes another policy of the group, and does not change the policy with the entries', async () => {
    const step = await task.prepare();
    const { azure } = step;
    azure.addPolicy({
      name: 'elsewhere',
      vms: [{ vm: azure.addVm({ name: 'db-01' }), ports: [anyPort(22)] }],
    });
    odd(step, adding(Object.values(ODD_VMS), Object.values(ODD_REQUESTS), 'elsewhere'));
    const run = await step.run({ portRules: '22 max 1h' });
    assertSucceeded(run);
    assert.deepEqual(warningsOf(run), []);
    assertSucceeded(await step.run({ portRules: '22 max 2h', dryRun: 'true' }));
  });

  it('ignores a policy that cannot be read at all if the VM has one that can', async () => {
    for (const unread of [null, { name: 7, id: null, properties: null }]) {
      const step = await task.prepare();
      step.azure.faults.always('policies.list', {
        edit: (body: { value: PolicyJson[] }) => ({ value: [unread, ...body.value] }),
      });
      const run = await step.run({ portRules: '22 max 1h' });
      assertSucceeded(run);
      assert.ok(
        warningsOf(run).some((text) => /policy in the resource group.* cannot be read/.test(text)),
        warningsOf(run).join(),
      );
      const { id } = step.azure.addVm({ name: 'late-01' });
      // It might be the policy that a VM without a policy would be added to.
      assertFailed(await step.run({ vmResourceId: id, portRules: '22' }), 'JIT604');
    }
  });

  it('replaces an invalid entry with its own', async () => {
    const step = await task.prepare();
    const edit = (body: PolicyJson & { value?: PolicyJson[] }) => {
      for (const policy of body.value ?? [body]) {
        for (const entry of policy.properties.virtualMachines as Entry[])
          entry.ports = [rule({ number: '22', maxRequestAccessDuration: 'PT0S' })];
      }
      return body;
    };
    step.azure.faults.next(['policies.list', 'policy.get'], [{ edit }, { edit }]);
    const run = await step.run({ portRules: '22 max 1h' });
    assertSucceeded(run);
    const [put] = step.azure.callsTo('policy.put');
    const [entry] = (put?.body as PolicyJson).properties.virtualMachines as Entry[];
    assert.equal((entry?.ports as unknown[]).length, 1);
  });
});

describe('JitReport with an invalid entry', () => {
  const task = usePackagedTask('Node20_1', 'tasks/JitReport/JitReportV1');

  it('reports on the rest, names the entry, and does not fail because of it', async () => {
    const step = await task.prepare();
    odd(step, adding(Object.values(ODD_VMS), Object.values(ODD_REQUESTS)));
    const run = await step.run({ failOn: 'notConfigured' });
    assertSucceeded(run);
    assert.equal(run.outputs['configured'], '1');
    assert.ok(
      warningsOf(run).some((text) => text.includes('jit-web')),
      warningsOf(run).join('\n'),
    );
  });
});
