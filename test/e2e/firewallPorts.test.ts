import assert from 'node:assert/strict';
import {
  assertSucceeded,
  assertWarns,
  endpointsOf,
  usePackagedTask,
  warningsOf,
  type PackagedStep,
} from '../support/packagedTask';

const FIREWALL = '20.50.9.9';

interface Request {
  readonly virtualMachines: readonly { readonly ports: readonly { readonly mappedPort?: number }[] }[];
}

/** The request without ports of a firewall. */
const withoutMapped = (request: Request): object => ({
  ...request,
  virtualMachines: request.virtualMachines.map((vm) => ({
    ...vm,
    ports: vm.ports.map((port) => ({ ...port, mappedPort: undefined })),
  })),
});

/** Azure's response to the request names no port of the firewall, and neither do the first reads of the policy. */
function mappingLate({ azure }: PackagedStep, reads: number): void {
  const inPolicy = (policy: { properties: { requests?: readonly Request[] } }) => ({
    ...policy,
    properties: { ...policy.properties, requests: policy.properties.requests?.map(withoutMapped) },
  });
  azure.faults.always('initiate', { edit: withoutMapped });
  azure.faults.next('policy.get', Array<{ edit: typeof inPolicy }>(reads).fill({ edit: inPolicy }));
}

describe('a port behind Azure Firewall', () => {
  const task = usePackagedTask();

  it('is that of the policy where the response to the request does not name it yet', async () => {
    const step = await task.prepare({ firewall: FIREWALL });
    mappingLate(step, 1);
    const run = await step.run({ waitFor: 'nothing', ports: '22,3389' });
    assertSucceeded(run);
    assert.deepEqual(
      endpointsOf(run).map(({ host, port, connectPort }) => [host, port, connectPort]),
      [
        [FIREWALL, 22, 13022],
        [FIREWALL, 3389, 13389],
      ],
    );
    assert.deepEqual([run.outputs['host'], run.outputs['port']], [FIREWALL, '13022']);
    assertWarns(run, FIREWALL, 'not a public address of this VM');
  });

  it('is warned of where nothing names it, no longer than the wait can take', async () => {
    const step = await task.prepare({ firewall: FIREWALL });
    mappingLate(step, 20);
    const run = await step.run({ waitFor: 'nothing', waitTimeout: '1s' });
    assertSucceeded(run);
    assert.equal(run.outputs['host'], '20.50.1.10');
    assertWarns(run, 'web-01, port 22', FIREWALL, 'has no port of it');
    assert.equal(warningsOf(run).length, 1);
  });

  it('costs no read where the response names it', async () => {
    const step = await task.prepare({ firewall: FIREWALL });
    assertSucceeded(await step.run({ waitFor: 'nothing' }));
    assert.equal(step.azure.callsTo('policy.get').length, 0);
  });
});
