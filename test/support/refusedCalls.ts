import type { Kind } from './azure';
import {
  LINKED,
  notOnboardedFault,
  OTHER_TENANT,
  REFUSALS,
  refusalFault,
  type RefusalCode,
} from './azure/arm/refusals';
import type { StatusFault } from './azure/http/faults';
import type { Scenario } from './scenario';

/** A response with which Azure permanently refuses a call, and the code that results if the task cannot continue. */
export interface RefusedAnswer {
  /** Status and code, as in a log. */
  readonly name: string;
  readonly code: string;
  readonly fault: (call: { readonly action: string; readonly scope: string }) => StatusFault;
  /** How often a call is sent. A refused token is renewed once, and a refused version is replaced once. */
  readonly tries: 1 | 2;
  /** The text that a message must contain. */
  readonly says: string;
  /** Whether only calls for just-in-time access get it. */
  readonly isOfJit: boolean;
  /** Whether a read that gets it returns nothing, and the run continues without it. */
  readonly isOfReads: boolean;
}

/** The code, and the text that a message about it must contain. */
const EXPECTED: Readonly<Record<RefusalCode, readonly [code: string, says: string]>> = {
  LinkedAuthorizationFailed: ['JIT301', LINKED.action],
  LinkedAccessCheckFailed: ['JIT301', LINKED.action],
  AuthorizationFailed: ['JIT301', 'condition'],
  DenyAssignmentAuthorizationFailed: ['JIT303', 'deny assignment'],
  RequestDisallowedByPolicy: ['JIT303', 'Azure Policy'],
  ScopeLocked: ['JIT303', 'lock'],
  ReadOnlyDisabledSubscription: ['JIT303', 'subscription'],
  InvalidAuthenticationTokenTenant: ['JIT202', OTHER_TENANT],
  NoRegisteredProviderFound: ['JIT604', 'NoRegisteredProviderFound'],
  InvalidApiVersionParameter: ['JIT604', 'InvalidApiVersionParameter'],
  InvalidResourceType: ['JIT604', 'InvalidResourceType'],
};

/**
 * Every refusal that is identified by a code, one that is identified by its text, one with an unknown code, and a long
 * pause.
 */
export const REFUSED_ANSWERS: readonly RefusedAnswer[] = [
  ...(Object.keys(REFUSALS) as RefusalCode[]).map((refusal): RefusedAnswer => {
    const [code, says] = EXPECTED[refusal];
    const { status } = refusalFault(refusal, { action: '', scope: '' });
    const fault: RefusedAnswer['fault'] = (call) => refusalFault(refusal, call);
    const isOfReads = code !== 'JIT202';
    const tries = code === 'JIT202' || code === 'JIT604' ? 2 : 1;
    return {
      name: `${String(status)} \`${refusal}\``,
      code,
      tries,
      says,
      fault,
      isOfJit: false,
      isOfReads,
    };
  }),
  ...[400, 404, 409].map((status) => ({
    name: `${String(status)}, "not onboarded"`,
    code: 'JIT302',
    tries: 1 as const,
    says: 'web-01',
    fault: () => notOnboardedFault(status),
    isOfJit: true,
    isOfReads: false,
  })),
  {
    name: '412 `EtagMismatch`',
    code: 'JIT604',
    tries: 1,
    says: 'EtagMismatch: Somebody',
    fault: () => ({ status: 412, code: 'EtagMismatch', message: 'Somebody else was faster.' }),
    isOfJit: false,
    isOfReads: false,
  },
  {
    name: '429, Retry-After of ten minutes',
    code: 'JIT601',
    tries: 1,
    says: 'throttling',
    fault: () => ({ status: 429, retryAfterSeconds: 600 }),
    isOfJit: false,
    isOfReads: false,
  },
];

const JIT = 'Microsoft.Security/locations/jitNetworkAccessPolicies';

/** The action that a call of a kind requires. */
const ACTIONS: Readonly<Partial<Record<Kind, string>>> = {
  'policies.list': `${JIT}/read`,
  'policy.put': `${JIT}/write`,
  initiate: `${JIT}/initiate/action`,
  vm: 'Microsoft.Compute/virtualMachines/read',
  nic: 'Microsoft.Network/networkInterfaces/read',
  subnet: 'Microsoft.Network/virtualNetworks/subnets/read',
  publicIp: 'Microsoft.Network/publicIPAddresses/read',
  nsg: 'Microsoft.Network/networkSecurityGroups/read',
};

/** Makes every call of the kind get the response. */
export function refuseAll({ azure, vm, policy }: Scenario, kind: Kind, answer: RefusedAnswer): void {
  const action = ACTIONS[kind];
  if (action === undefined) throw new Error(`No action is known for ${kind}.`);
  azure.faults.always(kind, answer.fault({ action, scope: action.startsWith(JIT) ? policy.id : vm.id }));
}
