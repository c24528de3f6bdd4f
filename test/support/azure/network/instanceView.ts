/**
 * Returns the instance view of a VM. The power state is one status among others. The VM's agent and computer name are
 * available only while the VM is running. https://learn.microsoft.com/rest/api/compute/virtual-machines/instance-view
 *
 * @param powerState `null` if Azure does not report it
 */
export function instanceViewJson(name: string, powerState: string | null): object {
  const time = '2026-11-21T08:00:00.0000000+00:00';
  const provisioned = {
    ...{ code: 'ProvisioningState/succeeded', level: 'Info', displayStatus: 'Provisioning succeeded', time },
  };
  const power = {
    code: `PowerState/${powerState ?? ''}`,
    level: 'Info',
    displayStatus: `VM ${powerState ?? ''}`,
  };
  const atWork = {
    computerName: name,
    vmAgent: {
      vmAgentVersion: '2.9.1.1',
      statuses: [{ code: 'ProvisioningState/succeeded', level: 'Info', displayStatus: 'Ready', time }],
    },
  };
  return {
    ...(powerState === 'running' && atWork),
    hyperVGeneration: 'V2',
    disks: [{ name: `${name}-os`, statuses: [provisioned] }],
    statuses: [provisioned, ...(powerState === null ? [] : [power])],
  };
}
