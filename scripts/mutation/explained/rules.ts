import type { ExplainedSurvivor } from '../judge';
import { inFile } from './entries';

const RULES = 'tasks/shared/core/nsg';

export const RULES_SURVIVORS: readonly ExplainedSurvivor[] = [
  ...inFile(`${RULES}/match.ts`, [
    [
      String.raw`const [, first, last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [];`,
      '[]',
      '["Stryker was here"]',
      'The first item is the whole match, which is not read.',
    ],
    [
      "const NOBODY_KNOWN = parsePrefix('');",
      "''",
      '"Stryker was here!"',
      'Any text that is neither a prefix nor a known tag may stand for every address.',
    ],
  ]),
];
