import assert from 'node:assert/strict';
import type { EchoAnswer } from '../support/azure';
import { anyPort } from '../support/scenario';
import {
  askedPorts,
  assertFailed,
  assertNames,
  assertSucceeded,
  assertWarns,
  usePackagedTask,
  warningsOf,
} from '../support/packagedTask';

const text = (address: string): EchoAnswer => ({ text: `${address}\n` });

describe('finding out the address of the agent', () => {
  const task = usePackagedTask();

  /** Runs a step for an agent to which the three services answer this. */
  async function runWith(...answers: readonly EchoAnswer[]) {
    const stage = await task.stage();
    stage.azure.echo.forEach((service, index) => {
      service.answer = answers[index] ?? 'empty';
    });
    const run = await stage.run();
    const asked = askedPorts(stage).map(({ allowedSourceAddressPrefix }) => allowedSourceAddressPrefix);
    return { run, asked, urls: stage.azure.echoUrls };
  }

  it('believes two services that agree, and names a third that says otherwise', async () => {
    const [outvoted, page] = await Promise.all([
      runWith(text('20.61.99.7'), text('20.61.99.8'), text('20.61.99.7')),
      runWith('html', text('20.61.99.7'), text('20.61.99.7')),
    ]);
    for (const { run, asked } of [outvoted, page]) {
      assertSucceeded(run);
      assert.deepEqual(asked, ['20.61.99.7']);
      assert.equal(run.outputs['sourceAddresses'], '20.61.99.7');
    }
    assertWarns(outvoted.run, outvoted.urls[1] ?? '', '20.61.99.8');
    assert.deepEqual(warningsOf(page.run), []);
  });

  it('fails when the services disagree, with every answer', async () => {
    const [all, two] = await Promise.all([
      runWith(text('20.61.99.7'), text('20.61.99.8'), text('20.61.99.9')),
      runWith(text('20.61.99.7'), 'close', text('20.61.99.9')),
    ]);
    assertFailed(all.run, 'JIT502', '20.61.99.7', '20.61.99.8', '20.61.99.9', ...all.urls);
    assertFailed(two.run, 'JIT502', '20.61.99.7', '20.61.99.9', ...two.urls);
    assert.deepEqual([...all.asked, ...two.asked], []);
  });

  it('fails when the answer that decides is no public IPv4 address', async () => {
    const runs = await Promise.all(
      ['172.16.4.5', '100.64.0.9', '168.63.129.16', '2001:db8::7'].map(async (address) => ({
        address,
        ...(await runWith(text(address), text(address), text(address))),
      })),
    );
    for (const { address, run, asked } of runs) {
      assertFailed(run, 'JIT503', address);
      assert.deepEqual(asked, []);
    }
  });

  it('takes a page, nothing, and an error for no answer', async () => {
    const [nothing, single] = await Promise.all([
      runWith('html', 'empty', { text: 'down', status: 503 }),
      runWith(text('20.61.99.7'), 'close', { text: 'null' }),
    ]);
    assertFailed(nothing.run, 'JIT501', ...nothing.urls);
    assertFailed(single.run, 'JIT501', ...single.urls);
    assert.deepEqual([...nothing.asked, ...single.asked], []);
  });

  it('lets a single service of the user stand alone', async () => {
    const stage = await task.stage();
    const [own = ''] = stage.azure.echoUrls;
    assertSucceeded(await stage.run({ ipEchoUrls: own }));
    assert.deepEqual(
      stage.azure.callsTo('echo').map(({ service }) => service),
      ['echo-1'],
    );
  });
});

describe('address services on one host', () => {
  const task = usePackagedTask();

  it('are one service: it does not outvote another, and may stand alone', async () => {
    const stage = await task.stage();
    const [first, second] = stage.azure.echo;
    assert.ok(first && second);
    const two = [first.url, `${first.url}?again`.replace('localhost', 'LOCALHOST')];
    first.answer = text('20.61.99.9');
    const against = await stage.run({ ipEchoUrls: [...two, second.url].join('\n') });
    assertFailed(against, 'JIT502', '20.61.99.9', '20.61.99.7');
    const alone = await stage.run({ ipEchoUrls: two.join('\n') });
    assertSucceeded(alone);
    assert.equal(alone.outputs['sourceAddresses'], '20.61.99.9');
  });
});

