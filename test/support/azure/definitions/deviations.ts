/** A field or a value that Azure returns or accepts although its published definitions lack it. */
export interface Deviation {
  /** The file in test/definitions, and the type in it. */
  readonly definitions: string;
  readonly type: string;
  /** The path of the field, separated by dots. */
  readonly field: string;
  /** Additional values of the field. Without them, the field itself is missing in the definitions. */
  readonly words?: readonly string[];
  /** The schema of the missing field. */
  readonly schema?: Readonly<Record<string, unknown>>;
  /** A field that the definitions require although Azure omits it. */
  readonly optional?: true;
  readonly why: string;
}

const texts = { type: 'array', items: { type: 'string' } };

/** All known deviations. Any other difference is a bug in the simulation or in the product. */
export const DEVIATIONS: readonly Deviation[] = [
  {
    ...{ definitions: 'jit', type: 'JitNetworkAccessRequestPort', field: 'status', words: ['Initiating'] },
    why: 'Recorded: the first status of a request.',
  },
  {
    ...{ definitions: 'jit', type: 'JitNetworkAccessRequestPort', field: 'status' },
    words: ['initiating', 'initiated', 'revoked'],
    why: 'Unknown: whether words keep their case, as ids do not.',
  },
  {
    ...{ definitions: 'jit', type: 'JitNetworkAccessRequestPort', field: 'statusReason' },
    words: ['userrequested', 'expired', 'newerrequestinitiated'],
    why: 'Unknown: whether words keep their case, as ids do not.',
  },
  {
    ...{ definitions: 'jit', type: 'JitNetworkAccessPolicy', field: 'properties.appendMode' },
    schema: { type: 'boolean' },
    why: 'Recorded in an answer to a GET.',
  },
  {
    ...{
      definitions: 'jit',
      type: 'JitNetworkAccessPolicyInitiatePort',
      field: 'allowedSourceAddressPrefixes',
    },
    schema: texts,
    why: 'Reported: the portal sends it (azure-rest-api-specs#32158).',
  },
  {
    ...{ definitions: 'jit', type: 'JitNetworkAccessPolicyInitiatePort', field: 'duration' },
    schema: { type: 'string', format: 'duration' },
    why: 'Reported: an end or a duration (azure-rest-api-specs#43491).',
  },
  {
    ...{
      definitions: 'jit',
      type: 'JitNetworkAccessPolicyInitiatePort',
      field: 'endTimeUtc',
      optional: true,
    },
    why: 'Reported: a duration in its place (azure-rest-api-specs#43491).',
  },
];

/** A place where Azure has an operation that the published definitions have only elsewhere. */
export interface OtherPlace {
  readonly definitions: string;
  /** The path that is published, and the one that is not. */
  readonly like: string;
  readonly path: string;
  readonly why: string;
}

export const OTHER_PLACES: readonly OtherPlace[] = [
  {
    definitions: 'authorization',
    like: '/subscriptions/{subscriptionId}/resourcegroups/{resourceGroupName}/providers/Microsoft.Authorization/permissions',
    path: '/subscriptions/{subscriptionId}/providers/Microsoft.Authorization/permissions',
    why: 'Documented for a subscription: Learn, "Use Resource Manager authentication API to access subscriptions".',
  },
];
