import assert from 'node:assert/strict';
import { parsePrefixes } from '../../../tasks/shared/core/prefixes';
import type { SecurityRule } from '../../../tasks/shared/core/network';
import { isGrantRule as isGrant } from '../../../tasks/shared/core/nsg/grants';
import { AGENT, aRule, jitAllow } from './networks';

const isGrantRule = (rule: SecurityRule, activeSources: readonly string[]) =>
  isGrant(rule, parsePrefixes(activeSources));

describe('a rule of an active request', () => {
  it('has a name that the service generates, and sources that active requests cover', () => {
    assert.equal(isGrantRule(jitAllow(), [AGENT]), true);
    assert.equal(isGrantRule(jitAllow(), ['10.0.0.9', `${AGENT}/32`]), true);
    assert.equal(isGrantRule(jitAllow(), ['20.50.1.0/24']), true);
    assert.equal(isGrantRule(jitAllow(), ['*']), true);
    assert.equal(isGrantRule(jitAllow({ sources: ['*'] }), ['0.0.0.0/0']), true);
    const halves = jitAllow({ sources: ['20.50.1.0/24'] });
    assert.equal(isGrantRule(halves, ['20.50.1.0/25', '20.50.1.128/25']), true);
  });

  it('is not identified by its name alone', () => {
    assert.equal(isGrantRule(jitAllow(), []), false);
    assert.equal(isGrantRule(jitAllow(), ['20.50.1.8']), false);
    assert.equal(isGrantRule(jitAllow({ sources: ['*'] }), [AGENT]), false);
    assert.equal(isGrantRule(jitAllow({ sources: [AGENT, '20.50.1.8'] }), [AGENT]), false);
  });

  it('cannot have sources that cannot be parsed, or no sources', () => {
    assert.equal(isGrantRule(jitAllow({ sources: ['Internet'] }), ['*']), false);
    assert.equal(isGrantRule(jitAllow({ sources: [AGENT, 'Internet'] }), ['*']), false);
    assert.equal(isGrantRule(jitAllow({ sources: [] }), ['*']), false);
    assert.equal(isGrantRule(jitAllow({ sourceGroupIds: ['/asg/web'], sources: [] }), ['*']), false);
  });

  it('is not identified by its sources alone, and is not a deny rule', () => {
    assert.equal(isGrantRule(aRule({ priority: 100, name: 'by-hand', sources: [AGENT] }), [AGENT]), false);
    assert.equal(isGrantRule(jitAllow({ access: 'Deny' }), [AGENT]), false);
  });
});
