/** Who has to act on a failure. */
export type Actor =
  /** Whoever wrote the pipeline: its inputs, or the order of its jobs. */
  | 'pipeline'
  /** Whoever manages the service connection and its identity. */
  | 'connection'
  /** Whoever manages Azure: roles, policies, plans, VMs and their networks. */
  | 'azure'
  /** Whoever runs the agent and its network. */
  | 'agent'
  /** Nobody: it is over by itself, or a later run succeeds. */
  | 'nobody'
  /** Whoever makes this extension. */
  | 'makers';

/** What a failure tells of Azure. */
export type AzureState =
  /** It answered. */
  | 'answered'
  /** It knows nobody: the sign-in failed. */
  | 'noSignIn'
  /** It gave no answer that is of use: asking it for more only takes time. */
  | 'silent'
  /** Nothing: the failure is about something else. */
  | 'unknown';

interface Meaning {
  /** What happened, in a word. */
  readonly kind: string;
  readonly azure: AzureState;
  /** Whether the next check of the same run may succeed, with nobody doing anything. */
  readonly mayPass: boolean;
  /** Whether nothing of the run survives it. Any other may be one failure among several, or a gap in a report. */
  readonly endsRun: boolean;
  readonly actor: Actor;
}

/**
 * Every code that a user can meet, and what it means to a run: nothing else goes by how a code is spelled. A code is
 * never reused; each has a row in docs/contract.md and a heading in docs/troubleshooting.md.
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
  // What was just made is not found everywhere at once.
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

  // The retries have waited for as long as Azure asks: another check would only add to it.
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

/** What happened, in a word. */
export type FailureKind = (typeof FAILURES)[Code]['kind'];

/** Every code, in the order of the table. */
export const CODES = Object.keys(FAILURES) as readonly Code[];

/** A failure, or anything else that has a code. */
interface Coded {
  readonly code: Code;
}

export const kindOf = ({ code }: Coded): FailureKind => FAILURES[code].kind;

/** Whether the next check of the same run may succeed where this one failed. */
export const mayPass = ({ code }: Coded): boolean => FAILURES[code].mayPass;

/** Whether nothing of a run survives it: inputs, sign-in, cancellation, bugs. */
export const endsRun = ({ code }: Coded): boolean => FAILURES[code].endsRun;

/** Azure says that something is not there. One answer may be wrong: see who asks. */
export const isAbsence = (failure: Coded): boolean => kindOf(failure) === 'notFound';

/** The sign-in failed, so that whatever else is asked fails as well. */
export const isSignInFailure = ({ code }: Coded): boolean => FAILURES[code].azure === 'noSignIn';

/** Azure gave no answer that is of use. */
export const isSilence = ({ code }: Coded): boolean => FAILURES[code].azure === 'silent';
