/** The two numbers of a version. The first one changes when what there was before means something else. */
function parseVersion(value: unknown): readonly [major: number, minor: number] | undefined {
  const found = typeof value === 'string' ? /^(\d{1,6})\.(\d{1,6})$/.exec(value) : null;
  return found ? [Number(found[1]), Number(found[2])] : undefined;
}

/** Whether a value is a version that is read as an own one is: its second number may be another one. */
export const hasMajorOf = (value: unknown, own: string): boolean =>
  parseVersion(value)?.[0] === parseVersion(own)?.[0];

/** Whether a value is a version after an own one. */
export function isNewer(value: unknown, own: string): boolean {
  const [major, minor] = parseVersion(value) ?? [0, 0];
  const [ownMajor, ownMinor] = parseVersion(own) ?? [0, 0];
  return major > ownMajor || (major === ownMajor && minor > ownMinor);
}
