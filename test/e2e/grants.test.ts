import assert from 'node:assert/strict';
import {
  assertFailed,
  assertSucceeded,
  assertWarns,
  endpointsOf,
  requestsOf,
  usePackagedTask,
  warningsOf,
  type PackagedStep,
} from '../support/packagedTask';

interface Port {
  readonly endTimeUtc: string;
  readonly [field: string]: unknown;
}
interface Granted {
  readonly startTimeUtc?: string;
  readonly virtualMachines: readonly { readonly id: string; readonly ports: readonly Port[] }[];
}

const HOUR = 3_600_000;

/** The request with other ports. */
const withPorts = (granted: Granted, change: (port: Port) => readonly Port[]): Granted => ({
  ...granted,
  virtualMachines: granted.virtualMachines.map(({ id, ports }) => ({ id, ports: ports.flatMap(change) })),
});

const later = (port: Port, ms: number): Port => ({
  ...port,
  endTimeUtc: new Date(Date.parse(port.endTimeUtc) + ms).toISOString(),
});

/** Azure's response to the request, and what the policy shows of it from then on. */
function granting({ azure }: PackagedStep, change: (granted: Granted) => Granted): void {
  const inPolicy = (policy: { properties: { requests?: readonly Granted[] } }) => ({
    ...policy,
    properties: { ...policy.properties, requests: policy.properties.requests?.map(change) },
  });
  azure.faults.always('initiate', { edit: change });
  azure.faults.always('policy.get', { edit: inPolicy });
}

describe('what Azure grants', () => {
  const task = usePackagedTask();

  it('is named in full where a port comes back more than once', async () => {
    const wider = await task.prepare();
    const longer = await task.prepare();
    granting(wider, (granted) =>
      withPorts(granted, (port) => [port, { ...port, allowedSourceAddressPrefix: '*' }]),
    );
    granting(longer, (granted) => withPorts(granted, (port) => [later(port, HOUR), port]));
    const [open, long] = await Promise.all([
      wider.run({ waitFor: 'nothing' }),
      longer.run({ waitFor: 'nothing' }),
    ]);
    assertSucceeded(open);
    assertWarns(open, 'web-01', 'from any address');
    assert.deepEqual(endpointsOf(open)[0]?.sourceAddresses, ['20.61.99.7', '*']);
    assertSucceeded(long);
    const [requested] = requestsOf(longer)[0]?.virtualMachines[0]?.ports ?? [];
    assert.equal(long.outputs['expiresAtUtc'], requested?.endTimeUtc);
    const end = new Date(Date.parse(requested?.endTimeUtc ?? '') + HOUR).toISOString();
    assertWarns(long, 'not requested', 'port 22', end.slice(0, 10), end.slice(11, 19));
  });

  it('is as requested where it comes back as one entry for each source', async () => {
    const step = await task.prepare();
    granting(step, (granted) =>
      withPorts(granted, ({ allowedSourceAddressPrefixes: _all, ...port }) =>
        ['20.61.1.1', '20.61.1.2'].map((one) => ({ ...port, allowedSourceAddressPrefix: one })),
      ),
    );
    const run = await step.run({ sourceIp: '20.61.1.1,20.61.1.2', waitFor: 'request' });
    assertSucceeded(run);
    assert.deepEqual(warningsOf(run), []);
    assert.equal(run.outputs['sourceAddresses'], '20.61.1.1,20.61.1.2');
  });

  it('is requested once if the response cannot be interpreted and the policy shows another request', async () => {
    const step = await task.prepare();
    granting(step, (granted) => ({
      ...withPorts(granted, (port) => [later(port, -HOUR / 2)]),
      startTimeUtc: 'soon',
    }));
    assertFailed(await step.run({ waitFor: 'nothing' }), 'JIT604', 'startTimeUtc', 'may be open', 'web-01');
    assert.equal(requestsOf(step).length, 1);
  });
});
