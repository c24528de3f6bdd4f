import type { CodedError } from '../../../../shared/core/errors';
import { doubtText } from '../../../../shared/view/messages/open';
import * as say from '../messages/reporting';
import type { NotedGap } from './gathered';
import type { ReportInputs } from '../model/inputs';
import type { Gap, Report, VmReport } from '../../../../shared/view/report';
import { reachedBy } from '../../../../shared/view/reached';

const MOST_NAMED = 5;

/** The parts that the result depends on: a gate must not pass because of something that was not read. */
const NEEDED: Readonly<Record<ReportInputs['failOn'], readonly Gap['part'][]>> = {
  nothing: [],
  notConfigured: ['vms', 'network', 'policies'],
  openToInternet: ['vms', 'network'],
  mayBeOpen: ['vms', 'network', 'policies'],
};

/**
 * Returns the failure of the step: what was found (JIT421, JIT422, JIT424), or the gap that hides such a result. A
 * report without a VM, because none could be read, fails with any `failOn`.
 */
export function judgeReport(
  { counts, vms, internetPorts, mayBeOpenPorts, standingPorts }: Report,
  gaps: readonly NotedGap[],
  failOn: ReportInputs['failOn'],
): CodedError | undefined {
  if (failOn === 'notConfigured' && counts.recommended > 0) {
    const names = vms.filter(({ recommended }) => recommended).slice(0, MOST_NAMED);
    const reached = (vm: VmReport) => reachedBy(vm.id, standingPorts, mayBeOpenPorts)[0] ?? '';
    return say.vmsNotConfigured(
      names.map((vm) => say.vmReached(vm.name, reached(vm))),
      counts.recommended,
    );
  }
  // A port that is certainly open also fails `mayBeOpen`.
  if (failOn !== 'nothing' && failOn !== 'notConfigured' && counts.openToInternet > 0) {
    const ports = internetPorts
      .slice(0, MOST_NAMED)
      .map(({ vmName, port, publicShare }) => say.portOf(vmName, port, publicShare));
    return say.portsOpenToInternet(ports, counts.openToInternet);
  }
  if (failOn === 'mayBeOpen' && counts.mayBeOpen > 0) {
    const ports = mayBeOpenPorts
      .slice(0, MOST_NAMED)
      .map((port) => say.portMayBeOpen(port.vmName, port.port, doubtText(port)));
    return say.portsMayBeOpen(ports, counts.mayBeOpen);
  }
  const needed = counts.vms === 0 ? [...NEEDED[failOn], 'vms'] : NEEDED[failOn];
  return gaps.find(({ gap, entriesOnly }) => !entriesOnly && needed.includes(gap.part))?.failure;
}
