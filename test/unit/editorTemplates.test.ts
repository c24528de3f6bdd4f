import assert from 'node:assert/strict';
import { render } from '../support/editor/mustache';
import { isVisible, passes } from '../support/editor/rules';

const ID = '/subscriptions/1/resourceGroups/rg-app/providers/Microsoft.Compute/virtualMachines/web-01';
const PAGE =
  '{{#getTokenValue response.nextLink}}{{{extractUrlQueryParamKeyValue %24skiptoken,%24skipToken}}}{{/getTokenValue}}';

describe('the templates of the editors', () => {
  it('escape HTML with two braces but not with three, and omit missing values', () => {
    const context = { a: { b: `<&"'` } };
    assert.equal(render('{{a.b}} {{{a.b}}} {{{a.c}}}', context), `&#60;&#38;&#34;&#39; <&"' `);
  });

  it('extract a segment from an ID regardless of case, and escape JSON', () => {
    assert.equal(render('{{{ #extractResource id resourcegroups}}}', { id: ID }), 'rg-app');
    assert.equal(render('{{{ #jsonEscape name}}}', { name: 'a"b\\c' }), 'a\\"b\\\\c');
  });

  it('copy the token of the next page exactly, in either spelling', () => {
    for (const mark of ['%24skiptoken=a%3d%3D', '$skiptoken=a%3d', '%24skipToken=1', '$skipToken=x']) {
      const response = { nextLink: `https://management.azure.com/x?api-version=1&${mark}` };
      assert.equal(render(PAGE, { response }), mark);
    }
    assert.equal(render(PAGE, { response: {} }), '');
  });

  it('say whether there is another page', () => {
    assert.equal(render('{{isTokenPresent response.nextLink}}', { response: { nextLink: 'x' } }), 'True');
    assert.equal(render('{{isTokenPresent response.nextLink}}', { response: {} }), 'False');
  });

  it('are rejected if they use an unknown helper', () => {
    assert.throws(() => render('{{#each value}}', {}), /#each/);
    assert.throws(() => render('{{add skip 1000}}', {}), /add/);
  });
});

describe('the rules of the editors', () => {
  it('combine comparisons with `and`, or with `or`', () => {
    const values = { waitFor: 'rule', action: 'ensure' };
    assert.equal(isVisible(undefined, values), true);
    assert.equal(isVisible('waitFor = rule', values), true);
    assert.equal(isVisible('waitFor != rule && action = ensure', values), false);
    assert.equal(isVisible('waitFor != rule || action = ensure', values), true);
    assert.throws(() => isVisible('waitfor = rule', values), /waitfor/);
    assert.throws(() => isVisible('waitFor startsWith r', values), /startsWith/);
  });

  it('match an entire expression or reject it', () => {
    assert.equal(passes("isMatch(value, '^[0-9]+$')", '12'), true);
    assert.equal(passes("isMatch(value, '^[0-9]+$')", 'x'), false);
    assert.throws(() => passes('isNumber(value)', '1'), /isNumber/);
  });
});
