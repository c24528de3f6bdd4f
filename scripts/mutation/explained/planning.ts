import type { ExplainedSurvivor } from '../judge';
import { inFile } from './entries';

const PLAN = 'tasks/JitOpenPorts/JitOpenPortsV1/src/plan';

export const PLANNING_SURVIVORS: readonly ExplainedSurvivor[] = [
  ...inFile(`${PLAN}/plan.ts`, [
    [
      'if (against.length > 0) continue;',
      'against.length > 0',
      'false',
      'The plan is refused all the same: what is planned for the port is not used.',
    ],
  ]),
  ...inFile(`${PLAN}/sharing.ts`, [
    [
      'const names = (one: PortRequest, source: Prefix) => covers.get(one)?.(source) ?? false;',
      'false',
      'true',
      'Every request that is asked about is in the map: the types alone do not know it.',
    ],
    [
      '...[...later].filter((by) => !now.has(by)).map((by) => ({ by, at: endsAt })),',
      '[...later].filter((by) => !now.has(by))',
      '[...later]',
      'A source is left out only where its request ends before the new one, so that none is in both.',
    ],
  ]),
];
