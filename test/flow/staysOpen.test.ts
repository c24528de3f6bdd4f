import assert from 'node:assert/strict';
import { serverError } from '../../tasks/shared/messages/failures';
import { AGENT } from '../support/fakes/fakeContext';
import { anyPort, aWorkflow, MINUTE, type RawInputs, type Workflow } from './workflow';

/** When the second VM is no longer blocked. By then, the first one has been open for two minutes. */
const SECOND_OPENS_MS = 2 * MINUTE;

/** A step that opens two VMs, of which the second one is blocked for two minutes. */
function twoVms(given: Parameters<typeof aWorkflow>[0] = {}): Workflow & {
  readonly runBoth: (inputs?: RawInputs) => ReturnType<Workflow['run']>;
  readonly happen: (atMs: number, action: () => void) => void;
} {
  const workflow = aWorkflow({ vm: { subnetNsg: false }, ...given });
  const { azure, vm, context, run } = workflow;
  const second = azure.addVm({ name: 'web-02', publicIp: '20.60.1.11' });
  azure.addPolicy({ name: 'jit-second', vms: [{ vm: second, ports: [anyPort(22)] }] });
  second.nicNsg?.addRule({ name: 'maintenance', priority: 100, access: 'Deny' });
  context.clock.at(SECOND_OPENS_MS, () => second.nicNsg?.removeRule('maintenance'));
  return {
    ...workflow,
    runBoth: (inputs) => run({ vmResourceId: `${vm.id}\n${second.id}`, ...inputs }),
    happen: (atMs, action) => {
      context.clock.at(atMs, action);
    },
  };
}

