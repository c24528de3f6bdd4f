import assert from 'node:assert/strict';
import { ADDRESS_SERVICES } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/open/sourceAddress';
import type { Code } from '../../tasks/shared/core/codes';
import { AGENT } from '../support/fakes/fakeContext';
import { aWorkflow, type RawInputs } from './workflow';

type Answers = readonly (string | undefined)[];
const OTHER = '20.50.9.9';

/** The direct answers, the inputs, and the code that the run ends with. */
const CASES: readonly (readonly [string, Answers, RawInputs, Code | undefined])[] = [
  ['all agree', [AGENT, AGENT, AGENT], {}, undefined],
  ['two agree and one fails', [AGENT, undefined, AGENT], {}, undefined],
  ['two agree and one answers HTML', [AGENT, '<html>Sign in</html>', AGENT], {}, undefined],
  ['two agree and one answers nothing', [AGENT, '', AGENT], {}, undefined],
  ['no service answers', [undefined, undefined, undefined], {}, 'JIT501'],
  ['only one answers', [AGENT, undefined, undefined], {}, 'JIT501'],
  ['only HTML comes', ['<html>', '<html>', '<html>'], {}, 'JIT501'],
  ['one answers beside two pages of HTML', [AGENT, '<html>', '<html>'], {}, 'JIT501'],
  ['two answer differently', [AGENT, OTHER, undefined], {}, 'JIT502'],
  ['three answer differently', [AGENT, OTHER, '20.50.3.3'], {}, 'JIT502'],
  ['IPv6 decides', ['2603:1020::7', '2603:1020::7', AGENT], {}, 'JIT503'],
  ['a private address decides', ['10.1.2.3', '10.1.2.3', '10.1.2.3'], {}, 'JIT503'],
  ['a shared address decides', ['100.64.1.1', '100.64.1.1', undefined], {}, 'JIT503'],
  ['a documentation address decides', ['203.0.113.7', '203.0.113.7', '203.0.113.7'], {}, 'JIT503'],
  ['a single own service', [AGENT], { ipEchoUrls: 'https://ip.contoso.com/' }, undefined],
  ['a single own service fails', [undefined], { ipEchoUrls: 'https://ip.contoso.com/' }, 'JIT501'],
  ['a single own service is private', ['10.1.2.3'], { ipEchoUrls: 'https://ip.contoso.com/' }, 'JIT503'],
  [
    'two own services disagree',
    [AGENT, OTHER],
    { ipEchoUrls: 'https://a.contoso.com/\nhttps://b.contoso.com/' },
    'JIT502',
  ],
  [
    'one of two own services answers',
    [AGENT, undefined],
    { ipEchoUrls: 'https://a.contoso.com/\nhttps://b.contoso.com/' },
    'JIT501',
  ],
];

describe('determining the address of the agent', () => {
  for (const [what, answers, inputs, code] of CASES) {
    it(`${code ?? 'continues'} when ${what}`, async () => {
      const { run, context: context, count } = aWorkflow();
      context.services.direct = answers;
      const { codes, outputs } = await run(inputs);
      assert.deepEqual(codes, code ? [code] : []);
      assert.equal(outputs?.sourceAddresses, code ? undefined : AGENT);
      assert.equal(count('initiate'), code ? 0 : 1);
    });
  }

  it('queries three services at the same time, directly', async () => {
    const { run, context: context } = aWorkflow();
    await run();
    assert.deepEqual(context.services.asked, [{ services: ADDRESS_SERVICES, route: 'direct' }]);
    assert.ok(new Set(ADDRESS_SERVICES.map((url) => new URL(url).hostname.split('.').at(-2))).size >= 3);
  });

  it('queries only the services that the user names', async () => {
    const { run, context: context } = aWorkflow();
    await run({ ipEchoUrls: 'https://a.contoso.com/ip\nhttps://b.contoso.com/' });
    assert.deepEqual(context.services.asked[0]?.services, [
      'https://a.contoso.com/ip',
      'https://b.contoso.com/',
    ]);
  });

  it('warns of a service that is outvoted, and names it with its answer', async () => {
    const { run, context: context } = aWorkflow();
    context.services.direct = [AGENT, OTHER, AGENT];
    assert.deepEqual((await run()).codes, []);
    const [warning = '', ...more] = context.texts('warning');
    assert.ok(warning.includes(OTHER) && warning.includes(new URL(ADDRESS_SERVICES[1]!).hostname));
    assert.deepEqual(more, []);
  });

  it('outvotes a third service that answers with IPv6', async () => {
    const { run, context: context } = aWorkflow();
    context.services.direct = [AGENT, '2603:1020::7', AGENT];
    assert.deepEqual((await run()).codes, []);
  });

  it('shows every answer when they disagree', async () => {
    const { run, context: context } = aWorkflow();
    context.services.direct = [AGENT, OTHER, undefined];
    const { thrown } = await run();
    for (const part of [AGENT, OTHER, ...ADDRESS_SERVICES.map((url) => new URL(url).hostname)]) {
      assert.ok(thrown?.seen.includes(part), part);
    }
  });

  it('uses the proxy only when direct queries fail, and warns', async () => {
    const { run, context: context } = aWorkflow();
    context.services.hasProxy = true;
    context.services.direct = [undefined, undefined, undefined];
    context.services.proxy = [OTHER, OTHER, undefined];
    const { codes, outputs } = await run();
    assert.deepEqual(codes, []);
    assert.equal(outputs?.sourceAddresses, OTHER);
    assert.deepEqual(
      context.services.asked.map(({ route: route }) => route),
      ['direct', 'proxy'],
    );
    assert.ok(context.texts('warning').some((text) => text.includes(OTHER)));
  });

  it('does not use the proxy when the direct answers disagree', async () => {
    const { run, context: context } = aWorkflow();
    context.services.hasProxy = true;
    context.services.direct = [AGENT, OTHER, undefined];
    context.services.proxy = [OTHER, OTHER, OTHER];
    assert.deepEqual((await run()).codes, ['JIT502']);
    assert.equal(context.services.asked.length, 1);
  });

  it('fails with JIT501 when the proxy does not help either', async () => {
    const { run, context: context } = aWorkflow();
    context.services.hasProxy = true;
    context.services.direct = [undefined, undefined, undefined];
    assert.deepEqual((await run()).codes, ['JIT501']);
    assert.equal(context.services.asked.length, 2);
  });
});
