import type { RunDocument } from '../../tasks/shared/document/document';
import * as say from '../messages/tab';
import type { Loaded, Missing } from '../read/load';
import { toRunPorts } from '../read/ports';
import { el, foreign, section } from './dom';
import { checkTable, failureTable, leftOutTable } from './lists';
import { policyTable } from './policies';
import { portSection, type Living } from './ports';
import { reportSection } from './report';
import type { IsOurs } from './table';
import { vmCells, type NamedVm, type ToVmCell } from './vmCell';

/**
 * Creates the page of a run, in order of importance: ports, failures, policies, dry runs, reports.
 *
 * @param status shows a status and announces it to screen readers
 * @param troubleText returns why a document could not be loaded
 */
export function runPage(
  { documents, missing, total }: Loaded,
  isOurs: IsOurs,
  status: (text: string) => void,
  troubleText: (trouble: unknown) => string,
): Living {
  const sorted = documents.toSorted((one, other) => Date.parse(one.writtenAt) - Date.parse(other.writtenAt));
  const ports = toRunPorts(sorted);
  const vmCell = vmCells(sorted.flatMap(vmsOf));
  const shown = sorted.length + missing.length;
  const isCut = sorted.some(({ cut }) => cut.some(({ list }) => list === 'ports'));
  const isWhole = missing.length === 0 && total <= shown && !isCut;
  const showStatus = (text: string): void => {
    status(isWhole ? text : `${text} ${say.NOT_WHOLE}`);
  };
  if (ports.length === 0) showStatus(say.NO_PORTS);
  const living = ports.length > 0 ? [portSection(ports, vmCell, showStatus)] : [];
  const leftOut = sorted.flatMap(({ content, step }) =>
    content.kind === 'opened' ? content.leftOut.map((one) => ({ one, step })) : [],
  );
  const failures = sorted.flatMap(({ failure, step }) => (failure ? [{ failure, step }] : []));
  const parts = [
    ...living.map(({ element }) => element),
    ...(leftOut.length > 0 ? [section('left-out', say.HEADINGS.leftOut, leftOutTable(leftOut, vmCell))] : []),
    ...(failures.length > 0 ? [section('failures', say.HEADINGS.failures, failureTable(failures))] : []),
    ...policySections(sorted, vmCell),
    ...checkSections(sorted),
    ...sorted.flatMap(({ content, step }, at) =>
      content.kind === 'report'
        ? [
            reportSection(
              `report-${at}`,
              say.reportOf(say.stepText(step.stepName, step.jobName)),
              content.report,
              isOurs,
            ),
          ]
        : [],
    ),
    ...notes(sorted, missing, total, troubleText),
  ];
  return {
    element: el('div', {}, ...parts),
    tick(now) {
      for (const part of living) part.tick(now);
    },
  };
}

const nameOf = ({ step }: RunDocument): string => say.stepText(step.stepName, step.jobName);

/** Returns the VMs that a step names, except those of a report, whose tables name the resource group of each. */
function vmsOf({ content }: RunDocument): readonly NamedVm[] {
  if (content.kind === 'opened') return [...content.ports, ...content.leftOut];
  if (content.kind === 'closed') return content.ports;
  return content.kind === 'policies' ? content.vms : [];
}

function policySections(documents: readonly RunDocument[], vmCell: ToVmCell): readonly HTMLElement[] {
  const tables = documents.flatMap((document) =>
    document.content.kind === 'policies'
      ? [
          el('h3', {}, foreign(nameOf(document))),
          policyTable(document.content, vmCell, nameOf(document)),
          ...(document.content.checks.length > 0
            ? [checkTable(document.content.checks, `${say.HEADINGS.checks}: ${nameOf(document)}`)]
            : []),
        ]
      : [],
  );
  return tables.length > 0 ? [section('policies', say.HEADINGS.policies, ...tables)] : [];
}

function checkSections(documents: readonly RunDocument[]): readonly HTMLElement[] {
  const tables = documents.flatMap((document) =>
    document.content.kind === 'checks'
      ? [el('h3', {}, foreign(nameOf(document))), checkTable(document.content.checks, nameOf(document))]
      : [],
  );
  return tables.length > 0 ? [section('checks', say.HEADINGS.checks, ...tables)] : [];
}

/** Returns the list of what is not on the page, and why. */
function notes(
  documents: readonly RunDocument[],
  missing: readonly Missing[],
  total: number,
  troubleText: (trouble: unknown) => string,
): readonly HTMLElement[] {
  const shown = documents.length + missing.length;
  const texts = [
    ...(total > shown ? [say.tooMany(shown, total)] : []),
    ...missing.map((one) =>
      'reason' in one
        ? say.notShown(one.name, say.UNREADABLE[one.reason])
        : say.notLoaded(one.name, troubleText(one.trouble)),
    ),
    ...documents.flatMap((document) =>
      document.cut.map(({ list, shown, total }) => say.cutText(nameOf(document), list, shown, total)),
    ),
  ];
  if (texts.length === 0) return [];
  const items = texts.map((text) => el('li', {}, foreign(text)));
  return [section('notes', say.HEADINGS.notes, el('ul', {}, ...items))];
}
