import type { PortRule } from '../../../shared/domain/policy';
import { parsePortRules, type PortRules, type RulePort } from '../../../shared/domain/portRules';
import type { VmId } from '../../../shared/domain/resourceIds';
import { createInputReader, readPolicyName, readVms, readWaitTimeoutMs } from '../../../shared/inputs';
import {
  removalsInExact,
  rulesNotRemoved,
  wrongPlaceholder,
  wrongRule,
} from '../../../shared/messages/policies';

export const ACTIONS = ['ensure', 'remove'] as const;
export const MODES = ['merge', 'exact'] as const;

/** The inputs of a run, checked: nothing behind here is text that may be wrong. */
export interface ConfigureInputs {
  readonly vms: readonly VmId[];
  readonly action: (typeof ACTIONS)[number];
  /** Without removals either, empty is what fits each VM's system. */
  readonly rules: readonly PortRule[];
  readonly removals: readonly RulePort[];
  readonly mode: (typeof MODES)[number];
  /** Empty: the policy that lists the VM, else `default`. `{vm}` in it is the name of each VM. */
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

const NO_RULES: PortRules = { rules: [], removals: [], wrong: [] };

/** Stands for the name of each VM in the name of its policy. */
const PLACEHOLDER = /\{vm\}/gi;

/** Without a variable of that name, `$(vmName)` is left as it was written, and says the same. */
const toPlaceholder = (name: string, value: string): string =>
  name === 'policyName' ? value.replace(/\$\(vmName\)/gi, '{vm}') : value;

/** The name of the policy that is meant for a VM; empty when none is named. */
export const policyNameFor = ({ policyName }: Pick<ConfigureInputs, 'policyName'>, vm: VmId): string =>
  policyName.replace(PLACEHOLDER, () => vm.name);

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
  const reader = createInputReader<InputName>((name) => toPlaceholder(name, read(name)));
  reader.needConnection();
  const vms = readVms(reader, subscriptionId);
  const action = reader.choice('action', ACTIONS);
  const mode = reader.choice('mode', MODES);
  const { rules, removals } = reader.parsed<PortRules>('portRules', NO_RULES, (value) => {
    const found = parsePortRules(value);
    for (const rule of found.wrong) reader.add('portRules', wrongRule(rule));
    if (value && action === 'remove') reader.add('portRules', rulesNotRemoved);
    else if (found.removals.length > 0 && mode === 'exact') reader.add('portRules', removalsInExact);
    return found;
  });
  const policyName = readPolicyName(reader);
  if (/[{}]/.test(policyName.replace(PLACEHOLDER, '')))
    reader.add('policyName', wrongPlaceholder(policyName));
  return reader.checked({
    ...{ vms, action, rules, removals, mode, policyName },
    dryRun: reader.flag('dryRun'),
    waitTimeoutMs: readWaitTimeoutMs(reader),
  });
}
