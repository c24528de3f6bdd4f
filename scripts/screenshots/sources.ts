import { createHash } from 'node:crypto';

/** The source of a committed picture. */
export interface Source {
  /** The hash of the page, without what differs from run to run. */
  readonly page: string;
  /** The hash of the PNG. */
  readonly picture: string;
}

/** By the path of the picture, relative to the repository. */
export type Sources = Readonly<Record<string, Source>>;

/** The file with the sources, next to the pictures that are not packed. */
export const SOURCES = 'docs/images/sources.json';

export const sha256 = (content: string | Buffer): string =>
  createHash('sha256').update(content).digest('hex');

/**
 * Returns the content of a page without what differs from run to run and from release to release: times, durations,
 * IDs, the version, the order of lines that are written at the same time, and the line that a run does not have if the
 * rules appear before the first check.
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
      // The position of a bar in a picture of the last days depends on the time of day.
      .replace(/<figure[^]*?<\/figure>/g, (figure) => figure.replace(/\d+(?:\.\d+)?/g, '<number>'))
      .split('\n')
      .filter((line) => !/>(?:Not open yet\.|Waited )/.test(line))
      .sort()
      .join('\n')
  );
}
