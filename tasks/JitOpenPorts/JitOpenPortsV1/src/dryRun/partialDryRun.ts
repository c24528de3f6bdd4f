import type { Check, CheckList } from '../../../../shared/core/checks';
import { warnEach } from '../../../../shared/core/crowd';
import { groupBy } from '../../../../shared/core/groupBy';
import type { OwnPort } from '../../../../shared/core/requests';
import type { CheckedRight } from '../../../../shared/core/rights';
import { failed, logCheckList } from '../../../../shared/task/checkList';
import { failureWithout, rightChecks } from '../../../../shared/task/rights';
import type { Context } from '../context';
import * as say from '../messages/dryRun';
import { dryRunDone, partlyFailed } from '../messages/opening';
import type { Findings, NotOpened } from '../plan/findings';
import type { OpenPortsInputs } from '../plan/inputs';
import type { VmPlan } from '../plan/plan';
import { toCheckList, type Checked, type DryRun } from './checks';

/** The expected result of a run with `onPartial: continue`, as far as the checks show it. */
export interface Prospect {
  /** The number of ports that would be open. */
  readonly open: number;
  /** In the order in which the run would find them. */
  readonly notOpen: readonly NotOpened[];
}

/**
 * Counts the ports that would be open, without the VMs that are left out, the requests that Azure would refuse, and the
 * ports that stay blocked.
 *
 * @param blocked the ports that a request would not open
 */
export function toProspect(
  { leftOut }: Pick<Findings, 'leftOut'>,
  plans: readonly VmPlan[],
  rights: readonly CheckedRight[],
  blocked: readonly NotOpened[],
): Prospect {
  const refused = refusedPorts(plans, rights);
  const keys = new Set(refused.map(keyOf));
  const notGranted = [...refused, ...blocked.filter((one) => !keys.has(keyOf(one)))];
  const ports = plans.reduce((sum, { toRequest, reuse }) => sum + toRequest.length + reuse.length, 0);
  return { open: ports - notGranted.length, notOpen: [...leftOut, ...notGranted] };
}

const keyOf = ({ vm, port }: NotOpened): string => `${vm.key} ${String(port)}`;

/**
 * Returns the ports that Azure would refuse to open. If a right is missing for one VM, Azure refuses the whole request
 * of its policy.
 */
function refusedPorts(plans: readonly VmPlan[], rights: readonly CheckedRight[]): readonly NotOpened[] {
  const missing = rights.flatMap((one) => {
    const failure = failureWithout(one);
    return failure ? { scope: one.right.scope.toLowerCase(), failure } : [];
  });
  const requesting = plans.filter(({ toRequest }) => toRequest.length > 0);
  const requests = groupBy(requesting, ({ policy }) => policy.id.toLowerCase());
  return [...requests].flatMap(([policyId, ofPolicy]) => {
    const scopes = new Set([policyId, ...ofPolicy.map(({ wanted }) => wanted.key)]);
    const failure = missing.find(({ scope }) => scopes.has(scope))?.failure;
    if (!failure) return [];
    return ofPolicy.flatMap(({ wanted, toRequest }) =>
      toRequest.map(({ rule }) => ({ vm: wanted, port: rule.port, failure })),
    );
  });
}

/**
 * Returns the dry run of a step that continues without what would not be open, and fails only if nothing would be open.
 */
export function toPartialDryRun(
  inputs: OpenPortsInputs,
  { signIn, log }: Context,
  findings: Findings,
  own: readonly OwnPort[],
  { open, notOpen }: Prospect,
  { rules, rights, hosts }: Pick<Checked, 'rules' | 'hosts'> & { readonly rights: readonly CheckedRight[] },
): DryRun {
  const goesOn = open > 0;
  const missing = goesOn ? rights.flatMap((one) => failureWithout(one) ?? []) : [];
  const ofRights = [
    ...missing.map((failure) => failed('Rights', failure)),
    ...rightChecks(goesOn ? rights.filter((one) => !failureWithout(one)) : rights),
  ];
  const found = { rules, rights: ofRights, hosts, silent: undefined };
  const all = toCheckList(inputs, signIn, findings, own, found);
  const checks = goesOn ? withoutFailures(all) : all;
  logCheckList(log, checks);
  if (!goesOn) return { checks, failure: partlyFailed(notOpen, 0) };
  warnEach(log, notOpen, say.wouldNotBeOpen, say.moreWouldNotBeOpen);
  if (notOpen.length === 0) log.line(dryRunDone);
  const issue = notOpen.length > 0 ? say.wouldOpenInPart(open, notOpen.length) : undefined;
  return { checks, failure: undefined, issue };
}

/** Turns failures into warnings, because the run continues without what they concern. */
const withoutFailures = (checks: CheckList): CheckList =>
  checks.map((check): Check =>
    check.mark === 'would fail' ? { topic: check.topic, mark: 'warning', text: check.text } : check,
  );
