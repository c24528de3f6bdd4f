import type { Agent } from '../../test/support/agent/agent';
import type { Kind } from '../../test/support/azure';
import { REFUSED_ANSWERS } from '../../test/support/refusedCalls';
import { REPORT_TASK } from '../../test/support/reportRun';
import { AFTER_JOB_CALLS, STEP_CALLS, type ReliabilityCall } from './calls';
import { CANCEL_POINTS, tryCancelling } from './cancelling';
import { expectedAfterJob, expectedOfConfiguring, expectedOfReporting, expectedOfStep } from './expected';
import { CONFIGURE_CALLS, REPORT_CALLS, tryConfiguring, tryReporting } from './otherTasks';
import { expectedOfOutage, OUTAGES, SERVICES, tryOutage } from './services';
import {
  canGet,
  expectedOfRefusedWriter,
  expectedWhenRefused,
  REFUSED_CALLS,
  REFUSED_WRITER_CALLS,
  tryRefusing,
} from './refusing';
import { tryCall, type Trial } from './trial';
import { LASTING, PASSING, type Trouble } from './troubles';

/** One cell of a table: a run, and its expected result. */
export interface Check {
  readonly row: string;
  readonly column: string;
  readonly expected: string;
  readonly run: (agent: Agent) => Promise<Trial>;
}

/** The checks of one table. */
export interface Chapter {
  /** The folder of the task in the package. The default is JitOpenPorts. */
  readonly task?: string;
  readonly title: string;
  readonly text: string;
  readonly columns: readonly string[];
  readonly checks: readonly Check[];
}

function checksOf(
  calls: readonly ReliabilityCall[],
  troubles: readonly Trouble[],
  expectedOf: (call: ReliabilityCall, trouble: Trouble) => string,
): readonly Check[] {
  return troubles.flatMap((trouble) =>
    calls
      .filter(({ kind }) => trouble.meets(kind))
      .map((call) => ({
        row: trouble.name,
        column: call.name,
        expected: expectedOf(call, trouble),
        run: (agent) => tryCall(agent, call, trouble),
      })),
  );
}

const namesOf = (calls: readonly ReliabilityCall[]): readonly string[] => calls.map(({ name }) => name);

const outages: readonly Check[] = OUTAGES.flatMap((outage) =>
  SERVICES.flatMap((service) => {
    const expected = expectedOfOutage(service, outage);
    if (expected === undefined) return [];
    return [
      { row: outage, column: service, expected, run: (agent: Agent) => tryOutage(agent, service, outage) },
    ];
  }),
);

const refusals = (kinds: readonly Kind[], expectedOf: typeof expectedWhenRefused): readonly Check[] =>
  REFUSED_ANSWERS.flatMap((answer) =>
    kinds
      .filter((kind) => canGet(kind, answer))
      .map((kind) => ({
        row: answer.name,
        column: kind,
        expected: expectedOf(kind, answer),
        run: (agent) => tryRefusing(agent, kind, answer),
      })),
  );

const ENDS_WITH = 'ends with';

const cancellations: readonly Check[] = CANCEL_POINTS.map((point) => ({
  row: point.name,
  column: ENDS_WITH,
  expected: `JIT801, ${point.expected}`,
  run: (agent) => tryCancelling(agent, point),
}));

const CONFIGURE_TASK = 'tasks/JitConfigurePolicy/JitConfigurePolicyV1';

/**
 * Returns the chapters of another task with the same problems as JitOpenPorts: one for those that pass, and one for
 * those that persist.
 */
function otherTasks(
  name: string,
  task: string,
  kinds: readonly Kind[],
  run: (agent: Agent, kind: Kind, trouble: Trouble) => Promise<Trial>,
  expectedOf: (kind: Kind, trouble: Trouble) => string,
  texts: { readonly passes: string; readonly lasts: string },
): readonly Chapter[] {
  return ([PASSING, LASTING] as const).map((troubles, at) => ({
    ...{ task, columns: kinds },
    title: `${name}, ${at === 0 ? 'temporary failure' : 'lasting failure'}`,
    text: at === 0 ? texts.passes : texts.lasts,
    checks: troubles.flatMap((trouble) =>
      kinds
        .filter((kind) => trouble.meets(kind))
        .map((kind) => ({
          ...{ row: trouble.name, column: kind, expected: expectedOf(kind, trouble) },
          run: (agent: Agent) => run(agent, kind, trouble),
        })),
    ),
  }));
}

export const CHAPTERS: readonly Chapter[] = [
  {
    title: 'The step, temporary failure',
    text: 'The call fails once, also each of the three address services. The log shows the retries.',
    columns: namesOf(STEP_CALLS),
    checks: checksOf(STEP_CALLS, PASSING, expectedOfStep),
  },
  {
    title: 'The step, lasting failure',
    text: 'Every call of the kind fails. Where Azure carried out the request and only the response was lost, the task finds the request in the policy.',
    columns: namesOf(STEP_CALLS),
    checks: checksOf(STEP_CALLS, LASTING, expectedOfStep),
  },
  {
    title: 'After the job, temporary failure',
    text: '`closed` means that the rules, read back, no longer allow the source.',
    columns: namesOf(AFTER_JOB_CALLS),
    checks: checksOf(AFTER_JOB_CALLS, PASSING, expectedAfterJob),
  },
  {
    title: 'After the job, lasting failure',
    text: '`said open` means that a warning names what might stay open, and until when. The job does not fail.',
    columns: namesOf(AFTER_JOB_CALLS),
    checks: checksOf(AFTER_JOB_CALLS, LASTING, expectedAfterJob),
  },
  {
    title: 'Services that cannot be reached',
    text: 'The task does not retry after an untrusted certificate. The managed identity service has none.',
    columns: SERVICES,
    checks: outages,
  },
  {
    title: 'The step, permanent refusal by Azure',
    text: 'Every call of the kind gets the response. A code ends the step immediately, and nothing is open. `warning` means that the step continues: the result of the reading is unknown, and a warning says so and why.',
    columns: REFUSED_CALLS,
    checks: refusals(REFUSED_CALLS, expectedWhenRefused),
  },
  {
    title: '`JitConfigurePolicy@1`, permanent refusal by Azure',
    text: 'Nothing is changed.',
    task: CONFIGURE_TASK,
    columns: REFUSED_WRITER_CALLS,
    checks: refusals(REFUSED_WRITER_CALLS, expectedOfRefusedWriter),
  },
  ...otherTasks(
    '`JitConfigurePolicy@1`',
    CONFIGURE_TASK,
    CONFIGURE_CALLS,
    tryConfiguring,
    expectedOfConfiguring,
    {
      passes: 'The policy is as requested, and the other VM in it does not change.',
      lasts: 'A code ends the step, and the other VM in the policy does not change.',
    },
  ),
  ...otherTasks('`JitReport@1`', REPORT_TASK, REPORT_CALLS, tryReporting, expectedOfReporting, {
    passes: 'The report has no gap.',
    lasts:
      '`gap` with a code: the files are written, and state what could not be read and why. Only a code: the step fails, because it has no token or no list of VMs. In the second case, the files are written, unless Azure could not be reached at all.',
  }),
  {
    title: 'Cancellation',
    text: 'The run is canceled at this point, and ends before the agent would stop it two and a half seconds later.',
    columns: [ENDS_WITH],
    checks: cancellations,
  },
];
