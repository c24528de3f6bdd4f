import type { Report } from '../../../tasks/shared/view/report';
import { anUncoveredVm, aReport, aRequest, aPermanentPort, aVmReport, vmIdOf } from './reports';

const nameOf = (index: number): string => `vm-${String(index).padStart(5, '0')}`;

/**
 * Creates a report on a subscription with this number of VMs, a tenth of them uncovered, and this number of requests
 * over 90 days.
 */
export function bigReport(vmCount: number, requestCount: number): Report {
  const names = Array.from({ length: vmCount }, (_, index) => nameOf(index));
  const hours = (index: number): number => (index * 90 * 24) / Math.max(1, requestCount);
  return aReport({
    vms: names.map((name, index) =>
      index % 10 === 0
        ? anUncoveredVm(name, { state: 'notConfigured', reason: 'reachable', recommended: true })
        : aVmReport(name),
    ),
    standingPorts: names
      .filter((_, index) => index % 10 === 0)
      .map((vmName) => aPermanentPort({ vmId: vmIdOf(vmName), vmName, port: 22 })),
    requests: Array.from({ length: requestCount }, (_, index) =>
      aRequest(hours(index), { vmName: nameOf((index * 7) % vmCount) }),
    ),
    period: { from: aRequest(90 * 24).time, to: aRequest(0).time, days: 90 },
  });
}
