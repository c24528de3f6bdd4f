import type { ExplainedSurvivor } from '../judge';
import { inFile } from './entries';

const CONFIGURE = 'tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/plan';

const RULE_FIELDS = "...['number', 'protocol', 'maxRequestAccessDuration'],";
const WRITTEN_ANEW = 'The field is written behind those that stay, under the same name.';

export const POLICY_CHANGE_SURVIVORS: readonly ExplainedSurvivor[] = [
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
];
