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
  it('lead to the repository at the tag of the version', () => {
    const { helpMarkDown, inputs } = withHelpLinks(TASK, {
      url: 'https://github.com/owner/name',
      tag: 'v1.2.3',
    });
    assert.equal(
      helpMarkDown,
      'What it is. [More](https://github.com/owner/name/blob/v1.2.3/README.md#what-it-does)',
    );
    assert.equal(
      inputs[0]?.helpMarkDown,
      'One, [here](https://github.com/owner/name/blob/v1.2.3/docs/contract.md#asking) or [there](https://example.com/a).',
    );
    assert.deepEqual(inputs[1], { name: 'two' });
  });

  it('also lead there in Azure Repos', () => {
    const url = 'https://dev.azure.com/org/project/_git/repo';
    const { helpMarkDown } = withHelpLinks(TASK, { url, tag: 'v1.2.3' });
    assert.equal(
      helpMarkDown,
      `What it is. [More](${url}?path=/README.md&version=GTv1.2.3&anchor=what-it-does)`,
    );
  });

  it('are omitted without a repository, except for absolute URLs', () => {
    const { helpMarkDown, inputs } = withHelpLinks(TASK, undefined);
    assert.equal(helpMarkDown, 'What it is.');
    assert.equal(inputs[0]?.helpMarkDown, 'One, or [there](https://example.com/a).');
  });
});
