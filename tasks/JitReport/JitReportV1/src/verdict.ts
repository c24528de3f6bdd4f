import type { CodedError } from '../../../shared/errors';
import * as say from '../../../shared/messages/reporting';
import type { NotedGap } from './gaps';
import type { ReportInputs } from './inputs';
import type { Gap, Report } from './model';

const MOST_NAMED = 5;

/** What the answer depends on: a gate that lets pass what it did not see is none. */
const NEEDED: Readonly<Record<ReportInputs['failOn'], readonly Gap['part'][]>> = {
  nothing: [],
  notConfigured: ['vms', 'network', 'policies'],
  openToInternet: ['vms', 'network'],
};

/**
 * What the step fails by: what it found (JIT421, JIT422), or what kept it from seeing whether there is such a thing.
 * A report that knows of no VM because none could be read fails in any case.
 */
export function judgeReport(
  { counts, vms, internetPorts }: Report,
  gaps: readonly NotedGap[],
  failOn: ReportInputs['failOn'],
): CodedError | undefined {
  if (failOn === 'notConfigured' && counts.recommended > 0) {
    const names = vms.filter(({ recommended }) => recommended).map(({ name }) => name);
    return say.vmsNotConfigured(names.slice(0, MOST_NAMED), counts.recommended);
  }
  if (failOn === 'openToInternet' && counts.openToInternet > 0) {
    const ports = internetPorts
      .slice(0, MOST_NAMED)
      .map(({ vmName, port, publicShare }) => say.portOf(vmName, port, publicShare));
    return say.portsOpenToInternet(ports, counts.openToInternet);
  }
  const needed = counts.vms === 0 ? [...NEEDED[failOn], 'vms'] : NEEDED[failOn];
  return gaps.find(({ gap, entriesOnly }) => !entriesOnly && needed.includes(gap.part))?.failure;
}
