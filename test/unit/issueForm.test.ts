import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { findTasks } from '../../scripts/tasks';
import { read, ROOT } from './pipelineJobs';

describe('the issue form', () => {
  const { body } = parse(read('.github/ISSUE_TEMPLATE/problem.yml')) as {
    body: {
      id?: string;
      attributes: { value?: string; options?: unknown[] };
      validations?: { required: boolean };
    }[];
  };
  const field = (id: string) => body.find((one) => one.id === id)!;

  it('requests the code, log, step, connection, and versions', () => {
    for (const id of ['code', 'log', 'step', 'connection', 'versions']) {
      assert.equal(field(id).validations?.required, true, id);
    }
  });

  it('offers every task', async () => {
    const tasks = (await findTasks(ROOT)).map(
      ({ definition: { name, version } }) => `${name}@${version.Major}`,
    );
    for (const task of tasks) assert.ok(field('task').attributes.options?.includes(task), task);
  });

  it('links to existing documents', () => {
    const links = [...(body[0]?.attributes.value ?? '').matchAll(/\.\.\/blob\/HEAD\/([^)#]+)/g)].map(
      ([, file = '']) => file,
    );
    assert.equal(links.length, 2);
    for (const file of links) assert.ok(existsSync(path.join(ROOT, file)), file);
  });
});
