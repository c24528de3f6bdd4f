import type { Kind } from '../../test/support/azure';
import type { ReliabilityCall } from './calls';
import type { Trouble } from './troubles';

/** The code for a persistent problem in the contract, by the name of the problem. */
const CODES: Readonly<Record<string, string>> = {
  '400': 'JIT604',
  '401': 'JIT202',
  '407 of a proxy': 'JIT603',
  '408': 'JIT602',
  '409': 'JIT602',
  '429': 'JIT601',
  '429, Retry-After of an hour': 'JIT601',
  '500': 'JIT602',
  '502': 'JIT602',
  '503': 'JIT602',
  '503, Retry-After of an hour': 'JIT601',
  '504': 'JIT602',
  'connection reset': 'JIT603',
  'carried out, response lost': 'JIT603',
  'partial response': 'JIT603',
  'no response': 'JIT603',
};
const SENSELESS = 'JIT604';

type ByTrouble = Readonly<Record<string, string>>;

/** Kinds of calls with a different result. */
const OF_ITS_OWN: Readonly<Partial<Record<Kind, ByTrouble>>> = {
  openid: { '400': 'JIT202', 'wrong content type': 'recovered' },
  token: { '400': 'JIT202', 'wrong content type': 'recovered' },
  // A machine without an identity does not respond, so a service that cannot be reached is not a network problem.
  imds: {
    '400': 'JIT202',
    'connection reset': 'JIT202',
    'carried out, response lost': 'JIT202',
    'partial response': 'JIT202',
    'no response': 'JIT202',
    'wrong content type': 'recovered',
  },
  // While waiting, a missing response only means that no rule was seen in time.
  nsg: { 'no response': 'JIT701' },
  vnet: { 'no response': 'JIT701' },
  // A request that was executed is found in the policy, and not made again.
  initiate: {
    '400': 'JIT405',
    'carried out, response lost': 'recovered',
    'partial response': 'recovered',
    'wrong content type': 'recovered',
  },
};

/** Calls for an IP flow verify result. */
const VERDICT_CALLS: readonly Kind[] = ['watchers.list', 'ipFlowVerify', 'flowResult'];

/** Calls that the step can do without: it continues as if the permission were missing. */
const OPTIONAL: Readonly<Partial<Record<Kind, string>>> = {
  adminRules: 'recovered',
  // The rules alone leave the access in doubt, so the port does not count as open.
  'watchers.list': 'JIT702',
  ipFlowVerify: 'JIT702',
  flowResult: 'JIT702',
};

/** Returns the expected result of the step. */
export function expectedOfStep({ kind }: ReliabilityCall, { name, lasts }: Trouble): string {
  // If all three services are silent, the direct route is blocked, so the next attempt uses the proxy instead of the
  // same route.
  if (!lasts) return kind === 'echo' && name === 'no response' ? 'JIT501' : 'recovered';
  const without = OPTIONAL[kind];
  if (without !== undefined) return without;
  // The rules decide, not the status of the request in the policy.
  if (kind === 'policy.get') return 'recovered';
  if (kind === 'echo') return name === 'wrong content type' ? 'recovered' : 'JIT501';
  if (kind === 'oidc') return expectedOfOidc(name);
  return OF_ITS_OWN[kind]?.[name] ?? CODES[name] ?? SENSELESS;
}

function expectedOfOidc(name: string): string {
  if (name === 'wrong content type') return 'recovered';
  if (name === '407 of a proxy') return 'JIT603';
  return name.includes('an hour') ? 'JIT601' : 'JIT203';
}

/** Problems in which a deletion is still executed, although its response is lost or invalid. */
const CARRIED_OUT = ['carried out, response lost', 'partial response', 'wrong content type'];

/** Invalid responses, after which security admin rules remain unread, as without the permission. */
const REFUSED = ['400', 'HTML with status 200', 'empty body', 'not JSON', 'wrong content type'];

/** Returns the expected result of the post-job step, which must not report anything as closed that it cannot verify. */
export function expectedAfterJob({ kind }: ReliabilityCall, { name, lasts }: Trouble): string {
  // A result that is missing in the first attempt arrives too late for the post-job step.
  if (!lasts) return name === 'no response' && VERDICT_CALLS.includes(kind) ? 'said open' : 'closed';
  const isSignIn = kind === 'openid' || kind === 'token';
  if (isSignIn) return name === 'wrong content type' ? 'closed' : 'said open';
  if (kind === 'rule.delete') return CARRIED_OUT.includes(name) ? 'closed' : 'said open';
  // Without an earlier end, the allow rule is deleted, but never without the policy, which identifies the owner of the
  // rule.
  if (kind === 'initiate') return 'closed';
  // The task can do without data that Azure does not provide, but a problem is not a response.
  if (kind === 'adminRules') return REFUSED.includes(name) ? 'closed' : 'said open';
  return 'said open';
}

/** The different results of JitConfigurePolicy@1. A request with a lost response is found in the policy. */
const OF_WRITES: ByTrouble = {
  '400': 'JIT413',
  'carried out, response lost': 'recovered',
  'partial response': 'recovered',
};

/** Returns the expected result of a step of JitConfigurePolicy@1. */
export function expectedOfConfiguring(kind: Kind, { name, lasts }: Trouble): string {
  if (!lasts) return 'recovered';
  const isDeletion = kind === 'policy.delete';
  // The response to a deletion is empty, with any content type. A policy that remains looks like a concurrent write.
  if (isDeletion && name === 'empty body') return 'JIT414';
  if (isDeletion && name === 'wrong content type') return 'recovered';
  const isWrite = isDeletion || kind === 'policy.put';
  return (isWrite ? OF_WRITES[name] : undefined) ?? CODES[name] ?? SENSELESS;
}

/**
 * Returns the expected result of a report. It fails without a token, or without any VM. Anything else that cannot be
 * read is a gap, including a list of VMs that breaks off after its first page.
 */
export function expectedOfReporting(kind: Kind, { name, lasts }: Trouble): string {
  if (!lasts) return 'recovered';
  const code = CODES[name] ?? SENSELESS;
  const isBlind = name === '401' || (kind === 'vms.list' && !name.startsWith('page'));
  return isBlind ? code : `gap ${code}`;
}
