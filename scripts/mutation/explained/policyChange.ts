import type { ExplainedSurvivor } from '../judge';
import { inFile } from './entries';

const CONFIGURE = 'tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/plan';

const RULE_FIELDS = "...['number', 'protocol', 'maxRequestAccessDuration'],";
const WRITTEN_ANEW = 'The field is written after those that stay, under the same name.';

export const POLICY_CHANGE_SURVIVORS: readonly ExplainedSurvivor[] = [
  ...inFile(`${CONFIGURE}/policyChange.ts`, [
    [
      "const OWN_PROPERTIES = ['requests', 'provisioningState', 'virtualMachines'];",
      "'virtualMachines'",
      '""',
      'The list is written after the properties that stay, under the same name.',
    ],
    [
      '{ restore = [], leaveOut = [] }: OtherEntries = {},',
      '[]',
      '["Stryker was here"]',
      'Keys are in lowercase, so this one leaves nothing out.',
    ],
    [
      "const id = typeof entry['id'] === 'string' ? entry['id'] : '';",
      "''",
      '"Stryker was here!"',
      'Keys are only compared: entries without an ID have one key, which no ID produces.',
    ],
  ]),
  ...inFile(`${CONFIGURE}/policyPorts.ts`, [
    [
      'return left.length === 1 ? left[0] : undefined;',
      'left.length === 1',
      'true',
      'Both protocols remain only where nothing is removed, and such an entry is kept or dropped completely.',
    ],
    [RULE_FIELDS, "['number', 'protocol', 'maxRequestAccessDuration']", '[]', WRITTEN_ANEW],
    [RULE_FIELDS, "'number'", '""', WRITTEN_ANEW],
    [RULE_FIELDS, "'protocol'", '""', WRITTEN_ANEW],
    [RULE_FIELDS, "'maxRequestAccessDuration'", '""', WRITTEN_ANEW],
    [
      "const name = typeof protocol === 'string' ? protocol.toUpperCase() : '';",
      "''",
      '"Stryker was here!"',
      'Any value other than TCP and UDP means both.',
    ],
    [
      "const name = typeof protocol === 'string' ? protocol.toUpperCase() : '*';",
      "'*'",
      '""',
      'Any value other than TCP and UDP means both.',
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
      'The form has a name whenever it matches; only the types do not show it.',
    ],
    [
      "if (ports.kind !== 'list' || ports.ports.length !== 1 || name.includes('-') !== /^winrm-/i",
      '/^winrm-/i',
      '/winrm-/i',
      'No other text that contains these letters is one port.',
    ],
  ]),
];
