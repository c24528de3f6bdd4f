import assert from 'node:assert/strict';
import path from 'node:path';
import { workFolders } from '../../../tasks/JitReport/JitReportV1/src/host/folders';
import { jobFolders, ownFolders } from '../../../tasks/shared/host/folders';
import { createFakeHost } from '../../support/fakes/fakeHost';

const { root } = path.parse(process.cwd());
const work = path.join(root, 'agent', '_work');

describe('the folders that jobs can write to', () => {
  it('include the work folder that contains the program, and the working folder', () => {
    const program = path.join(work, '_tasks', 'JitReport_0a1b', '1.0.0');
    const sources = path.join(work, '1', 's');
    assert.deepEqual(ownFolders(program, sources), [work, sources]);
    assert.deepEqual(ownFolders(path.join(root, 'home', 'me'), sources), [sources]);
  });

  it('never include a whole drive', () => {
    assert.deepEqual(ownFolders(path.join(root, '_tasks', 'x'), root), []);
  });

  it('do not only depend on variables', () => {
    const { host } = createFakeHost({ variables: { 'Agent.WorkFolder': '/nowhere' } });
    for (const folders of [jobFolders(host), workFolders(host)])
      assert.deepEqual(folders, ['/nowhere', ...ownFolders()]);
  });
});
