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
      'Any text that is neither a prefix nor a known tag might stand for every address.',
    ],
  ]),
  ...inFile(`${RULES}/adminWalk.ts`, [
    [
      'if (inbound.length === 0)',
      'inbound.length === 0',
      'false',
      'Without any rule, the evaluation also passes everything on.',
    ],
    [
      'for (const rules of groupBy(inbound, ({ manager }) => manager.toLowerCase()).values()) {',
      'manager.toLowerCase()',
      'manager.toUpperCase()',
      'Names of managers are only compared with each other.',
    ],
    [
      "(one) => reading === 'generous' && mayBe(one.rule, 'Allow') && meets(one.possible, saved),",
      "reading === 'generous'",
      'true',
      'Unclear matches are used only in the generous evaluation.',
    ],
    [
      'if (match.certain.length + match.possible.length > 0) met.push({ ...match, rule });',
      'match.certain.length + match.possible.length > 0',
      'match.certain.length + match.possible.length >= 0',
      'A rule that matches nothing adds nothing to any result.',
    ],
    [
      'if (match.certain.length + match.possible.length > 0) met.push({ ...match, rule });',
      'match.certain.length + match.possible.length > 0',
      'true',
      'A rule that matches nothing adds nothing to any result.',
    ],
  ]),
  ...inFile(`${RULES}/evaluate.ts`, [
    [
      'admittedBy: [...(passed.length > 0 ? admin.passedBy : []), ...walks.flatMap((walk) => walk',
      'passed.length > 0',
      'true',
      'Where nothing passes, there are no rules that allow it, or no source is allowed and the rules are not used.',
    ],
    [
      'admittedBy: [...(passed.length > 0 ? admin.passedBy : []), ...walks.flatMap((walk) => walk',
      'passed.length > 0',
      'passed.length >= 0',
      'Where nothing passes, there are no rules that allow it, or no source is allowed and the rules are not used.',
    ],
  ]),
];
