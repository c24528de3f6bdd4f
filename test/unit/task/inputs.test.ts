import assert from 'node:assert/strict';
import fc from 'fast-check';
import { withNamedVms } from '../../support/namedVms';
import { parsePrefixes } from '../../../tasks/shared/core/prefixes';
import { CodedError } from '../../../tasks/shared/core/errors';
import { durationRange, waitTimeoutRange } from '../../../tasks/shared/messages/inputs';
import { readInputs, type InputName } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/inputs';
import { type OpenPortsInputs } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/inputs';

const SUBSCRIPTION = '11111111-2222-4333-8444-555555555555';
const VM = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-app/providers/Microsoft.Compute/virtualMachines/web-01`;
type Raw = Partial<Record<InputName, string>>;

const read = (raw: Raw = {}, subscription: string | undefined = SUBSCRIPTION): OpenPortsInputs => {
  const given: Raw = { connectedServiceName: 'connection', vmResourceId: VM, ...raw };
  return withNamedVms(readInputs((name) => given[name] ?? '', subscription));
};

/** Returns the names of the inputs that are reported as invalid. */
function wrongIn(raw: Raw, subscription?: string): readonly string[] {
  try {
    readInputs((name) => raw[name] ?? '', subscription);
    return [];
  } catch (error) {
    assert.ok(error instanceof CodedError, String(error));
    assert.equal(error.code, 'JIT101');
    return NAMES.filter((name) => new RegExp(`\\b${YAML_NAMES[name] ?? name}: `).test(error.seen));
  }
}

const wrong = (raw: Raw) => wrongIn({ connectedServiceName: 'c', vmResourceId: VM, ...raw }, SUBSCRIPTION);

/** Inputs with a different name in YAML. */
const YAML_NAMES: Raw = { connectedServiceName: 'azureSubscription' };

const NAMES: readonly InputName[] = [
  'connectedServiceName',
  'vmResourceId',
  'vmQuery',
  'subscriptions',
  'maxVms',
  'allowEmpty',
  'onPartial',
  'ports',
  'duration',
  'sourceIp',
  'justification',
  'waitFor',
  'waitTimeout',
  'closeAtJobEnd',
  'shareActiveRequests',
  'dryRun',
  'policyName',
  'ipEchoUrls',
  'probeHost',
];

const MINUTE = 60_000;
const GOOD: readonly (readonly [Raw, Partial<OpenPortsInputs>])[] = [
  [{ ports: 'ssh, RDP,winrm,WinRM-https' }, { ports: [22, 3389, 5985, 5986] }],
  [{ ports: '\u200b22\u200b,\ufeff3389\u200d' }, { ports: [22, 3389] }],
  [{ duration: '90m\u200b' }, { durationMs: 90 * MINUTE }],
  [{ sourceIp: '20.1.1.1\u200b, \u200e10.0.0.0/8' }, { source: parsePrefixes(['20.1.1.1', '10.0.0.0/8']) }],
  [{ waitFor: 'request\u200b' }, { waitFor: 'request' }],
  [{ dryRun: '\u200btrue' }, { dryRun: true }],
  [{ policyName: 'jit\u00ad' }, { policyName: 'jit' }],
  [{ probeHost: 'web.example.com\u2060' }, { probeHost: 'web.example.com' }],
  [{ justification: '\u200b\u200b' }, { justification: '' }],
  [{ ports: '5985-5986' }, { ports: [5985, 5986] }],
  [{ ports: 'ALL' }, { ports: 'all' }],
  [{ duration: '90m' }, { durationMs: 90 * MINUTE }],
  [{ duration: '1h30m' }, { durationMs: 90 * MINUTE }],
  [{ duration: 'PT1H30M' }, { durationMs: 90 * MINUTE }],
  [{ duration: '45' }, { durationMs: 45 * MINUTE }],
  [{ duration: 'Max' }, { durationMs: 'max' }],
  [{ duration: '1m' }, { durationMs: MINUTE }],
  [{ duration: '24h' }, { durationMs: 24 * 60 * MINUTE }],
  [{ sourceIp: 'Agent' }, { source: 'agent' }],
  [{ sourceIp: 'azure' }, { source: 'azure' }],
  [{ sourceIp: 'policy' }, { source: 'policy' }],
  [{ sourceIp: '*' }, { source: parsePrefixes(['*']) }],
  [{ sourceIp: '20.1.1.1, 10.0.0.0/8' }, { source: parsePrefixes(['20.1.1.1', '10.0.0.0/8']) }],
  [{ justification: ' why  not ' }, { justification: 'why  not' }],
  [{ waitFor: 'Connection' }, { waitFor: 'connection' }],
  [{ waitFor: 'nothing' }, { waitFor: 'nothing' }],
  [{ waitFor: 'request' }, { waitFor: 'request' }],
  [{ waitTimeout: '1s' }, { waitTimeoutMs: 1000 }],
  [{ waitTimeout: '1m30s' }, { waitTimeoutMs: 90_000 }],
  [{ waitTimeout: 'PT45S' }, { waitTimeoutMs: 45_000 }],
  [{ waitTimeout: '60' }, { waitTimeoutMs: 60 * MINUTE }],
  [{ closeAtJobEnd: 'true' }, { closeAtJobEnd: true }],
  [{ shareActiveRequests: 'True' }, { share: true }],
  [{ dryRun: 'TRUE' }, { dryRun: true }],
  [{ policyName: 'jit-web' }, { policyName: 'jit-web' }],
  [{ policyName: '100%#2e' }, { policyName: '100%#2e' }],
  [{ policyName: '%2ejit.%2e' }, { policyName: '%2ejit.%2e' }],
  [
    { ipEchoUrls: 'https://a.test/\nhttps://b.test/ip?x=1' },
    { ipEchoUrls: ['https://a.test/', 'https://b.test/ip?x=1'] },
  ],
  [
    { ipEchoUrls: 'https://a.test/?x=1,2, HTTPS://b.test/,https://c.test:8443' },
    { ipEchoUrls: ['https://a.test/?x=1,2', 'HTTPS://b.test/', 'https://c.test:8443'] },
  ],
  [{ ipEchoUrls: 'https://[2001:db8::1]/' }, { ipEchoUrls: ['https://[2001:db8::1]/'] }],
  [{ probeHost: 'lb.contoso.com' }, { probeHost: 'lb.contoso.com' }],
  [{ probeHost: 'lb.contoso.com.' }, { probeHost: 'lb.contoso.com.' }],
  [{ probeHost: '10-1.vm_01' }, { probeHost: '10-1.vm_01' }],
  [{ probeHost: '10.1.2.3' }, { probeHost: '10.1.2.3' }],
];

const BAD: readonly Raw[] = [
  { connectedServiceName: '' },
  { vmResourceId: '' },
  { vmResourceId: 'web-01' },
  { vmResourceId: `${VM}/extensions/x` },
  { vmResourceId: VM.replace('virtualMachines', 'virtualMachineScaleSets') },
  { ports: '0' },
  { ports: '65536' },
  { ports: '1-65535' },
  { ports: '22;23' },
  { ports: 'telnet' },
  { ports: '22,all' },
  { duration: '0' },
  { duration: '-5m' },
  { duration: '25h' },
  { duration: '90s' },
  { duration: 'forever' },
  { sourceIp: '1.2.3' },
  { sourceIp: '0.0.0.0/0' },
  { sourceIp: '10.0.0.1/8' },
  { sourceIp: 'Internet' },
  { sourceIp: '2603::1' },
  { sourceIp: 'agent,20.1.1.1' },
  { sourceIp: '*,20.1.1.1' },
  { waitFor: 'rules' },
  { waitTimeout: '500ms' },
  { waitTimeout: '0s' },
  { waitTimeout: '61m' },
  { closeAtJobEnd: 'yes' },
  { shareActiveRequests: '1' },
  { dryRun: 'no' },
  { policyName: 'a/b' },
  { policyName: '.' },
  { policyName: '..' },
  { policyName: '%2e' },
  { policyName: '%2e%2E' },
  { policyName: '.%2e' },
  { policyName: '%2E.' },
  { policyName: 'a%2Fb' },
  { policyName: '%5cb' },
  { policyName: 'a\ud83d' },
  { ipEchoUrls: 'http://a.test/' },
  { ipEchoUrls: 'https://user:pass@a.test/' },
  { ipEchoUrls: 'a.test' },
  { ipEchoUrls: 'https://a.test;https://b.test' },
  { ipEchoUrls: ',' },
  { probeHost: 'https://lb.test/' },
  { probeHost: 'lb.test:22' },
  { probeHost: 'a b' },
  { probeHost: 'a..test' },
  { probeHost: 'a-.test' },
  { probeHost: '.' },
  { probeHost: '10.0.0.256' },
  { probeHost: '10.1' },
  { probeHost: '167772161' },
  { probeHost: '0x7f.1' },
  { probeHost: '127.0.0.0x1' },
  { probeHost: '10.1.2.3.' },
  { probeHost: '2001:db8::1' },
  { probeHost: `${'a'.repeat(64)}.test` },
  { probeHost: 'abc.'.repeat(64) },
];

describe('the inputs of JitOpenPorts', () => {
  it('have the documented defaults', () => {
    const { vms, ...rest } = read();
    assert.deepEqual(rest, {
      ports: [22],
      durationMs: 60 * MINUTE,
      source: 'agent',
      justification: '',
      waitFor: 'rule',
      waitTimeoutMs: 5 * MINUTE,
      closeAtJobEnd: false,
      share: false,
      onPartial: 'fail',
      dryRun: false,
      policyName: '',
      ipEchoUrls: [],
      probeHost: '',
    });
    assert.deepEqual(
      vms.map(({ id }) => id),
      [VM],
    );
  });

  for (const [raw, expected] of GOOD) {
    it(`are read from ${JSON.stringify(raw)}`, () => {
      const inputs = read(raw);
      for (const [name, value] of Object.entries(expected)) {
        assert.deepEqual(inputs[name as keyof OpenPortsInputs], value);
      }
    });
  }

  for (const raw of BAD) {
    it(`are rejected for ${JSON.stringify(raw)}`, () => {
      assert.deepEqual(wrong(raw), Object.keys(raw));
    });
  }

  for (const [duration, waitTimeout] of [
    ['0', '0s'],
    ['24h1m', '61m'],
  ] as const)
    it(`are out of range with ${duration} and ${waitTimeout}`, () => {
      for (const text of [durationRange(duration), waitTimeoutRange(waitTimeout)])
        assert.throws(() => read({ duration, waitTimeout }), new RegExp(text));
    });

  for (const name of NAMES) {
    it(`are rejected once for a variable without a value in ${name}`, () => {
      assert.deepEqual(wrong({ [name]: 'a$(Some.Variable)b' }), [name]);
    });
  }

  it('accept VMs by line and comma, by ID and by name, each once', () => {
    const { vms } = read({ vmResourceId: `${VM.toUpperCase()},\n rg-app/web-01 ,\n\nrg-db/db-01,` });
    assert.deepEqual(
      vms.map(({ key }) => key.split('/').at(-1)),
      ['web-01', 'db-01'],
    );
  });

  it('require full IDs if the connection has no subscription', () => {
    assert.deepEqual(wrongIn({ connectedServiceName: 'c', vmResourceId: 'rg-app/web-01' }), ['vmResourceId']);
    assert.deepEqual(wrongIn({ connectedServiceName: 'c', vmResourceId: VM }), []);
  });

  it('are all reported at once if they are invalid', () => {
    const all: Raw = Object.assign({}, ...[...BAD].reverse()) as Raw;
    assert.deepEqual(
      wrong(all),
      NAMES.filter((name) => name in all),
    );
  });

  it('are frozen', () => {
    const given: Raw = { connectedServiceName: 'connection', vmResourceId: VM };
    assert.ok(Object.isFrozen(readInputs((name) => given[name] ?? '', SUBSCRIPTION)));
  });

  it('are valid or JIT101, regardless of their content', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string(),
      fc.constantFrom('', '$(x)', '1e9', '22-', '٣', 'PT', 'P1D', '1.2.3.4/33', `${VM}\n${VM}`, 'a/../b'),
    );
    const raw = fc.record(Object.fromEntries(NAMES.map((name) => [name, text])), { requiredKeys: [] });
    fc.assert(
      fc.property(raw, fc.constantFrom(undefined, SUBSCRIPTION), (given, subscription) => {
        wrongIn(given, subscription);
      }),
      { numRuns: 500 },
    );
  });
});
