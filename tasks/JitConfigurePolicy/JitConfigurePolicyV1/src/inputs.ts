import type { PortRule } from '../../../shared/domain/policy';
import { parsePortRules } from '../../../shared/domain/portRules';
import type { VmId } from '../../../shared/domain/resourceIds';
import { createInputReader, readPolicyName, readVms, readWaitTimeoutMs } from '../../../shared/inputs';
import { rulesNotRemoved, wrongRule } from '../../../shared/messages/policies';

export const ACTIONS = ['ensure', 'remove'] as const;
export const MODES = ['merge', 'exact'] as const;

/** The inputs of a run, checked: nothing behind here is text that may be wrong. */
export interface ConfigureInputs {
  readonly vms: readonly VmId[];
  readonly action: (typeof ACTIONS)[number];
  /** Empty: what fits each VM's system. */
  readonly rules: readonly PortRule[];
  readonly mode: (typeof MODES)[number];
  /** Empty: the policy that lists the VM, else `default`. */
  readonly policyName: string;
  readonly dryRun: boolean;
  readonly waitTimeoutMs: number;
}

/** Every input by the name that task.json gives it. */
export type InputName =
  | 'connectedServiceName'
  | 'vmResourceId'
  | 'action'
  | 'portRules'
  | 'mode'
  | 'policyName'
  | 'dryRun'
  | 'waitTimeout';

/**
 * Reads all inputs at once. Throws JIT101 with every mistake in them.
 *
 * @param read gives an input's text, empty when it is not set
 * @param subscriptionId the connection's, for VMs written as `group/name`
 */
export function readInputs(
  read: (name: InputName) => string,
  subscriptionId: string | undefined,
): ConfigureInputs {
  const reader = createInputReader<InputName>(read);
  reader.needConnection();
  const vms = readVms(reader, subscriptionId);
  const action = reader.choice('action', ACTIONS);
  return reader.checked({
    vms,
    action,
    rules: reader.parsed<readonly PortRule[]>('portRules', [], (value) => {
      const { rules, wrong } = parsePortRules(value);
      for (const rule of wrong) reader.add('portRules', wrongRule(rule));
      if (value && action === 'remove') reader.add('portRules', rulesNotRemoved);
      return rules;
    }),
    mode: reader.choice('mode', MODES),
    policyName: readPolicyName(reader),
    dryRun: reader.flag('dryRun'),
    waitTimeoutMs: readWaitTimeoutMs(reader),
  });
}
