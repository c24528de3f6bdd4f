import { WIDTH, wrap } from './page';

/** Formats a summary as plain text, with aligned tables, unchanged headings, and decoded entities. */
export function formatMarkdown(markdown: string): string[] {
  const lines: string[] = [];
  let table: string[] = [];
  const endTable = (): void => {
    if (table.length > 0) lines.push(...formatTable(table));
    table = [];
  };
  for (const line of markdown.trim().split('\n')) {
    if (line.startsWith('|')) {
      table.push(line);
      continue;
    }
    endTable();
    lines.push(...wrap(readEntities(line.replace(/<br>$/, ''))));
  }
  endTable();
  return lines;
}

/** Formats a Markdown table with aligned columns. The line below its header remains a line. */
function formatTable(table: readonly string[]): string[] {
  const rows = table.map((line) =>
    line
      .replace(/^\|\s*|\s*\|$/g, '')
      .split(/\s*\|\s*/)
      .map((cell) =>
        readEntities(
          cell
            .replace(/\.<br>/g, '. ')
            .replace(/<br>/g, ', ')
            .replace(/`|\*\*/g, ''),
        ),
      ),
  );
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (isRule(row) ? 0 : (row[column] ?? '').length))),
  );
  if (widths.reduce((sum, width) => sum + width + 2, 0) > WIDTH) return toRecords(rows);
  return rows.map((row) => {
    const cells = widths.map((width, column) =>
      isRule(row) ? '-'.repeat(width) : (row[column] ?? '').padEnd(width),
    );
    return cells.join('  ').trimEnd();
  });
}

/** Formats a table that is wider than the page row by row, without empty cells. */
function toRecords([head = [], ...rows]: readonly (readonly string[])[]): string[] {
  return rows
    .filter((row) => !isRule(row))
    .flatMap((row) => {
      const cells = row.flatMap((cell, column) => (cell === '' ? [] : [`${head[column] ?? ''}: ${cell}`]));
      return wrap(cells.join('; '), '- ', '  ');
    });
}

const isRule = (row: readonly string[]): boolean => row.every((cell) => /^-+:?$/.test(cell));

const readEntities = (text: string): string =>
  text.replace(/&#(\d+);/g, (_entity, code) => String.fromCharCode(Number(code)));
