import assert from 'node:assert/strict';
import { startAzure, type SimulatedAzure } from '../../support/azure';
import { createBench, HOUR_MS } from '../../support/azure/bench';
import {
  createDefinitions,
  DEFINITION_FILES,
  readPublished,
  type Judged,
} from '../../support/azure/definitions/definitions';
import { DEVIATIONS } from '../../support/azure/definitions/deviations';

const POLICY =
  '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-app/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/default';
const VM =
  '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-app/providers/Microsoft.Compute/virtualMachines/web-01';

const PORT = {
  ...{ number: 22, allowedSourceAddressPrefix: '20.1.2.3', endTimeUtc: '2026-11-29T12:00:00.1234567Z' },
  ...{ status: 'Initiated', statusReason: 'UserRequested' },
};
const requestOf = (port: object): object => ({
  virtualMachines: [{ id: VM, ports: [port] }],
  startTimeUtc: '2026-11-29T11:00:00Z',
  requestor: '',
});
const policyOf = (properties: object = {}, more: object = {}): object => ({
  ...{ id: POLICY, name: 'default', type: 'x', kind: 'Basic', location: 'westeurope', ...more },
  properties: {
    virtualMachines: [],
    requests: [requestOf(PORT)],
    provisioningState: 'Succeeded',
    ...properties,
  },
});
const get = (answer: unknown, more: Partial<Judged> = {}): Judged => ({
  ...{
    method: 'GET',
    path: POLICY,
    query: new URLSearchParams('api-version=2020-01-01'),
    request: '',
    status: 200,
  },
  answer: JSON.stringify(answer),
  ...more,
});
const initiate = (port: object, answer: object = requestOf(PORT)): Judged =>
  get(answer, {
    ...{ method: 'POST', path: `${POLICY}/initiate`, status: 202 },
    request: JSON.stringify({ virtualMachines: [{ id: VM, ports: [port] }] }),
  });

describe('the published definitions', () => {
  const definitions = createDefinitions();

  it('name their source', () => {
    for (const name of DEFINITION_FILES) {
      const { source, operations } = readPublished(name);
      assert.match(source.definitions, /^Microsoft\..*\d{4}-\d\d-\d\d$/);
      assert.match(source.package, /^@azure\/arm-[a-z]+@\d+\.\d+\.\d+$/);
      assert.ok(operations.length > 0);
    }
  });

  it('accept responses and requests as published', () => {
    assert.deepEqual(definitions.problems(get(policyOf())), []);
    assert.deepEqual(definitions.problems(initiate({ number: 22, endTimeUtc: '2026-11-29T12:00:00Z' })), []);
  });

  const WRONG: readonly (readonly [string, Judged])[] = [
    ['a field that nobody has published', get(policyOf({ colour: 'red' }))],
    ['a field of another type', get(policyOf({}, { name: 7 }))],
    ['a word that is none', get(policyOf({ requests: [requestOf({ ...PORT, status: 'Open' })] }))],
    ['a time that is none', get(policyOf({ requests: [requestOf({ ...PORT, endTimeUtc: 'soon' })] }))],
    ['a field that is missing', get(policyOf({ requests: [requestOf({ number: 22 })] }))],
    ['a port beyond the last', get(policyOf({ requests: [requestOf({ ...PORT, number: 70_000 })] }))],
    [
      'an unknown field in a request',
      initiate({ number: 22, endTimeUtc: '2026-11-29T12:00:00Z', reason: 'x' }),
    ],
    [
      'a field in a request that only the service sets',
      get(policyOf(), { method: 'PUT', request: JSON.stringify(policyOf()) }),
    ],
    ['a status that is not published', get(policyOf(), { status: 201 })],
    ['a body where there is none', get('x', { method: 'DELETE' })],
    ['an operation that is not published', get({}, { method: 'PATCH' })],
    [
      'a parameter that is not published',
      get(policyOf(), { query: new URLSearchParams('api-version=x&$top=5') }),
    ],
    ['an answer that is no JSON', get({}, { answer: '<html>' })],
  ];
  for (const [name, judged] of WRONG) {
    it(`reject ${name}`, () => {
      assert.ok(definitions.problems(judged).length > 0);
    });
  }

  it('accept any error response', () => {
    assert.deepEqual(definitions.problems(get({ anything: true }, { status: 404 })), []);
  });

  it('require each listed deviation', () => {
    const calls: readonly Judged[] = [
      ...['Initiating', 'initiated'].map((status) =>
        get(policyOf({ requests: [requestOf({ ...PORT, status })] })),
      ),
      get(policyOf({ requests: [requestOf({ ...PORT, statusReason: 'expired' })] })),
      get(policyOf({ appendMode: false })),
      initiate({
        number: 22,
        endTimeUtc: '2026-11-29T12:00:00Z',
        allowedSourceAddressPrefixes: ['20.1.2.3'],
      }),
      initiate({ number: 22, duration: 'PT1H' }),
    ];
    for (const call of calls) assert.deepEqual(definitions.problems(call), []);
    for (const deviation of DEVIATIONS) {
      const without = createDefinitions(DEVIATIONS.filter((one) => one !== deviation));
      assert.ok(
        calls.some((call) => without.problems(call).length > 0),
        `${deviation.type}.${deviation.field} is of no use.`,
      );
      assert.match(deviation.why, /^(Recorded|Reported|Unknown)/);
    }
  });
});

describe('the simulated Azure', () => {
  let azure: SimulatedAzure;
  beforeEach(async () => {
    azure = await startAzure();
  });
  afterEach(() => azure.close());

  it('reports a request that it accepts but that is not published', async () => {
    const bench = await createBench(azure, azure.addPrincipal({ secret: 'definitions-only' }));
    const { vm } = bench;
    const answer = await bench.caller.ask('PUT', `${bench.policy.id}?api-version=2020-01-01`, {
      ...{ kind: 'Basic', colour: 'red' },
      properties: {
        virtualMachines: [
          {
            id: vm.id,
            ports: [
              {
                number: 22,
                protocol: '*',
                allowedSourceAddressPrefix: '*',
                maxRequestAccessDuration: 'PT1H',
              },
            ],
          },
        ],
      },
    });
    assert.equal(answer.status, 200);
    assert.deepEqual(
      azure.violations.filter((one) => one.includes('colour')).length,
      1,
      azure.violations.join('\n'),
    );
  });

  it('reports its own response if it is not published', async () => {
    const bench = await createBench(azure, azure.addPrincipal({ secret: 'definitions-only' }));
    bench.policy.requestByOther({
      ...{ vm: bench.vm, port: 22, sources: ['20.1.2.3'], durationMs: HOUR_MS },
      requestor: 7 as never,
    });
    await bench.readPolicy();
    assert.ok(
      azure.violations.some((one) => one.includes('requestor must be string')),
      azure.violations.join('\n'),
    );
  });
});
