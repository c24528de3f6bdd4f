/** Returns the two numbers of a version. The first one changes when existing content changes its meaning. */
function parseVersion(value: unknown): readonly [major: number, minor: number] | undefined {
  const found = typeof value === 'string' ? /^(\d{1,6})\.(\d{1,6})$/.exec(value) : null;
  return found ? [Number(found[1]), Number(found[2])] : undefined;
}

/**
 * Whether a version has the first number of an own one, so that it can be read in the same way. The second can differ.
 */
export const hasMajorOf = (value: unknown, own: string): boolean =>
  parseVersion(value)?.[0] === parseVersion(own)?.[0];

/** Whether a value is a later version than an own one. */
export function isNewer(value: unknown, own: string): boolean {
  const [major, minor] = parseVersion(value) ?? [0, 0];
  const [ownMajor, ownMinor] = parseVersion(own) ?? [0, 0];
  return major > ownMajor || (major === ownMajor && minor > ownMinor);
}
