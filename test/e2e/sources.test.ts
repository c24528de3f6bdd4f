import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { processAuthority, type EchoAnswer } from '../support/azure';
import { anyPort } from '../support/scenario';
import {
  requestedPorts,
  assertFailed,
  assertNames,
  assertSucceeded,
  assertWarns,
  usePackagedTask,
  warningsOf,
} from '../support/packagedTask';

const text = (address: string): EchoAnswer => ({ text: `${address}\n` });

describe('determining the address of the agent', () => {
  const task = usePackagedTask();

  /** Runs a step for an agent that receives these answers from the three services. */
  async function runWith(...answers: readonly EchoAnswer[]) {
    const step = await task.prepare();
    step.azure.echo.forEach((service, index) => {
      service.answer = answers[index] ?? 'empty';
    });
    const run = await step.run();
    const requested = requestedPorts(step).map(
      ({ allowedSourceAddressPrefix }) => allowedSourceAddressPrefix,
    );
    return { run, asked: requested, urls: step.azure.echoUrls };
  }

  it('uses the answer of two services that agree, and names a third that differs', async () => {
    const [outvoted, page] = await Promise.all([
      runWith(text('20.61.99.7'), text('20.61.99.8'), text('20.61.99.7')),
      runWith('html', text('20.61.99.7'), text('20.61.99.7')),
    ]);
    for (const { run, asked: requested } of [outvoted, page]) {
      assertSucceeded(run);
      assert.deepEqual(requested, ['20.61.99.7']);
      assert.equal(run.outputs['sourceAddresses'], '20.61.99.7');
    }
    assertWarns(outvoted.run, outvoted.urls[1] ?? '', '20.61.99.8');
    assert.deepEqual(warningsOf(page.run), []);
  });

  it('fails if the services disagree, with every answer', async () => {
    const [all, two] = await Promise.all([
      runWith(text('20.61.99.7'), text('20.61.99.8'), text('20.61.99.9')),
      runWith(text('20.61.99.7'), 'close', text('20.61.99.9')),
    ]);
    assertFailed(all.run, 'JIT502', '20.61.99.7', '20.61.99.8', '20.61.99.9', ...all.urls);
    assertFailed(two.run, 'JIT502', '20.61.99.7', '20.61.99.9', ...two.urls);
    assert.deepEqual([...all.asked, ...two.asked], []);
  });

  it('fails if the deciding answer is not a public IPv4 address', async () => {
    const runs = await Promise.all(
      ['172.16.4.5', '100.64.0.9', '168.63.129.16', '2001:db8::7'].map(async (address) => ({
        address,
        ...(await runWith(text(address), text(address), text(address))),
      })),
    );
    for (const { address, run, asked: requested } of runs) {
      assertFailed(run, 'JIT503', address);
      assert.deepEqual(requested, []);
    }
  });

  it('ignores a page, an empty answer, and an error', async () => {
    const [nothing, single] = await Promise.all([
      runWith('html', 'empty', { text: 'down', status: 503 }),
      runWith(text('20.61.99.7'), 'close', { text: 'null' }),
    ]);
    assertFailed(nothing.run, 'JIT501', ...nothing.urls);
    assertFailed(single.run, 'JIT501', ...single.urls);
    assert.deepEqual([...nothing.asked, ...single.asked], []);
  });

  it('accepts the answer of a single service if the user names only one', async () => {
    const step = await task.prepare();
    const [own = ''] = step.azure.echoUrls;
    assertSucceeded(await step.run({ ipEchoUrls: own }));
    assert.deepEqual(
      step.azure.callsTo('echo').map(({ service }) => service),
      ['echo-1'],
    );
  });
});

