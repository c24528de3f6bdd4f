import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { builtVsix } from '../test/support/agent/builtPackage';
import { unpack } from '../test/support/agent/unpack';
import { startTabServer } from '../test/support/tab/server';
import { recordRuns } from './screenshots/runs';

const PORT = 8118;

/**
 * `npm run tab`: runs the packaged tasks against the simulated Azure, and shows what they attached on the pages of the
 * package, in a local host page for any browser. Ctrl-C stops it.
 */
async function main(): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'tab-'));
  process.once('SIGINT', () => {
    void rm(folder, { recursive: true, force: true }).finally(() => process.exit());
  });
  await unpack(builtVsix(), folder);
  console.log('Running the tasks.');
  const { configured, opened, blocked, reported } = await recordRuns(Date.now());
  const server = await startTabServer(path.join(folder, 'web'), true, PORT);
  const { devops } = server;
  const pipeline = devops.addPipeline('deploy-web');
  const isOver = devops.addRun(
    pipeline,
    [configured, opened, blocked, reported].flatMap(({ documents }) => documents),
  );
  const goesOn = devops.addRun(pipeline, opened.documents.slice(0, 1));
  const empty = devops.addRun(pipeline, []);
  const run = (id: number, status: 1 | 2, theme: 'light' | 'dark' = 'light'): string =>
    server.hostAddress({ page: 'tab', theme, build: { id, status } });
  const widget = (theme: 'light' | 'dark'): string =>
    `${server.hostAddress({ page: 'widget', theme })}&pipeline=${pipeline}`;
  const pages = {
    'a completed run': run(isOver, 2),
    'the same, dark': run(isOver, 2, 'dark'),
    'a run in progress, with open ports': run(goesOn, 1),
    'a run without attachments': run(empty, 1),
    'the widget': widget('light'),
    'the widget, dark': widget('dark'),
    'its configuration': `${server.hostAddress({ page: 'configuration' })}&pipeline=${pipeline}`,
  };
  for (const [title, address] of Object.entries(pages)) console.log(`${address}\n    ${title}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
