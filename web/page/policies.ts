import { nameIn } from '../../tasks/shared/core/resourceIds';
import type { ConfiguredVm, Content, PortChange, ShownRule } from '../../tasks/shared/document/document';
import { cell, tableOf, type Cell, type Column } from '../../tasks/shared/view/table';
import { configuredPort } from '../../tasks/shared/view/messages/report';
import { lengthText, portText, sourceText } from '../../tasks/shared/view/words';
import * as say from '../messages/tab';
import { toTable } from './table';

type Policies = Extract<Content, { kind: 'policies' }>;

const MOST_ROWS = 1000;
const COLUMNS: readonly Column[] = [
  { label: say.COLUMNS.vm, kind: 'name' },
  { label: say.COLUMNS.change, kind: 'state' },
  { label: say.COLUMNS.ports, kind: 'list' },
  { label: say.COLUMNS.policy, kind: 'text' },
];

/** What a step changed in policies, or a real run would change. */
export function policyTable({ dryRun, vms, policies }: Policies, caption: string): HTMLElement {
  const states = new Map(policies.map(({ id, state }) => [id.toLowerCase(), state]));
  const toRow = (vm: ConfiguredVm): readonly Cell[] => {
    const state = states.get(vm.policyId.toLowerCase());
    const why = state === undefined ? '' : say.POLICY_STATES[state];
    const name = vm.policyId === '' ? say.NO_POLICY : nameIn(vm.policyId);
    return [
      cell(vm.vmName),
      cell((dryRun ? say.WOULD : say.CHANGES)[vm.change], { mark: why === '' ? 'good' : 'bad' }),
      { lines: vm.ports.map(changeText) },
      cell(name, why === '' ? {} : { note: why }),
    ];
  };
  return toTable(tableOf(COLUMNS, vms, MOST_ROWS, toRow), caption, say.NOTHING, () => false);
}

function changeText({ before, after }: PortChange): string {
  if (after && before) return say.portChanged(toText(before), toText(after));
  if (after) return say.portAdded(toText(after));
  return say.portRemoved(before ? toText(before) : say.NONSENSE);
}

const toText = ({ maxRequestAccessDuration, ...rule }: ShownRule): string =>
  configuredPort(portText(rule), lengthText(maxRequestAccessDuration), sourceText(rule.sources));
