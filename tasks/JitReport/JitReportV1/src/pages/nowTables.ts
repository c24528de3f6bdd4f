import {
  BASIC_ADDRESS,
  COLUMNS,
  MANAGEMENT_PORT,
  REACH,
  RULES,
  ruleText,
} from '../../../../shared/messages/report';
import { shareText } from '../../../../shared/messages/reporting';
import { MOST_PUBLIC, type LiveRequest, type Report, type StandingPort } from '../model';
import { cell, tableOf, type Cell, type Column, type Mark, type Table } from './table';
import { firstFew, sourceText, timeText } from './words';
import { whyCell } from './whyCell';

/** Ports that requests hold open, the first to end first. */
export function liveTable({ liveRequests, vms }: Report, most: number): Table {
  const groups = groupsOf({ vms });
  const columns: readonly Column[] = [
    { label: COLUMNS.vm, kind: 'name' },
    { label: COLUMNS.port, kind: 'number' },
    { label: COLUMNS.sources, kind: 'list' },
    { label: COLUMNS.until, kind: 'time' },
    { label: COLUMNS.rules, kind: 'state' },
    { label: COLUMNS.who, kind: 'name' },
    { label: COLUMNS.why, kind: 'text' },
  ];
  return tableOf(columns, liveRequests, most, (request) => [
    vmCell(request, groups),
    cell(String(request.port)),
    cell(sourceText(request.sources), request.sources.includes('*') ? { mark: 'warn' } : {}),
    cell(timeText(request.endsAt)),
    cell(RULES[request.rules], { mark: RULE_MARKS[request.rules] }),
    cell(request.who),
    whyCell(request),
  ]);
}

const RULE_MARKS: Readonly<Record<LiveRequest['rules'], Mark>> = {
  open: 'good',
  closed: 'warn',
  unknown: 'neutral',
};

/** Ports that rules leave open, the most dangerous first. */
export function standingTable({ standingPorts, vms }: Report, most: number): Table {
  const groups = groupsOf({ vms });
  const columns: readonly Column[] = [
    { label: COLUMNS.vm, kind: 'name' },
    { label: COLUMNS.port, kind: 'number' },
    { label: COLUMNS.reach, kind: 'state' },
    { label: COLUMNS.sources, kind: 'list' },
    { label: COLUMNS.letIn },
  ];
  const sorted = standingPorts.toSorted((one, other) => danger(other) - danger(one));
  return tableOf(columns, sorted, most, (standing) => [
    vmCell(standing, groups),
    cell(String(standing.port)),
    cell(reachText(standing), {
      mark: reachMark(standing),
      ...(standing.management ? { note: MANAGEMENT_PORT } : {}),
    }),
    cell(sourceText(standing.sources, standing.moreSources)),
    { lines: firstFew(letInBy(standing), 4) },
  ]);
}

/** Management ports that most of the internet reaches, by a request or without. */
export function internetTable({ internetPorts, vms }: Report, most: number): Table {
  const groups = groupsOf({ vms });
  const columns: readonly Column[] = [
    { label: COLUMNS.vm, kind: 'name' },
    { label: COLUMNS.port, kind: 'number' },
    { label: COLUMNS.reach, kind: 'state' },
  ];
  return tableOf(columns, internetPorts, most, (open) => [
    vmCell(open, groups),
    cell(String(open.port)),
    cell(shareText(open.publicShare), { mark: 'bad' }),
  ]);
}

const reachText = ({ reach, publicShare }: StandingPort): string =>
  reach === 'internet' ? shareText(publicShare) : REACH[reach];

const letInBy = ({ rules }: StandingPort): readonly string[] =>
  rules.length === 0
    ? [BASIC_ADDRESS]
    : rules.map(({ name, priority, group, attachedTo }) => ruleText(name, priority, group, attachedTo));

const danger = ({ reach, management, publicShare }: StandingPort): number =>
  DANGER[reach] + publicShare + (management ? 1 : 0);

const DANGER = { anyAddress: 4, internet: 2, private: 0 } as const;

function reachMark({ reach, management, publicShare }: StandingPort): Mark {
  if (reach === 'private') return 'neutral';
  return publicShare > MOST_PUBLIC && management ? 'bad' : 'warn';
}

/** The resource group of every VM by its id in lower case: names alone may come twice. */
const groupsOf = ({ vms }: Pick<Report, 'vms'>): ReadonlyMap<string, string> =>
  new Map(vms.map(({ id, resourceGroup }) => [id.toLowerCase(), resourceGroup]));

function vmCell(
  { vmId, vmName }: { readonly vmId: string; readonly vmName: string },
  groups: ReadonlyMap<string, string>,
): Cell {
  const group = groups.get(vmId.toLowerCase());
  return cell(vmName, group === undefined ? {} : { note: group });
}