describe('other sources', () => {
  const task = usePackagedTask();

  it('leaves the address to Azure, and shows which one it took', async () => {
    const stage = await task.stage({ settings: { seenAddress: '20.70.1.2' } });
    const run = await stage.run({ sourceIp: 'azure' });
    assertSucceeded(run);
    assert.deepEqual(Object.keys(askedPorts(stage)[0] ?? {}).toSorted(), ['endTimeUtc', 'number']);
    assert.deepEqual(stage.azure.callsTo('echo'), []);
    assert.equal(run.outputs['sourceAddresses'], '20.70.1.2');
    assertNames(run.log.join('\n'), '20.70.1.2');
  });

  it('asks for what the policy allows, verbatim', async () => {
    const lists = [['20.61.99.0/24', '20.62.0.7'], ['20.61.99.0/24']];
    const [many, one] = await Promise.all(
      lists.map((sources) => task.stage({ ports: [{ ...anyPort(22), sources }] })),
    );
    assert.ok(many && one);
    const runs = await Promise.all([many.run({ sourceIp: 'policy' }), one.run({ sourceIp: 'policy' })]);
    runs.forEach(assertSucceeded);
    assert.deepEqual(askedPorts(many)[0]?.allowedSourceAddressPrefixes, lists[0]);
    assert.deepEqual(askedPorts(one)[0]?.allowedSourceAddressPrefix, '20.61.99.0/24');
    assert.equal(runs[0].outputs['sourceAddresses'], '20.61.99.0/24,20.62.0.7');
    assert.deepEqual(many.azure.callsTo('echo'), []);
  });

  it('asks for a list in one request, and for everybody only when that is written out', async () => {
    const stage = await task.stage();
    const run = await stage.run({ sourceIp: '20.61.1.1, 20.62.0.0/28' });
    assertSucceeded(run);
    assert.equal(stage.azure.callsTo('initiate').length, 1);
    assert.deepEqual(askedPorts(stage)[0]?.allowedSourceAddressPrefixes, ['20.61.1.1', '20.62.0.0/28']);
    assert.equal(run.outputs['sourceAddresses'], '20.61.1.1,20.62.0.0/28');

    const everybody = await stage.run({ sourceIp: '*' });
    assertSucceeded(everybody);
    assert.equal(askedPorts(stage)[1]?.allowedSourceAddressPrefix, '*');
    assert.equal(everybody.outputs['sourceAddresses'], '*');
    // Also where such a request is used again, and in a dry run.
    const runs = [
      everybody,
      await stage.run({ sourceIp: '*' }),
      await stage.run({ sourceIp: '*', dryRun: 'true' }),
    ];
    for (const one of runs) assertWarns(one, 'sourceIp', '*', 'everybody', 'web-01');
    assert.deepEqual(warningsOf(run), []);
  });

  it('asks for an address inside an allowed CIDR as it is, and points to `policy` when Azure refuses it', async () => {
    const ports = [{ ...anyPort(22), sources: ['20.61.99.0/24'] }];
    const [taken, refused] = await Promise.all([
      task.stage({ ports, settings: { verbatimSources: false } }),
      task.stage({ ports, settings: { verbatimSources: true } }),
    ]);
    const [good, bad] = await Promise.all([taken.run(), refused.run()]);
    assertSucceeded(good);
    assertFailed(bad, 'JIT405', 'sourceIp: policy', 'jit-web');
    for (const stage of [taken, refused]) {
      assert.deepEqual(
        askedPorts(stage).map(({ allowedSourceAddressPrefix }) => allowedSourceAddressPrefix),
        ['20.61.99.7'],
      );
    }
    assert.deepEqual(bad.outputs, {});
  });

  it('says what is really open when Azure opens for another source', async () => {
    const stage = await task.stage({ settings: { acceptsPrefixLists: false, seenAddress: '20.70.1.2' } });
    const run = await stage.run({ sourceIp: '20.61.1.1,20.61.1.3', waitFor: 'request' });
    assertWarns(run, '20.61.1.1', '20.61.1.3', '20.70.1.2');
    assert.equal(run.outputs['sourceAddresses'], '20.70.1.2');
  });
});
