import type { CodedError } from '../../../../shared/core/errors';
import { doubtText } from '../../../../shared/view/messages/open';
import * as say from '../messages/reporting';
import type { NotedGap } from './gathered';
import { joinVersions } from './joinVersions';
import type { ReportInputs } from '../model/inputs';
import type { Gap, MayBeOpenPort, PermanentPort, Report, VmReport } from '../../../../shared/view/report';
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
      isReachedOverIpv6(vms, [...standingPorts, ...mayBeOpenPorts]),
    );
  }
  // A port that is certainly open also fails `mayBeOpen`.
  if (failOn !== 'nothing' && failOn !== 'notConfigured' && counts.openToInternet > 0) {
    const ports = joinVersions(internetPorts).slice(0, MOST_NAMED).map(say.portOf);
    const versions = internetPorts.map(({ ipVersion }) => ipVersion);
    return say.portsOpenToInternet(ports, counts.openToInternet, versions);
  }
  if (failOn === 'mayBeOpen' && counts.mayBeOpen > 0) {
    const ports = joinVersions(mayBeOpenPorts)
      .slice(0, MOST_NAMED)
      .map((port) => say.portMayBeOpen(port, doubtText(port.over)));
    return say.portsMayBeOpen(ports, counts.mayBeOpen);
  }
  const needed = counts.vms === 0 ? [...NEEDED[failOn], 'vms'] : NEEDED[failOn];
  return gaps.find(({ gap, entriesOnly }) => !entriesOnly && needed.includes(gap.part))?.failure;
}

/** Whether a management port of a VM that should be in a policy is certainly or possibly open over IPv6. */
function isReachedOverIpv6(
  vms: readonly VmReport[],
  ports: readonly (PermanentPort | MayBeOpenPort)[],
): boolean {
  const ids = new Set(vms.flatMap(({ id, recommended }) => (recommended ? [id] : [])));
  return ports.some(({ vmId, management, ipVersion }) => management && ipVersion === 'IPv6' && ids.has(vmId));
}
