import assert from 'node:assert/strict';
import { aWorkflow, anyPort, type RawInputs, type Rules } from './workflow';

/** Returns what a dry run reports about ports and durations that the policy allows. */
async function said(ports: Rules, inputs: RawInputs) {
  const { checks } = await aWorkflow({ ports }).run({ dryRun: 'true', ...inputs });
  return checks.flatMap(({ topic, text, mark }) =>
    mark === 'ok' && (topic === 'Ports' || topic === 'Duration') ? [text] : [],
  );
}

describe('a dry run under a policy with several entries for a port', () => {
  const rdp = (protocol: string, maxRequestAccessDuration: string) =>
    anyPort(3389, { protocol, maxRequestAccessDuration });
  const twins = [rdp('UDP', 'PT30M'), rdp('TCP', 'PT3H')];
  const few = [
    anyPort(22, { protocol: 'TCP', sources: '10.0.0.0/8' }),
    anyPort(22, { maxRequestAccessDuration: 'PT2H' }),
  ];

  it('names the port once, with the maximum of the entry that decides', async () => {
    for (const ports of ['all', '3389'])
      assert.deepEqual(await said(twins, { ports, duration: '2h' }), [
        'web-01: port 3389.',
        'web-01: 2 h requested. The policy allows up to 3 h.',
      ]);
  });

  it('names the maximum that the real run plans with, even if another port is refused', async () => {
    const maximum = 'web-01: 1 h requested. The policy allows up to 2 h.';
    assert.deepEqual(await said(few, { ports: '22' }), ['web-01: port 22.', maximum]);
    assert.deepEqual(await said(few, { ports: '22,80' }), [maximum]);
  });
});
