import type { ExplainedSurvivor } from '../judge';
import { inFile } from './entries';

const PLAN = 'tasks/JitOpenPorts/JitOpenPortsV1/src/plan';

export const PLANNING_SURVIVORS: readonly ExplainedSurvivor[] = [
  ...inFile(`${PLAN}/plan.ts`, [
    [
      'if (against.length > 0) continue;',
      'against.length > 0',
      'false',
      'The plan is refused anyway: what is planned for the port is not used.',
    ],
  ]),
  ...inFile(`${PLAN}/sharing.ts`, [
    [
      'const names = (one: PortRequest, source: Prefix) => covers.get(one)?.(source) ?? false;',
      'false',
      'true',
      'Every request that is looked up is in the map; only the types do not show it.',
    ],
    [
      '...[...later].filter((by) => !now.has(by)).map((by) => ({ by, at: endsAt })),',
      '[...later].filter((by) => !now.has(by))',
      '[...later]',
      'A source is left out only where its request ends before the new one, so none is in both.',
    ],
  ]),
];
