/** Who can act on a failure. */
export type Actor =
  /** The author of the pipeline: its inputs, or the order of its jobs. */
  | 'pipeline'
  /** The owner of the service connection and its identity. */
  | 'connection'
  /** The administrators of Azure: roles, policies, plans, VMs, and their networks. */
  | 'azure'
  /** The administrators of the agent and its network. */
  | 'agent'
  /** No one: the problem ends without action, or a later run succeeds. */
  | 'nobody'
  /** The developers of this extension. */
  | 'makers';

/** What a failure shows about Azure. */
export type AzureState =
  /** Azure responded. */
  | 'answered'
  /** The sign-in failed, so Azure accepts no call. */
  | 'noSignIn'
  /** Azure returned no usable response. Further calls only take time. */
  | 'silent'
  /** The failure is about something else. */
  | 'unknown';

interface Meaning {
  /** What happened, in one word. */
  readonly kind: string;
  readonly azure: AzureState;
  /** Whether the next check of the same run can succeed without any action. */
  readonly mayPass: boolean;
  /** Whether the failure ends the whole run. Any other failure can be one of several, or a gap in a report. */
  readonly endsRun: boolean;
  readonly actor: Actor;
}

/**
 * Every code that users can see, and what it means for a run. Nothing else depends on how a code is spelled. A code is
 * never reused. Each one has a row in docs/contract.md and a heading in docs/troubleshooting.md.
 */
export const FAILURES = {
  JIT101: { kind: 'wrongInputs', azure: 'unknown', mayPass: false, endsRun: true, actor: 'pipeline' },
  JIT102: { kind: 'oldNode', azure: 'unknown', mayPass: false, endsRun: true, actor: 'agent' },

  JIT201: {
    kind: 'uselessConnection',
    azure: 'noSignIn',
    mayPass: false,
    endsRun: true,
    actor: 'connection',
  },
  JIT202: { kind: 'signInRefused', azure: 'noSignIn', mayPass: false, endsRun: true, actor: 'connection' },
  JIT203: { kind: 'noOidcToken', azure: 'noSignIn', mayPass: false, endsRun: true, actor: 'connection' },

  JIT301: { kind: 'missingRight', azure: 'answered', mayPass: false, endsRun: false, actor: 'azure' },
  JIT302: { kind: 'defenderOff', azure: 'answered', mayPass: false, endsRun: false, actor: 'azure' },
  JIT303: { kind: 'forbidden', azure: 'answered', mayPass: false, endsRun: false, actor: 'azure' },

  JIT401: { kind: 'noPolicy', azure: 'answered', mayPass: false, endsRun: false, actor: 'azure' },
  JIT402: { kind: 'portNotInPolicy', azure: 'answered', mayPass: false, endsRun: false, actor: 'pipeline' },
  JIT403: { kind: 'tooLong', azure: 'answered', mayPass: false, endsRun: false, actor: 'pipeline' },
  JIT404: { kind: 'sourceNotAllowed', azure: 'answered', mayPass: false, endsRun: false, actor: 'pipeline' },
  JIT405: { kind: 'requestRefused', azure: 'answered', mayPass: false, endsRun: false, actor: 'pipeline' },
  // A resource that was just created is not found everywhere at once.
  JIT406: { kind: 'notFound', azure: 'answered', mayPass: true, endsRun: false, actor: 'pipeline' },
  JIT411: { kind: 'namesTooLong', azure: 'answered', mayPass: false, endsRun: false, actor: 'pipeline' },
  JIT412: { kind: 'policyNotInPlace', azure: 'answered', mayPass: false, endsRun: false, actor: 'nobody' },
  JIT413: { kind: 'policyRefused', azure: 'answered', mayPass: false, endsRun: false, actor: 'pipeline' },
  JIT414: { kind: 'otherWriter', azure: 'answered', mayPass: false, endsRun: false, actor: 'pipeline' },
  JIT421: { kind: 'vmsNotConfigured', azure: 'answered', mayPass: false, endsRun: false, actor: 'azure' },
  JIT422: { kind: 'openToInternet', azure: 'answered', mayPass: false, endsRun: false, actor: 'azure' },
  JIT423: { kind: 'filesNotWritten', azure: 'unknown', mayPass: false, endsRun: false, actor: 'pipeline' },
  JIT424: { kind: 'mayBeOpen', azure: 'answered', mayPass: false, endsRun: false, actor: 'azure' },

  JIT501: { kind: 'noAddress', azure: 'unknown', mayPass: false, endsRun: false, actor: 'agent' },
  JIT502: { kind: 'addressesDisagree', azure: 'unknown', mayPass: false, endsRun: false, actor: 'pipeline' },
  JIT503: { kind: 'addressNotPublic', azure: 'unknown', mayPass: false, endsRun: false, actor: 'pipeline' },

  // The retries already waited as long as Azure requires. Another check would only add to the load.
  JIT601: { kind: 'throttled', azure: 'silent', mayPass: false, endsRun: false, actor: 'nobody' },
  JIT602: { kind: 'serverError', azure: 'silent', mayPass: true, endsRun: false, actor: 'nobody' },
  JIT603: { kind: 'notReached', azure: 'silent', mayPass: true, endsRun: false, actor: 'agent' },
  JIT604: { kind: 'senselessAnswer', azure: 'silent', mayPass: true, endsRun: false, actor: 'agent' },

  JIT701: { kind: 'ruleNotThere', azure: 'answered', mayPass: false, endsRun: false, actor: 'pipeline' },
  JIT702: { kind: 'otherRuleBlocks', azure: 'answered', mayPass: false, endsRun: false, actor: 'azure' },
  JIT703: { kind: 'superseded', azure: 'answered', mayPass: false, endsRun: false, actor: 'pipeline' },
  JIT704: { kind: 'noConnection', azure: 'answered', mayPass: false, endsRun: false, actor: 'azure' },

  JIT801: { kind: 'cancelled', azure: 'unknown', mayPass: false, endsRun: true, actor: 'nobody' },

  JIT901: { kind: 'bug', azure: 'unknown', mayPass: false, endsRun: true, actor: 'makers' },
} as const satisfies Readonly<Record<string, Meaning>>;

export type Code = keyof typeof FAILURES;

/** What happened, in one word. */
export type FailureKind = (typeof FAILURES)[Code]['kind'];

/** Every code, in the order of the table. */
export const CODES = Object.keys(FAILURES) as readonly Code[];

/** A failure, or anything else that has a code. */
interface Coded {
  readonly code: Code;
}

export const kindOf = ({ code }: Coded): FailureKind => FAILURES[code].kind;

/** Whether the next check of the same run can succeed although this one failed. */
export const mayPass = ({ code }: Coded): boolean => FAILURES[code].mayPass;

/** Whether the failure ends the whole run, such as invalid inputs, a failed sign-in, a cancellation, or a bug. */
export const endsRun = ({ code }: Coded): boolean => FAILURES[code].endsRun;

/** Whether Azure reports that something does not exist. A single response can be wrong: see the callers. */
export const isAbsence = (failure: Coded): boolean => kindOf(failure) === 'notFound';

/** Whether the sign-in failed, so that every other call also fails. */
export const isSignInFailure = ({ code }: Coded): boolean => FAILURES[code].azure === 'noSignIn';

/** Whether Azure returned no usable response. */
export const isSilence = ({ code }: Coded): boolean => FAILURES[code].azure === 'silent';
