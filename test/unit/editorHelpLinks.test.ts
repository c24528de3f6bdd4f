import assert from 'node:assert/strict';
import { withHelpLinks } from '../../scripts/helpLinks';

const TASK = {
  name: 'Any',
  helpMarkDown: 'What it is. [More](README.md#what-it-does)',
  inputs: [
    { name: 'one', helpMarkDown: 'One, [here](docs/contract.md#asking) or [there](https://example.com/a).' },
    { name: 'two' },
  ],
};

describe('the links in the help of a packed task', () => {
  it('lead into the repository', () => {
    const { helpMarkDown, inputs } = withHelpLinks(TASK, 'https://github.com/owner/name');
    assert.equal(
      helpMarkDown,
      'What it is. [More](https://github.com/owner/name/blob/HEAD/README.md#what-it-does)',
    );
    assert.equal(
      inputs[0]?.helpMarkDown,
      'One, [here](https://github.com/owner/name/blob/HEAD/docs/contract.md#asking) or [there](https://example.com/a).',
    );
    assert.deepEqual(inputs[1], { name: 'two' });
  });

  it('are left out without a repository, all but whole addresses', () => {
    const { helpMarkDown, inputs } = withHelpLinks(TASK, undefined);
    assert.equal(helpMarkDown, 'What it is.');
    assert.equal(inputs[0]?.helpMarkDown, 'One, or [there](https://example.com/a).');
  });
});
