import type { Readable } from 'node:stream';

/**
 * Reads a stream of UTF-8 text line by line, as the agent's runtime does: a line ends with CR, LF, or both, and with
 * nothing else. (Node's readline would also split at U+2028.) A last line without a line end counts.
 *
 * @returns The whole text, when the stream has ended.
 */
export async function readLines(stream: Readable, onLine: (line: string) => void): Promise<string> {
  stream.setEncoding('utf8');
  let whole = '';
  let rest = '';
  for await (const chunk of stream as AsyncIterable<string>) {
    whole += chunk;
    // A CR at the end of a chunk might be the first half of CR LF, so it waits for the next chunk.
    const lines = (rest + chunk).split(/\r\n|\n|\r(?=.)/s);
    rest = lines.pop() ?? '';
    lines.forEach(onLine);
  }
  if (rest !== '') onLine(rest.replace(/\r$/, ''));
  return whole;
}
