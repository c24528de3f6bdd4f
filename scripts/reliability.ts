import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { createAgent, type Agent } from '../test/support/agent/agent';
import { builtVsix } from '../test/support/agent/builtPackage';
import { CHAPTERS, type Chapter, type Check } from './reliability/checks';
import { tryConcurrentRequests } from './reliability/concurrentRequests';
import { environmentTable } from './reliability/environment';
import { formatPage, type Table } from './reliability/page';
import { inPool } from '../tasks/shared/core/pool';
import { ROOT } from './stage';

const AT_ONCE = 6;

/** The result of a check: its cell, and its problems. */
interface Outcome {
  readonly check: Check;
  readonly cell: string;
  readonly complaints: readonly string[];
}

/**
 * `npm run reliability`: tries every problem with every call, writes docs/reliability.md, and fails if a promise is
 * broken.
 */
async function main(): Promise<void> {
  const tables: Table[] = [];
  let count = 0;
  for (const chapter of CHAPTERS) {
    console.log(`${chapter.title}: ${String(chapter.checks.length)} runs.`);
    const { task } = chapter;
    const agent = await createAgent({ vsix: builtVsix(), handler: 'Node20_1', ...(task && { task }) });
    try {
      const outcomes = await inPool(chapter.checks, AT_ONCE, (check) => outcomeOf(check, agent));
      tables.push(toTable(chapter, outcomes));
      const found = outcomes.flatMap(({ check, cell, complaints }) =>
        complaints.map((complaint) => `  ${check.row}, ${check.column}: ${cell}. ${complaint}`),
      );
      for (const complaint of found) console.error(complaint);
      count += found.length;
    } finally {
      await agent.dispose();
    }
  }
  const { table, complaints } = await tryConcurrentRequests();
  tables.push(table);
  for (const complaint of complaints) console.error(complaint);
  count += complaints.length;
  const file = path.join(ROOT, 'docs/reliability.md');
  const options = await resolveConfig(file);
  await writeFile(
    file,
    await format(formatPage([...tables, environmentTable()]), { ...options, filepath: file }),
  );
  console.log(`Wrote docs/reliability.md. Unexpected outcomes: ${String(count)}.`);
  if (count > 0) process.exitCode = 1;
}

async function outcomeOf(check: Check, agent: Agent): Promise<Outcome> {
  try {
    const { cell, breaches, run } = await check.run(agent);
    const unexpected = cell === check.expected ? [] : [`Expected ${check.expected}: ${run.message}`];
    return { check, cell, complaints: [...unexpected, ...breaches] };
  } catch (error) {
    return { check, cell: 'broken', complaints: [String(error)] };
  }
}

function toTable({ title, text, columns, checks }: Chapter, outcomes: readonly Outcome[]): Table {
  const rows = [...new Set(checks.map(({ row }) => row))];
  const cellAt = (row: string, column: string): string =>
    outcomes.find(({ check }) => check.row === row && check.column === column)?.cell ?? '';
  return {
    title,
    text,
    head: ['', ...columns],
    rows: rows.map((row) => [row, ...columns.map((column) => cellAt(row, column))]),
  };
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
