import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parsePrefix } from '../../../tasks/shared/core/prefixes';
import { isPublicIpv4 } from '../../../tasks/shared/core/addresses';
import {
  countVotes,
  serviceOf,
  type EchoAnswer,
} from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/echo';

const A = '20.50.1.7';
const B = '20.50.1.8';
const V6 = '2603:1020:201::7';

const toAnswers = (texts: readonly (string | undefined)[]): EchoAnswer[] =>
  texts.map((text, index) => {
    const service = `https://echo-${index}.test/`;
    return text === undefined
      ? { service, kind: 'failure', reason: 'ETIMEDOUT' }
      : { service, kind: 'text', text };
  });

const CASES: readonly (readonly [readonly (string | undefined)[], number, string])[] = [
  [[A, A, A], 2, 'agreed'],
  [[A, A, undefined], 2, 'agreed'],
  [[A, B, A], 2, 'agreed'],
  [[A, V6, A], 2, 'agreed'],
  [[A, '10.0.0.1', A], 2, 'agreed'],
  [[A, '<html>', ''], 2, 'silent'],
  [['null', 'null', 'null'], 2, 'silent'],
  [['1.2.3', '256.1.1.1', '01.2.3.4'], 2, 'silent'],
  [['12:30', '12:30', 'a'], 2, 'silent'],
  [[], 2, 'silent'],
  [[A, B, undefined], 2, 'disagreement'],
  [[A, A, B, B], 2, 'disagreement'],
  [[A, V6, undefined], 2, 'disagreement'],
  [[V6, V6.toUpperCase(), A], 2, 'notPublic'],
  [['2001:db8::1', '2001:0db8:0:0:0:0:0:1', A], 2, 'notPublic'],
  [['172.16.4.4', '172.16.4.4'], 2, 'notPublic'],
  [['::ffff:10.0.0.1', '::ffff:10.0.0.1'], 2, 'notPublic'],
  [[A], 1, 'agreed'],
  [['100.64.0.9'], 1, 'notPublic'],
  [[undefined], 1, 'silent'],
];

describe('the votes of address services', () => {
  for (const [texts, needed, kind] of CASES) {
    it(`for ${texts.map((text) => text ?? 'nothing').join(', ') || 'no answer'} count as ${kind}`, () => {
      const vote = countVotes(toAnswers(texts), needed);
      assert.equal(vote.kind, kind);
      if (vote.kind === 'agreed') assert.equal(vote.address.text, A);
    });
  }

  it('name the services that were outvoted, but none that returned no address', () => {
    const vote = countVotes(toAnswers([A, B, A, '<html>', undefined]), 2);
    assert.ok(vote.kind === 'agreed');
    assert.deepEqual(
      vote.dissenters.map(({ service }) => service),
      ['https://echo-1.test/'],
    );
  });

  it('agree only on a public IPv4 address that enough services returned', () => {
    const text = fc.oneof(fc.ipV4(), fc.ipV6(), fc.constantFrom(A, B, undefined, ''), fc.string());
    fc.assert(
      fc.property(fc.array(text, { maxLength: 5 }), fc.constantFrom(1, 2), (texts, needed) => {
        const vote = countVotes(toAnswers(texts), needed);
        if (vote.kind !== 'agreed') return;
        assert.ok(vote.address.ipv4 && isPublicIpv4(vote.address.ipv4.first));
        assert.ok(texts.filter((other) => other === vote.address.text).length >= needed);
      }),
    );
  });
});

describe('addresses of one service', () => {
  const said = (service: string, text: string): EchoAnswer => ({ service, kind: 'text', text });
  const [one, other] = ['https://a.test/1', 'https://b.test/'];

  it('are those with the same host, regardless of how it is spelled', () => {
    const same = ['https://a.test/1', 'https://A.test/2?x', 'https://a.test./', 'https://a.test:8443/3'];
    assert.equal(new Set(same.map(serviceOf)).size, 1);
    assert.equal(new Set([...same, 'https://b.a.test/', 'https://b.test/'].map(serviceOf)).size, 3);
  });

  it("are distinguished by port only on the agent's own machine", () => {
    for (const host of ['localhost', '127.0.0.1', '[::1]']) {
      const two = [`https://${host}/`, `https://${host}/x`, `https://${host}:8443/`];
      assert.equal(new Set(two.map(serviceOf)).size, 2, host);
    }
  });

  it('have one vote', () => {
    const answers = [said(one, '20.1.1.1'), said('https://a.test./2', '20.1.1.1'), said(other, '20.1.1.2')];
    assert.deepEqual(countVotes(answers, 2), { kind: 'disagreement' });
    assert.deepEqual(countVotes(answers.slice(0, 2), 2), { kind: 'silent' });
    assert.deepEqual(countVotes(answers.slice(0, 2), 1), {
      kind: 'agreed',
      address: parsePrefix('20.1.1.1'),
      dissenters: [],
    });
    const third = said('https://c.test/', '20.1.1.1');
    const vote = countVotes([...answers, third], 2);
    assert.deepEqual(vote, { kind: 'agreed', address: parsePrefix('20.1.1.1'), dissenters: [answers[2]] });
  });

  it('must not contradict each other if they are the only ones', () => {
    const answers = [said(one, '20.1.1.1'), said('https://a.test/2', '20.1.1.2')];
    assert.deepEqual(countVotes(answers, 1), { kind: 'disagreement' });
  });
});
