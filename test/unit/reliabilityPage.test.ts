import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { environmentTable } from '../../scripts/reliability/environment';
import { formatTable } from '../../scripts/reliability/page';

describe('the reliability page', () => {
  it('lists every environment variable with its effect', async () => {
    const file = path.resolve(__dirname, '../../docs/reliability.md');
    const chapter = formatTable(environmentTable());
    const formatted = await format(chapter, { ...(await resolveConfig(file)), filepath: file });
    assert.ok((await readFile(file, 'utf8')).includes(formatted.trim()));
  });
});
