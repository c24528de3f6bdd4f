import { parsePortRules, type PortRules } from './plan/portRules';
import { parseVmId } from '../../../shared/core/resourceIds';
import type { VmQuery } from '../../../shared/core/vmQuery';
import { parseScope } from '../../../shared/core/scopes';
import {
  createInputReader,
  readMaxVms,
  readPolicyName,
  readVmQuery,
  readWaitTimeoutMs,
  splitLines,
  vmProblem,
  type InputReader,
  type QueryInput,
} from '../../../shared/task/inputs';
import { bothVmsAndQuery, noVmNorQuery } from '../../../shared/messages/inputs';
import { removalsInExact, rulesNotRemoved, wrongPlaceholder, wrongRule } from './messages/policies';
import {
  ACTIONS,
  MODES,
  PLACEHOLDER,
  type ConfigureInputs,
  type VmPattern,
  type WantedVms,
} from './plan/inputs';

/** The name of every input in task.json. */
export type InputName =
  | 'connectedServiceName'
  | 'vmResourceId'
  | 'action'
  | 'portRules'
  | 'mode'
  | 'policyName'
  | QueryInput
  | 'dryRun'
  | 'waitTimeout';

const NO_RULES: PortRules = { rules: [], removals: [], wrong: [] };

/** Without a variable `vmName`, the agent leaves `$(vmName)` as it is. It then means the same as `{vm}`. */
const toPlaceholder = (name: string, value: string): string =>
  name === 'policyName' ? value.replace(/\$\(vmName\)/gi, '{vm}') : value;

/**
 * Reads all inputs at once. Throws JIT101 with every mistake in them.
 *
 * @param read returns the text of an input; empty if it is not set
 * @param subscriptionId the subscription of the connection, for VMs written as `group/name`
 */
export function readInputs(
  read: (name: InputName) => string,
  subscriptionId: string | undefined,
): ConfigureInputs {
  const reader = createInputReader<InputName>((name) => toPlaceholder(name, read(name)));
  reader.needConnection();
  const maxVms = readMaxVms(reader);
  const query = readVmQuery(reader, maxVms);
  const vms = readWantedVms(reader, subscriptionId, query);
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
    ...{ vms, query, action, rules, removals, mode, policyName, maxVms },
    dryRun: reader.flag('dryRun'),
    waitTimeoutMs: readWaitTimeoutMs(reader),
  });
}

function readWantedVms(
  reader: InputReader<'vmResourceId'>,
  subscriptionId: string | undefined,
  query: VmQuery | undefined,
): readonly WantedVms[] {
  return reader.parsed<readonly WantedVms[]>('vmResourceId', [], (value) => {
    const entries = splitLines(value);
    if (entries.length === 0 && !query) reader.add('vmResourceId', noVmNorQuery);
    if (entries.length > 0 && query?.filter) reader.add('vmResourceId', bothVmsAndQuery);
    const wanted = new Map<string, WantedVms>();
    for (const entry of entries) {
      const vm = parseVmId(entry, subscriptionId);
      const pattern = vm ? undefined : parsePattern(entry, subscriptionId);
      if (vm) wanted.set(vm.key, { vm });
      else if (pattern) wanted.set(pattern.text.toLowerCase(), { pattern });
      else reader.add('vmResourceId', vmProblem(entry));
    }
    return [...wanted.values()];
  });
}

/** Reads `group/*`, or the ID of a resource group or a subscription followed by `/*`. */
function parsePattern(text: string, subscriptionId: string | undefined): VmPattern | undefined {
  const [, within] = /^(.+?)(?:\/providers\/Microsoft\.Compute\/virtualMachines)?\/\*$/i.exec(text) ?? [];
  const scope = within === undefined ? undefined : parseScope(within, subscriptionId);
  if (!scope || scope.kind === 'vm') return undefined;
  const resourceGroup = scope.kind === 'group' ? scope.resourceGroup : undefined;
  return { text, subscriptionId: scope.subscriptionId, resourceGroup };
}
