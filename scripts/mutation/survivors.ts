import type { ExplainedSurvivor } from './judge';

/** The line, what is replaced in it by what, and why nobody can see it. */
type Entry = readonly [line: string, from: string, to: string, why: string];

const inFile = (file: string, entries: readonly Entry[]): readonly ExplainedSurvivor[] =>
  entries.map(([line, from, to, why]) => ({ file, line, from, to, why }));

const RULES = 'tasks/shared/core/nsg';
const OPEN = 'tasks/JitOpenPorts/JitOpenPortsV1/src';
const CONFIGURE = 'tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/plan';

const RULE_FIELDS = "...['number', 'protocol', 'maxRequestAccessDuration'],";
const WRITTEN_ANEW = 'The field is written behind those that stay, under the same name.';

/** Mutants that may live, each with the reason: nobody can see a difference, or it is one of speed or wording alone. */
export const SURVIVORS: readonly ExplainedSurvivor[] = [
  ...inFile(`${CONFIGURE}/policyChange.ts`, [
    [
      "const OWN_PROPERTIES = ['requests', 'provisioningState', 'virtualMachines'];",
      "'virtualMachines'",
      '""',
      'The list is written behind the properties that stay, under the same name.',
    ],
    [
      '{ restore = [], leaveOut = [] }: OtherEntries = {},',
      '[]',
      '["Stryker was here"]',
      'Keys are in lower case, so that this one leaves nothing out.',
    ],
    [
      "const id = typeof entry['id'] === 'string' ? entry['id'] : '';",
      "''",
      '"Stryker was here!"',
      'Keys are only compared: entries without an id have one key, which no id gives.',
    ],
  ]),
  ...inFile(`${CONFIGURE}/policyPorts.ts`, [
    [
      'return left.length === 1 ? left[0] : undefined;',
      'left.length === 1',
      'true',
      'Both protocols are left only where nothing is taken away, and such an entry is kept or dropped as a whole.',
    ],
    [RULE_FIELDS, "['number', 'protocol', 'maxRequestAccessDuration']", '[]', WRITTEN_ANEW],
    [RULE_FIELDS, "'number'", '""', WRITTEN_ANEW],
    [RULE_FIELDS, "'protocol'", '""', WRITTEN_ANEW],
    [RULE_FIELDS, "'maxRequestAccessDuration'", '""', WRITTEN_ANEW],
    [
      "const name = typeof protocol === 'string' ? protocol.toUpperCase() : '';",
      "''",
      '"Stryker was here!"',
      'Whatever is neither TCP nor UDP means both.',
    ],
    [
      "const name = typeof protocol === 'string' ? protocol.toUpperCase() : '*';",
      "'*'",
      '""',
      'Whatever is neither TCP nor UDP means both.',
    ],
  ]),
  ...inFile(`${CONFIGURE}/policyReadings.ts`, [
    [
      'const portKey = ({ number, protocol }: Json): string => JSON.stringify([number, protocol])',
      'JSON.stringify([number, protocol]).toLowerCase()',
      'JSON.stringify([number, protocol]).toUpperCase()',
      'Keys of ports are only compared with each other.',
    ],
  ]),
  ...inFile(`${CONFIGURE}/portRules.ts`, [
    [
      "const [, name = '', protocol = '*', longest = '3h', from = '*'] = form;",
      "''",
      '"Stryker was here!"',
      'The form has a name whenever it matches: the types alone do not know it.',
    ],
    [
      "if (ports.kind !== 'list' || ports.ports.length !== 1 || name.includes('-') !== /^winrm-/i",
      '/^winrm-/i',
      '/winrm-/i',
      'No other text with these letters in it is one port.',
    ],
  ]),
  ...inFile(`${RULES}/match.ts`, [
    [
      String.raw`const [, first, last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [];`,
      '[]',
      '["Stryker was here"]',
      'The first item is the whole match, which is not read.',
    ],
    [
      "if (matches.length === 0) return toSourceMatch(family, '', vnet);",
      "''",
      '"Stryker was here!"',
      'Any text that is neither a prefix nor a known tag may stand for every address.',
    ],
  ]),
  ...inFile(`${OPEN}/plan/plan.ts`, [
    [
      'if (against.length > 0) continue;',
      'against.length > 0',
      'false',
      'The plan is refused all the same: what is planned for the port is not used.',
    ],
  ]),
  ...inFile(`${OPEN}/plan/sharing.ts`, [
    [
      'const names = (one: PortRequest, source: string) => covers.get(one)?.(source) ?? false;',
      'false',
      'true',
      'Every request that is asked about is in the map: the types alone do not know it.',
    ],
    [
      '...(own?.sources ?? []).map((source) => ({ source, endsAt: own?.endsAt ?? 0 })),',
      '[]',
      '["Stryker was here"]',
      'What is no prefix covers no source of another run, so that its end limits nothing.',
    ],
    [
      '...[...later].filter((by) => !now.has(by)).map((by) => ({ by, at: endsAt })),',
      '[...later].filter((by) => !now.has(by))',
      '[...later]',
      'A source is left out only where its request ends before the new one, so that none is in both.',
    ],
  ]),
];
