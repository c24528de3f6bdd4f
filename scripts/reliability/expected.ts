import type { Kind } from '../../test/support/azure';
import type { ReliabilityCall } from './calls';
import type { Trouble } from './troubles';

/** What the contract makes of a trouble that lasts, by the trouble's name. */
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

/** Where a kind of call differs from the rest. */
const OF_ITS_OWN: Readonly<Partial<Record<Kind, ByTrouble>>> = {
  openid: { '400': 'JIT202', 'wrong content type': 'recovered' },
  token: { '400': 'JIT202', 'wrong content type': 'recovered' },
  // A machine without an identity does not answer: that it cannot be reached is no trouble of the network.
  imds: {
    '400': 'JIT202',
    'connection reset': 'JIT202',
    'carried out, response lost': 'JIT202',
    'partial response': 'JIT202',
    'no response': 'JIT202',
    'wrong content type': 'recovered',
  },
  // In the wait, silence is no more than a rule that was not seen in time.
  nsg: { 'no response': 'JIT701' },
  vnet: { 'no response': 'JIT701' },
  // A request that was carried out is found in the policy, and not made again.
  initiate: {
    '400': 'JIT405',
    'carried out, response lost': 'recovered',
    'partial response': 'recovered',
    'wrong content type': 'recovered',
  },
};

/** Calls for a verdict of Azure on the rules. */
const VERDICT_CALLS: readonly Kind[] = ['watchers.list', 'ipFlowVerify', 'flowResult'];

/** Calls of which the step can do without: it goes on as if the right were missing. */
const OPTIONAL: Readonly<Partial<Record<Kind, string>>> = {
  adminRules: 'recovered',
  // The rules alone leave the way in doubt, and so it is not open.
  'watchers.list': 'JIT702',
  ipFlowVerify: 'JIT702',
  flowResult: 'JIT702',
};

/** How a run of the step is to end. */
export function expectedOfStep({ kind }: ReliabilityCall, { name, lasts }: Trouble): string {
  // Where all three services are silent the direct way is closed: the proxy is the next thing to try, not the same way.
  if (!lasts) return kind === 'echo' && name === 'no response' ? 'JIT501' : 'recovered';
  const without = OPTIONAL[kind];
  if (without !== undefined) return without;
  // The rules decide, not what the policy says of the request.
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

/** Troubles in which a deletion happens all the same, though its answer gets lost or makes no sense. */
const CARRIED_OUT = ['carried out, response lost', 'partial response', 'wrong content type'];

/** Answers that are none, by which security admin rules stay unread as without the right. */
const REFUSED = ['400', 'HTML with status 200', 'empty body', 'not JSON', 'wrong content type'];

/** How the post-job step is to end: what it cannot verify it must not call closed. */
export function expectedAfterJob({ kind }: ReliabilityCall, { name, lasts }: Trouble): string {
  // A verdict that is silent for its first attempt comes too late for the post-job step.
  if (!lasts) return name === 'no response' && VERDICT_CALLS.includes(kind) ? 'said open' : 'closed';
  const isSignIn = kind === 'openid' || kind === 'token';
  if (isSignIn) return name === 'wrong content type' ? 'closed' : 'said open';
  if (kind === 'rule.delete') return CARRIED_OUT.includes(name) ? 'closed' : 'said open';
  // Without an earlier end the allow rule is deleted, but never without the policy, which tells whose it is.
  if (kind === 'initiate') return 'closed';
  // What Azure does not give, the task does without; a trouble is no answer.
  if (kind === 'adminRules') return REFUSED.includes(name) ? 'closed' : 'said open';
  return 'said open';
}

/** Where a call of JitConfigurePolicy@1 differs from the rest. A lost answer is found in the policy. */
const OF_WRITES: ByTrouble = {
  '400': 'JIT413',
  'carried out, response lost': 'recovered',
  'partial response': 'recovered',
};

/** How a step of JitConfigurePolicy@1 is to end. */
export function expectedOfConfiguring(kind: Kind, { name, lasts }: Trouble): string {
  if (!lasts) return 'recovered';
  const isDeletion = kind === 'policy.delete';
  // A deletion is answered with nothing, by whatever type; that the policy stays looks like another writer.
  if (isDeletion && name === 'empty body') return 'JIT414';
  if (isDeletion && name === 'wrong content type') return 'recovered';
  const isWrite = isDeletion || kind === 'policy.put';
  return (isWrite ? OF_WRITES[name] : undefined) ?? CODES[name] ?? SENSELESS;
}

/**
 * How a report is to end: without a token for anything, or any VM, it fails. Whatever else it cannot read is a gap, and so
 * is a list of VMs that breaks off after its first page.
 */
export function expectedOfReporting(kind: Kind, { name, lasts }: Trouble): string {
  if (!lasts) return 'recovered';
  const code = CODES[name] ?? SENSELESS;
  const isBlind = name === '401' || (kind === 'vms.list' && !name.startsWith('page'));
  return isBlind ? code : `gap ${code}`;
}
