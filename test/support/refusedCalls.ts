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

/** An answer with which Azure refuses a call for good, and the code that it comes to where the task cannot go on. */
export interface RefusedAnswer {
  /** Status and code, as a reader of a log knows them. */
  readonly name: string;
  readonly code: string;
  readonly fault: (call: { readonly action: string; readonly scope: string }) => StatusFault;
  /** How often a call is sent: a refused token is renewed once, and a refused version replaced once. */
  readonly tries: 1 | 2;
  /** What a message must name. */
  readonly says: string;
  /** Only calls for just-in-time access get it. */
  readonly isOfJit: boolean;
  /** A reading that gets it tells nothing, and the run goes on without. */
  readonly isOfReads: boolean;
}

/** The code, and what a message about it must name. */
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

/** Every refusal that is told by a code, one that is told by words, one of a code that nobody knows, and a long pause. */
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

/** The action that a call of a kind needs. */
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

/** Lets every call of the kind get the answer. */
export function refuseAll({ azure, vm, policy }: Scenario, kind: Kind, answer: RefusedAnswer): void {
  const action = ACTIONS[kind];
  if (action === undefined) throw new Error(`No action is known for ${kind}.`);
  azure.faults.always(kind, answer.fault({ action, scope: action.startsWith(JIT) ? policy.id : vm.id }));
}
