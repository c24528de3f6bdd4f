import { nameIn, parseResourceId } from '../../tasks/shared/core/resourceIds';
import type { ConfiguredVm, Content, PortChange, ShownRule } from '../../tasks/shared/document/document';
import { policyName } from '../../tasks/shared/messages/policies';
import { cell, tableOf, type Cell, type Column } from '../../tasks/shared/view/table';
import { configuredPort } from '../../tasks/shared/view/messages/report';
import { lengthText, portText, sourceText } from '../../tasks/shared/view/words';
import * as say from '../messages/tab';
import { toTable } from './table';
import type { ToVmCell } from './vmCell';

type Policies = Extract<Content, { kind: 'policies' }>;

const MOST_ROWS = 1000;
const COLUMNS: readonly Column[] = [
  { label: say.COLUMNS.vm, kind: 'name' },
  { label: say.COLUMNS.change, kind: 'state' },
  { label: say.COLUMNS.before, kind: 'list' },
  { label: say.COLUMNS.after, kind: 'list' },
  { label: say.COLUMNS.policy, kind: 'text' },
];

/** A VM with one of its ports, or without a port if its ports do not change. */
interface Line {
  readonly vm: ConfiguredVm;
  readonly port: PortChange | undefined;
}

/** Returns what a step changed in policies, or what a real run would change: one line for each port. */
export function policyTable(
  { dryRun, vms, policies }: Policies,
  vmCell: ToVmCell,
  caption: string,
): HTMLElement {
  const states = new Map(policies.map(({ id, state }) => [id.toLowerCase(), state]));
  const lines = vms.flatMap((vm): readonly Line[] =>
    vm.ports.length === 0 ? [{ vm, port: undefined }] : vm.ports.map((port) => ({ vm, port })),
  );
  const toRow = ({ vm, port }: Line): readonly Cell[] => {
    const state = states.get(vm.policyId.toLowerCase());
    const why = state === undefined ? '' : say.POLICY_STATES[state];
    return [
      vmCell(vm),
      cell(changeText(vm, port, dryRun), { mark: why === '' ? 'good' : 'bad' }),
      cell(port ? beforeText(port) : ''),
      cell(port ? ruleText(port.after) : ''),
      cell(policyText(vm.policyId), why === '' ? {} : { note: why }),
    ];
  };
  return toTable(tableOf(COLUMNS, lines, MOST_ROWS, toRow), caption, say.NOTHING, () => false);
}

/** Returns the name of a policy with its resource group and region, as in the log. */
function policyText(id: string): string {
  const { resourceGroup, names: [location, name] = [] } = parseResourceId(id) ?? {};
  if (resourceGroup === undefined || location === undefined || name === undefined)
    return id === '' ? say.NO_POLICY : nameIn(id);
  return policyName({ name, resourceGroup, location });
}

const changeText = ({ change }: ConfiguredVm, port: PortChange | undefined, dryRun: boolean): string =>
  port && change !== 'added' && change !== 'removed'
    ? (dryRun ? say.WOULD : say.CHANGES)[changeOf(port)]
    : (dryRun ? say.VM_WOULD : say.VM_CHANGES)[change];

const changeOf = ({ before, after }: PortChange): keyof typeof say.CHANGES =>
  after ? (before ? 'changed' : 'added') : 'removed';

const beforeText = ({ before, after }: PortChange): string =>
  before || after ? ruleText(before) : say.NONSENSE;

const ruleText = (rule: ShownRule | null): string =>
  rule === null
    ? say.NO_RULE
    : configuredPort(portText(rule), lengthText(rule.maxRequestAccessDuration), sourceText(rule.sources));
