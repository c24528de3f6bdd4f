import assert from 'node:assert/strict';
import { parsePrefixes } from '../../../tasks/shared/core/prefixes';
import {
  findOwnPort,
  findRequestFor,
  isActive,
  newestFirst,
  requestsForPort,
  sameSources,
} from '../../../tasks/shared/core/requests';
import { aPolicy, aRequest, aVm, HOUR, NOW } from './policies';

const same = (one: readonly string[], other: readonly string[]) =>
  sameSources(parsePrefixes(one), parsePrefixes(other));
const [port] = aRequest().ports;
assert.ok(port);

describe('requests', () => {
  it('are active until their end, unless their status says otherwise', () => {
    assert.ok(isActive(port, NOW));
    assert.ok(isActive({ ...port, status: 'Initiating' }, NOW));
    assert.ok(!isActive(port, port.endsAt));
    assert.ok(!isActive({ ...port, status: 'Revoked' }, NOW));
    assert.ok(!isActive({ ...port, status: 'Whatever' }, NOW));
  });

  it('have no order, and are sorted by time', () => {
    const at = (hours: number) => aRequest({}, { startedAt: new Date(NOW - hours * HOUR).toISOString() });
    const [a, b, c] = [at(2), at(3), at(1)];
    assert.deepEqual(newestFirst([a, b, c]), [c, a, b]);
    const policy = aPolicy({ requests: [a, b, c] });
    assert.deepEqual(
      requestsForPort(policy, aVm(), 22).map(({ request }) => request),
      [c, a, b],
    );
    assert.deepEqual(requestsForPort(policy, aVm(), 23), []);
    assert.deepEqual(requestsForPort(policy, aVm('other'), 22), []);
  });

  it('have the same sources in any order and notation', () => {
    assert.ok(same(['1.2.3.4', '10.0.0.0/8'], ['10.0.0.0/8', '1.2.3.4/32']));
    assert.ok(same(['*'], ['*']));
    assert.ok(!same(['*'], ['1.2.3.4']));
    assert.ok(!same(['1.2.3.4'], ['1.2.3.4', '1.2.3.5']));
  });

  it("are identified as the step's own by start, VM, port, sources, and end", () => {
    const mine = aRequest({ status: 'Revoked' }, { startedAt: '2026-11-21T08:59:59.123Z' });
    const policy = aPolicy({ requests: [aRequest(), mine] });
    const [own] = mine.ports;
    assert.ok(own);
    const find = (given: object) =>
      findOwnPort(policy, { ...own, startedAt: mine.startedAt, ...given })?.status;
    assert.equal(find({}), 'Revoked');
    assert.equal(find({ sources: undefined }), 'Revoked');
    assert.equal(find({ port: 23 }), undefined);
    assert.equal(find({ vm: aVm('other') }), undefined);
    assert.equal(find({ startedAt: '2026-11-21T08:59:59.124Z' }), undefined);
    assert.equal(find({ sources: parsePrefixes(['20.50.1.8']) }), undefined);
    assert.equal(find({ endsAt: own.endsAt + HOUR }), undefined);
  });
});

describe('looking up a request with a lost response', () => {
  const since = NOW - 120_000;
  const wanted = { vm: aVm(), port: 22, sources: parsePrefixes(['20.50.1.7']), endsAt: NOW + HOUR };
  const find = (request: ReturnType<typeof aRequest>, wish: Partial<typeof wanted> = {}) =>
    findRequestFor(aPolicy({ requests: [request] }), [{ ...wanted, ...wish }], since);

  it('finds it by VM, port, source, and end', () => {
    assert.ok(find(aRequest()));
    assert.ok(find(aRequest({ endsAt: NOW + HOUR + 0.4 })));
    assert.ok(find(aRequest({ sources: ['20.50.1.7/32'] })));
  });

  it('does not find a different request', () => {
    assert.equal(find(aRequest({ endsAt: NOW + HOUR + 2000 })), undefined);
    assert.equal(find(aRequest({ sources: ['20.50.1.8'] })), undefined);
    assert.equal(find(aRequest({ sources: ['20.50.0.0/16'] })), undefined);
    assert.equal(find(aRequest({ vm: aVm('other') })), undefined);
    assert.equal(find(aRequest({}, { startedAt: new Date(since - 1).toISOString() })), undefined);
    const [one] = aRequest().ports;
    assert.ok(one);
    assert.equal(find(aRequest({}, { ports: [one, { ...one, port: 80 }] })), undefined);
  });

  it('accepts the source that Azure determined if the request named none', () => {
    const wishes = [{ vm: aVm(), port: 22, sources: undefined, endsAt: NOW + HOUR }];
    assert.ok(findRequestFor(aPolicy({ requests: [aRequest({ sources: ['9.9.9.9'] })] }), wishes, since));
  });
});
