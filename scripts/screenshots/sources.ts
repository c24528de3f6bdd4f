import { createHash } from 'node:crypto';

/** What a committed picture was made of. */
export interface Source {
  /** Of the page, with what differs from run to run taken out. */
  readonly page: string;
  /** Of the PNG. */
  readonly picture: string;
}

/** By the path of the picture, relative to the repository. */
export type Sources = Readonly<Record<string, Source>>;

/** Where it is kept, beside the pictures that do not go into the package. */
export const SOURCES = 'docs/images/sources.json';

export const sha256 = (content: string | Buffer): string =>
  createHash('sha256').update(content).digest('hex');

/**
 * What a page shows, without what differs from run to run and from release to release: times, durations, ids, the
 * version, the order of lines that are written at the same time, and the line that a run lacks when the rules come
 * before the first check at them.
 */
export function normalised(html: string): string {
  return (
    html
      .replace(/\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d)?(?:\.\d+)?/g, '<time>')
      .replace(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/gi, '<id>')
      .replace(/(JITRule_)-?\d+_[\dA-F]{32}/g, '$1<id>')
      .replace(/\b\d+(?:\.\d+)? ?(?:ms|s|min)\b|less than 1 s/g, '<duration>')
      .replace(/Version \d+\.\d+\.\d+/g, '<version>')
      .replace(/<li value="\d+"/g, '<li')
      // Where a bar stands in a picture of the last days follows from the time of day.
      .replace(/<figure[^]*?<\/figure>/g, (figure) => figure.replace(/\d+(?:\.\d+)?/g, '<number>'))
      .split('\n')
      .filter((line) => !/>(?:Not open yet\.|Waited )/.test(line))
      .sort()
      .join('\n')
  );
}