describe('an address service that wants to speak another protocol', () => {
  const task = usePackagedTask();

  it('is a service that gave no address, and does not hold the step', async () => {
    const answer = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n';
    const server = createServer(processAuthority().issueServer(['localhost']), (socket) => {
      socket.on('error', () => socket.destroy());
      socket.once('data', () => socket.write(answer));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const step = await task.prepare();
      const url = `https://localhost:${port}/`;
      assertFailed(await step.run({ ipEchoUrls: url }), 'JIT501', url, '101');
      assertSucceeded(await step.run({ ipEchoUrls: [...step.azure.echoUrls, url].join('\n') }));
    } finally {
      server.close();
    }
  });
});

describe('address services on one host', () => {
  const task = usePackagedTask();

  it('count as one service: it does not outvote another, and its answer alone is sufficient', async () => {
    const step = await task.prepare();
    const [first, second] = step.azure.echo;
    assert.ok(first && second);
    const two = [first.url, `${first.url}?again`.replace('localhost', 'LOCALHOST')];
    first.answer = text('20.61.99.9');
    const against = await step.run({ ipEchoUrls: [...two, second.url].join('\n') });
    assertFailed(against, 'JIT502', '20.61.99.9', '20.61.99.7');
    const alone = await step.run({ ipEchoUrls: two.join('\n') });
    assertSucceeded(alone);
    assert.equal(alone.outputs['sourceAddresses'], '20.61.99.9');
  });
});

describe('a step with another source', () => {
  const task = usePackagedTask();

  it('leaves the address to Azure, and shows which one Azure used', async () => {
    const step = await task.prepare({ settings: { seenAddress: '20.70.1.2' } });
    const run = await step.run({ sourceIp: 'azure' });
    assertSucceeded(run);
    assert.deepEqual(Object.keys(requestedPorts(step)[0] ?? {}).toSorted(), ['endTimeUtc', 'number']);
    assert.deepEqual(step.azure.callsTo('echo'), []);
    assert.equal(run.outputs['sourceAddresses'], '20.70.1.2');
    assertNames(run.log.join('\n'), '20.70.1.2');
  });

  it('requests what the policy allows, verbatim', async () => {
    const lists = [['20.61.99.0/24', '20.62.0.7'], ['20.61.99.0/24']];
    const [many, one] = await Promise.all(
      lists.map((sources) => task.prepare({ ports: [{ ...anyPort(22), sources }] })),
    );
    assert.ok(many && one);
    const runs = await Promise.all([many.run({ sourceIp: 'policy' }), one.run({ sourceIp: 'policy' })]);
    runs.forEach(assertSucceeded);
    assert.deepEqual(requestedPorts(many)[0]?.allowedSourceAddressPrefixes, lists[0]);
    assert.deepEqual(requestedPorts(one)[0]?.allowedSourceAddressPrefix, '20.61.99.0/24');
    assert.equal(runs[0].outputs['sourceAddresses'], '20.61.99.0/24,20.62.0.7');
    assert.deepEqual(many.azure.callsTo('echo'), []);
  });

  it('requests a list in one request, and any address only if that is given explicitly', async () => {
    const step = await task.prepare();
    const run = await step.run({ sourceIp: '20.61.1.1, 20.62.0.0/28' });
    assertSucceeded(run);
    assert.equal(step.azure.callsTo('initiate').length, 1);
    assert.deepEqual(requestedPorts(step)[0]?.allowedSourceAddressPrefixes, ['20.61.1.1', '20.62.0.0/28']);
    assert.equal(run.outputs['sourceAddresses'], '20.61.1.1,20.62.0.0/28');

    const everybody = await step.run({ sourceIp: '*' });
    assertSucceeded(everybody);
    assert.equal(requestedPorts(step)[1]?.allowedSourceAddressPrefix, '*');
    assert.equal(everybody.outputs['sourceAddresses'], '*');
    // Also if such a request is reused, and in a dry run.
    const runs = [
      everybody,
      await step.run({ sourceIp: '*' }),
      await step.run({ sourceIp: '*', dryRun: 'true' }),
    ];
    for (const one of runs) assertWarns(one, 'sourceIp', '*', 'anyone', 'web-01');
    assert.deepEqual(warningsOf(run), []);
  });

  it('requests an address within an allowed CIDR unchanged, and refers to `policy` if Azure refuses it', async () => {
    const ports = [{ ...anyPort(22), sources: ['20.61.99.0/24'] }];
    const [taken, refused] = await Promise.all([
      task.prepare({ ports, settings: { verbatimSources: false } }),
      task.prepare({ ports, settings: { verbatimSources: true } }),
    ]);
    const [good, bad] = await Promise.all([taken.run(), refused.run()]);
    assertSucceeded(good);
    assertFailed(bad, 'JIT405', 'sourceIp: policy', 'jit-web');
    for (const step of [taken, refused]) {
      assert.deepEqual(
        requestedPorts(step).map(({ allowedSourceAddressPrefix }) => allowedSourceAddressPrefix),
        ['20.61.99.7'],
      );
    }
    assert.deepEqual(bad.outputs, {});
  });

  it('reports what is really open if Azure opens the port for another source', async () => {
    const step = await task.prepare({ settings: { acceptsPrefixLists: false, seenAddress: '20.70.1.2' } });
    const run = await step.run({ sourceIp: '20.61.1.1,20.61.1.3', waitFor: 'request' });
    assertWarns(run, '20.61.1.1', '20.61.1.3', '20.70.1.2');
    assert.equal(run.outputs['sourceAddresses'], '20.70.1.2');
  });
});
