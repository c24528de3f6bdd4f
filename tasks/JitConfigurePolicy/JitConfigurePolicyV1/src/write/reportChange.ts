import * as say from '../messages/policies';
import * as failures from '../messages/policyFailures';
import { warnEach, type OfVm } from '../../../../shared/core/crowd';
import { itemsIn } from '../../../../shared/core/json';
import type { Target } from '../plan/target';
import type { ConfigureContext } from '../context';
import { appends, entriesFor, keyOf, type PolicyChange } from '../plan/policyChange';
import { activeRequests, disturbedRequests } from '../plan/disturbedRequests';
import { findOwnPort, type PortRequest } from '../../../../shared/core/requests';
import type { PolicyReading } from './readPolicy';
import type { Log } from '../../../../shared/core/log';
import { oddEntriesOf, mayConcern } from '../../../../shared/core/oddEntries';
import type { Policy, StoredPolicy } from '../../../../shared/core/policy';
import { oddEntriesWrittenBack, oddRequestDisturbed } from '../../../../shared/messages/oddEntries';
import type { VmDifference } from '../plan/policyPorts';

/** Throws JIT101 if a change removes the last port of a VM, because no one could request access to the VM. */
export function requirePorts({ body, differences }: PolicyChange): void {
  const emptied = differences.filter(({ vm, change }) => {
    const own = change === 'none' ? [] : entriesFor(body, vm);
    return own.some((entry) => itemsIn(entry, 'ports').length === 0);
  });
  if (emptied.length > 0) throw failures.noPortLeft(emptied.map(({ vm }) => vm));
}

/** Warns of other VMs, or some of their ports, that a policy showed before and no longer shows. */
export function warnOfGoneVms(
  { log }: ConfigureContext,
  { ref, wanted }: Target,
  { gone }: PolicyReading,
): void {
  const own = new Set(wanted.vms.map(({ vm }) => vm.key));
  const others = gone.filter(({ entry }) => !own.has(keyOf(entry)));
  if (others.length > 0) log.warning(say.vmsGone(ref, others));
}

/** Warns of entries that cannot be interpreted in a policy that is about to be written. */
export function warnOfOddEntries(
  log: Log,
  policy: Policy,
  differences: readonly VmDifference[],
  azureNow: number,
): void {
  const found = oddEntriesOf([policy]);
  const changed = differences.filter(({ change }) => change !== 'none').map(({ vm }) => vm);
  const gone = differences.filter(({ change }) => change === 'removed').map(({ vm }) => vm.key);
  const kept = found.filter(
    ({ entry: { part, vmKey } }) => part !== 'request' && !(vmKey !== undefined && gone.includes(vmKey)),
  );
  if (kept.length > 0) log.warning(oddEntriesWrittenBack(kept));
  for (const one of found) {
    if (one.entry.part === 'request' && mayConcern(one.entry, changed, 'all', azureNow)) {
      log.warning(oddRequestDisturbed(one));
    }
  }
}

/** Returns a request together with its VM. */
const ofVm = (one: PortRequest): PortRequest & OfVm => ({ ...one, vm: one.port.vm });

/** Logs the planned change of a policy, and warns of the active requests that it affects. */
export function logChange({ log, policies }: ConfigureContext, target: Target, change: PolicyChange): void {
  const { ref, stored, wanted } = target;
  const outcome = change.repairs ? 'repair' : change.kind === 'put' && !stored ? 'make' : change.kind;
  log.group(say.policyText(ref, outcome));
  if (change.repairs) log.line(say.repairing(ref, change.repairs));
  if (change.kind === 'put' && appends(stored?.body)) log.line(say.appendModeOff(ref));
  for (const line of change.differences.flatMap(say.differenceLines)) log.line(line);
  const own = new Set(wanted.vms.map(({ vm }) => vm.key));
  const others = (stored?.policy.vms ?? []).filter(({ vm }) => !own.has(vm.key)).length;
  if (others > 0) log.line(say.othersStay(ref, others));
  log.endGroup();
  const disturbed = disturbedRequests(stored?.policy, change.differences, policies.azureNow());
  warnEach(log, disturbed.map(ofVm), say.disturbs, say.moreDisturbed);
  if (stored && change.kind === 'put')
    warnOfOddEntries(log, stored.policy, change.differences, policies.azureNow());
}

/** Warns of active requests that a write lost although the change did not affect them. */
export function warnOfGone(
  { log, policies }: ConfigureContext,
  before: StoredPolicy | undefined,
  after: StoredPolicy | undefined,
  differences: readonly VmDifference[],
  leftOut: readonly string[],
): void {
  if (!before || !after) return;
  const now = policies.azureNow();
  const expected = disturbedRequests(before.policy, differences, now).map(({ port }) => port);
  const gone = activeRequests(before.policy, now)
    .filter(({ port }) => !expected.includes(port) && !leftOut.includes(port.vm.key))
    .filter(({ request, port }) => !findOwnPort(after.policy, { ...port, startedAt: request.startedAt }));
  warnEach(log, gone.map(ofVm), say.requestGone, say.moreRequestsGone);
}
