import { findRepository, HOW_TO_NAME_ONE } from './repository';
import { parseVersion } from './version';

/** The content of a release. */
export interface Release {
  /** `v1.0.0`, or the full name in Git: `refs/tags/v1.0.0`. */
  readonly tag: string;
  readonly packageJson: Readonly<Record<string, unknown>>;
  /** The text of CHANGELOG.md. */
  readonly changelog: string;
}

/**
 * Returns why a tag must not be published.
 *
 * @returns A sentence for each reason, and nothing if the release can be published.
 */
export function findReleaseProblems({ tag, packageJson, changelog }: Release): string[] {
  const version = parseVersion(packageJson).text;
  const name = tag.replace(/^refs\/tags\//, '');
  const problems: string[] = [];
  if (name !== `v${version}`) {
    problems.push(
      `The tag is "${name}", but the version in package.json is ${version}: it must be v${version}.`,
    );
  }
  const section = changelogSection(changelog, version);
  if (section === undefined) {
    problems.push(`CHANGELOG.md has no section "## [${version}] - <date>" with the date of the release.`);
  } else if (!/^- \S/m.test(section)) {
    problems.push(`The section of ${version} in CHANGELOG.md lists no changes.`);
  }
  if (findRepository(packageJson) === undefined) {
    problems.push(`package.json names no repository, which a public package needs. ${HOW_TO_NAME_ONE}`);
  }
  return problems;
}

/** Returns the text below `## [1.0.0] - 2026-01-31`, or `undefined` if there is no such heading with a date. */
function changelogSection(changelog: string, version: string): string | undefined {
  const sections = changelog.split(/^## /m).slice(1);
  const found = sections.find((section) => section.startsWith(`[${version}] - `));
  return found !== undefined && /^\[[\d.]+\] - \d{4}-\d{2}-\d{2}\s/.test(found) ? found : undefined;
}