describe('a port that is open long before the other ports of the step', () => {
  it('is reported as open when nothing has changed, and was read again', async () => {
    const { runBoth, azure, vm } = twoVms();
    const { codes, endpoints, opened } = await runBoth();
    assert.deepEqual(codes, []);
    assert.deepEqual(
      endpoints.map(({ vmName, status }) => [vmName, status]),
      [
        ['web-01', 'open'],
        ['web-02', 'open'],
      ],
    );
    assert.ok((opened?.accesses[0]?.waitedMs ?? Infinity) < 10_000, 'its own time counts');
    const last = azure.calls.findLastIndex(({ kind, id }) => kind === 'nsg' && id === vm.nicNsg?.id);
    const others = azure.calls.slice(last).filter(({ kind }) => kind === 'nsg');
    assert.equal(others.length, 1, 'its rules were read last');
  });

  it('fails with JIT703 when another run has superseded its request', async () => {
    const { runBoth, happen, policy, vm } = twoVms({ settings: { supersession: 'vm+port' } });
    happen(MINUTE, () => {
      policy.requestByOther({ vm, port: 22, sources: ['20.50.9.9'], durationMs: 60 * MINUTE });
    });
    const { codes, endpoints } = await runBoth();
    assert.deepEqual(codes, ['JIT703']);
    assert.deepEqual(
      endpoints.map(({ status }) => status),
      ['failed', 'open'],
    );
  });

  it('is requested again when the runs share it', async () => {
    const { runBoth, happen, policy, vm } = twoVms({ settings: { supersession: 'vm+port' } });
    happen(MINUTE, () => {
      policy.requestByOther({ vm, port: 22, sources: ['20.50.9.9'], durationMs: 60 * MINUTE });
    });
    const { codes, endpoints } = await runBoth({ shareActiveRequests: 'true' });
    assert.deepEqual(codes, []);
    assert.deepEqual(endpoints[0]?.sourceAddresses.toSorted(), [AGENT, '20.50.9.9']);
    const rules = vm.nicNsg?.jitAllowRules() ?? [];
    assert.ok(rules.some(({ sources = [] }) => sources.includes(AGENT)));
  });

  it('is waited for again when its rule was removed, and the failure says that it was open', async () => {
    const { runBoth, happen, vm, context } = twoVms();
    happen(MINUTE, () => vm.nicNsg?.wipeJitRules());
    const { codes, opened } = await runBoth({ waitTimeout: '3m' });
    assert.deepEqual(codes, ['JIT701']);
    assert.match(
      opened?.failures[0]?.seen ?? '',
      /^No longer open: web-01, port 22, .* It was open after 2 s\. The allow rule of just-in-time access no longer exists\./,
    );
    assert.equal(context.clock.now(), 3 * MINUTE, 'the whole time was used');
  });

  it('is not reported as open after the end of its request', async () => {
    const { runBoth, context } = twoVms();
    const { codes, endpoints, opened } = await runBoth({ duration: '1m' });
    assert.deepEqual(codes, ['JIT701', 'JIT701']);
    assert.deepEqual(
      endpoints.map(({ status }) => status),
      ['failed', 'failed'],
    );
    for (const { seen } of opened?.failures ?? [])
      assert.match(seen, /ended at .*, before the wait was over/);
    assert.equal(context.texts('line').filter((text) => text.startsWith('Open:')).length, 0);
  });

  it('is checked at the end of the time, too', async () => {
    const { runBoth, happen, vm } = twoVms();
    happen(30_000, () => vm.nicNsg?.wipeJitRules());
    const { codes, endpoints } = await runBoth({ waitTimeout: '1m', onPartial: 'continue' });
    assert.deepEqual(codes, ['JIT701', 'JIT702']);
    assert.deepEqual(
      endpoints.map(({ status }) => status),
      ['failed', 'failed'],
    );
  });

  it('stays open for the step when it cannot be read again in time', async () => {
    const { runBoth, happen, azure, vm, context } = twoVms();
    happen(SECOND_OPENS_MS, () => {
      const read = azure.network.getSecurityGroup.bind(azure.network);
      Object.assign(azure.network, {
        getSecurityGroup: (id: string, limit: Parameters<typeof read>[1]) =>
          id === vm.nicNsg?.id ? Promise.reject(serverError(id, 503, 'ServiceUnavailable')) : read(id, limit),
      });
    });
    const { codes, endpoints } = await runBoth({ waitTimeout: '3m' });
    assert.deepEqual(codes, []);
    assert.equal(endpoints[0]?.status, 'open');
    assert.equal(context.clock.now(), 3 * MINUTE, 'it was tried until the time was over');
    const waiting = context.texts('line').filter((line) => line.startsWith('Waited 2 min'));
    assert.ok(waiting.length > 0);
    for (const line of waiting)
      assert.match(line, /web-01, port 22: it was open, and could not be checked again/);
  });

  it('is not reported as open after the end of its request when nothing can be read again', async () => {
    const { runBoth, happen, azure } = twoVms();
    happen(30_000, () => {
      azure.always('nsg', serverError('nsg', 503, 'ServiceUnavailable'));
      azure.always('policy.get', serverError('policy', 503, 'ServiceUnavailable'));
    });
    const { codes, endpoints } = await runBoth({ duration: '2m', waitTimeout: '3m' });
    assert.deepEqual(codes, ['JIT701', 'JIT702']);
    assert.deepEqual(
      endpoints.map(({ status }) => status),
      ['failed', 'failed'],
    );
  });

  it('is checked by its request when the right to read the rules is gone by the last check', async () => {
    const { runBoth, happen, azure } = twoVms();
    happen(53_000, () => {
      azure.principal.forbid('Microsoft.Network/networkSecurityGroups/read');
    });
    const { codes, endpoints } = await runBoth({ waitTimeout: '1m' });
    assert.deepEqual(codes, []);
    assert.deepEqual(
      endpoints.map(({ status }) => status),
      ['open', 'initiated'],
    );
  });

  it('is not reported as open if the time is over when its last check has found that it is not', async () => {
    const { runBoth, happen, azure, vm } = twoVms();
    happen(58_500, () => {
      vm.nicNsg?.wipeJitRules();
      // The last round reads the policy of the blocked VM, and then that of the other one until the time is over.
      azure.next('policy.get', () => undefined, 'hang');
    });
    const { codes, endpoints } = await runBoth({ waitTimeout: '1m' });
    assert.deepEqual(codes, ['JIT701', 'JIT702']);
    assert.equal(endpoints[0]?.status, 'failed');
  });

  it('needs no second answer to a TCP connection', async () => {
    const { runBoth, context } = twoVms();
    const { codes } = await runBoth({ waitFor: 'connection' });
    assert.deepEqual(codes, []);
    assert.deepEqual(
      context.ports.tried.map(({ host }) => host),
      ['20.60.1.10', '20.60.1.11'],
    );
  });

  it('is checked by its request where the step waits for no rules', async () => {
    const { runBoth, azure, happen, policy, vm } = twoVms({
      settings: { supersession: 'vm+port', initiatingMs: 1000 },
    });
    const second = azure.stored('jit-second');
    happen(30_000, () => {
      policy.requestByOther({ vm, port: 22, sources: ['20.50.9.9'], durationMs: 60 * MINUTE });
    });
    happen(500, () => {
      for (const grant of second.entries.flatMap(({ grants }) => grants))
        Object.assign(grant, { initiatedAt: azure.now() + MINUTE });
    });
    const { codes } = await runBoth({ waitFor: 'request' });
    assert.deepEqual(codes, ['JIT703']);
  });
});
