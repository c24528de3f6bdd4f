import { COLUMNS, MANAGEMENT_PORT, REACH, RULES, ruleText } from './messages/report';
import { blockedText, doubtLines, portOver, shareText } from './messages/open';
import { MOST_PUBLIC, type ActiveRequest, type Report, type PermanentPort } from './report';
import { allowedBy } from './reached';
import { cell, tableOf, type Cell, type Column, type CellMark, type Table } from './table';
import { byDanger, byDoubt } from './urgency';
import { firstFew, sourceText, timeText } from './words';
import { whoCell } from './whoCell';
import { whyCell } from './whyCell';

/** Returns a table of ports that requests hold open. Those that end first come first. */
export function activeTable({ liveRequests, vms }: Report, most: number): Table {
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
    rulesCell(request),
    whoCell(request),
    whyCell(request),
  ]);
}

function rulesCell({ rules, blockedBy }: ActiveRequest): Cell {
  const by = blockedBy.map(({ name, priority, group, attachedTo }) =>
    blockedText(ruleText(name, priority, group, attachedTo)),
  );
  return { lines: [RULES[rules], ...firstFew(by, 2)], mark: RULE_MARKS[rules] };
}

const RULE_MARKS: Readonly<Record<ActiveRequest['rules'], CellMark>> = {
  open: 'good',
  partly: 'warn',
  closed: 'warn',
  unknown: 'neutral',
};

/** Returns a table of ports that rules leave open, the most dangerous first. */
export function permanentTable({ standingPorts, vms }: Report, most: number): Table {
  const groups = groupsOf({ vms });
  const columns: readonly Column[] = [
    { label: COLUMNS.vm, kind: 'name' },
    { label: COLUMNS.port, kind: 'number' },
    { label: COLUMNS.reach, kind: 'state' },
    { label: COLUMNS.sources, kind: 'list' },
    { label: COLUMNS.allowedBy, kind: 'text' },
  ];
  const sorted = standingPorts.toSorted(byDanger);
  return tableOf(columns, sorted, most, (permanent) => [
    vmCell(permanent, groups),
    cell(portOver(permanent.port, permanent.ipVersion)),
    cell(reachText(permanent), {
      mark: reachMark(permanent),
      ...(permanent.management ? { note: MANAGEMENT_PORT } : {}),
    }),
    cell(sourceText(permanent.sources, permanent.moreSources)),
    { lines: firstFew(allowedBy(permanent), 4) },
  ]);
}

/** Returns a table of ports that may be open, the most dangerous first. */
export function doubtTable({ mayBeOpenPorts, vms }: Report, most: number): Table {
  const groups = groupsOf({ vms });
  const columns: readonly Column[] = [
    { label: COLUMNS.vm, kind: 'name' },
    { label: COLUMNS.port, kind: 'number' },
    { label: COLUMNS.mayReach, kind: 'state' },
    { label: COLUMNS.whyDoubt, kind: 'text' },
  ];
  const sorted = mayBeOpenPorts.toSorted(byDoubt);
  return tableOf(columns, sorted, most, (doubt) => [
    vmCell(doubt, groups),
    cell(portOver(doubt.port, doubt.ipVersion)),
    cell(reachText(doubt), { mark: doubt.reason === 'noSecurityGroup' ? 'bad' : 'warn' }),
    { lines: firstFew(doubtLines(doubt), 4) },
  ]);
}

/** Returns the table of ports that most of the internet can reach, with or without a request. */
export function internetTable({ internetPorts, vms }: Report, most: number): Table {
  const groups = groupsOf({ vms });
  const columns: readonly Column[] = [
    { label: COLUMNS.vm, kind: 'name' },
    { label: COLUMNS.port, kind: 'number' },
    { label: COLUMNS.reach, kind: 'state' },
  ];
  return tableOf(columns, internetPorts, most, (open) => [
    vmCell(open, groups),
    cell(portOver(open.port, open.ipVersion)),
    cell(shareText(open.publicShare), { mark: 'bad' }),
  ]);
}

const reachText = ({ reach, publicShare }: Pick<PermanentPort, 'reach' | 'publicShare'>): string =>
  reach === 'internet' ? shareText(publicShare) : REACH[reach];

function reachMark({ reach, management, publicShare }: PermanentPort): CellMark {
  if (reach === 'private') return 'neutral';
  return publicShare > MOST_PUBLIC && management ? 'bad' : 'warn';
}

/** Returns the resource group of every VM, by its ID in lower case. A name alone can occur twice. */
const groupsOf = ({ vms }: Pick<Report, 'vms'>): ReadonlyMap<string, string> =>
  new Map(vms.map(({ id, resourceGroup }) => [id.toLowerCase(), resourceGroup]));

function vmCell(
  { vmId, vmName }: { readonly vmId: string; readonly vmName: string },
  groups: ReadonlyMap<string, string>,
): Cell {
  const group = groups.get(vmId.toLowerCase());
  return cell(vmName, group === undefined ? {} : { note: group });
}
