import type { ExplainedSurvivor } from '../judge';
import { inFile } from './entries';

const CLOSE = 'tasks/JitOpenPorts/JitOpenPortsV1/src/close';

export const CLOSING_SURVIVORS: readonly ExplainedSurvivor[] = [
  ...inFile(`${CLOSE}/closeRules.ts`, [
    [
      'error instanceof CodedError &&',
      'error instanceof CodedError && isAbsence(error)',
      'true',
      'Whether the VM still exists is then checked as well, and an existing VM is found.',
    ],
  ]),
  ...inFile(`${CLOSE}/waitForRules.ts`, [
    [
      "if (admitting === 'closed') return 'closed';",
      "admitting === 'closed'",
      'false',
      'The first round of polling gives the same result, without another reading.',
    ],
    ['if (round > 0) admitting = await check();', 'round > 0', 'true', 'It reads once more at the start.'],
    [
      'if (round > 0) admitting = await check();',
      'round > 0',
      'round >= 0',
      'It reads once more at the start.',
    ],
  ]),
  ...inFile(`${CLOSE}/closing.ts`, [
    [
      'const key = entry.policy.id.toLowerCase();',
      'entry.policy.id.toLowerCase()',
      'entry.policy.id.toUpperCase()',
      'Keys of policies are only compared with each other.',
    ],
    [
      'if (closing.isUnseen && (itself ? isActive(itself, now) : endsAt > now)) {',
      'endsAt > now',
      'endsAt >= now',
      'It is about the one millisecond in which the request ends.',
    ],
  ]),
  ...inFile(`${CLOSE}/endRequests.ts`, [
    [
      'const over = all.filter((entry) => entry.over !== undefined);',
      'all.filter((entry) => entry.over !== undefined)',
      'all',
      'The others are among the own requests anyway, and are there twice then.',
    ],
    [
      'const over = all.filter((entry) => entry.over !== undefined);',
      'entry.over !== undefined',
      'true',
      'The others are among the own requests anyway, and are there twice then.',
    ],
    [
      '...{ opened, sources: sourcesToClose(opened), policy: undefined, own: toOwnPorts(all), made',
      '[]',
      '["Stryker was here"]',
      'No request starts at this text.',
    ],
    [
      'entry.startedAt !== undefined && !ownPort(entry, policy) && !isStillActive(entry, policy,',
      'entry.startedAt !== undefined',
      'true',
      'A request without a response is known only where an unreadable request might be the same one, and is active then.',
    ],
  ]),
  ...inFile(`${CLOSE}/readPolicyToEnd.ts`, [
    [
      'entry.startedAt !== undefined && entry.endsAt > context.jit.azureNow() && !ownPort(entry,',
      'entry.endsAt > context.jit.azureNow()',
      'entry.endsAt >= context.jit.azureNow()',
      'It is about the one millisecond in which the request ends.',
    ],
    [
      'const policy = complete ?? latest;',
      'complete ?? latest',
      'complete && latest',
      'The policy is read again after its time was over, and is the same.',
    ],
    [
      'return listed && countIn(listed) > countIn(policy) ? listed : policy;',
      'countIn(listed) > countIn(policy)',
      'countIn(listed) >= countIn(policy)',
      'If both show the same number of requests, either is correct.',
    ],
  ]),
  ...inFile(`${CLOSE}/ending.ts`, [
    ['readonly made: string[] = [];', '[]', '["Stryker was here"]', 'No request starts at this text.'],
    [
      'if (endsAt === nearEnd) this.nearEnds.set(opened, nearEnd);',
      'endsAt === nearEnd',
      'true',
      'The rules are read some seconds later, and stay until the end of the other request anyway.',
    ],
    [
      'if (others.length === 0) return;',
      'others.length === 0',
      'false',
      'The policy is read again, and no one has lost a request.',
    ],
  ]),
];
