import * as vmQuery from '../../tasks/shared/messages/vmQuery';
import type { Makers } from './hostileMakers';

/** Creates each message about a query for VMs. */
export const VM_QUERY_MAKERS = {
  querying: () => [0, 1, 2].map(vmQuery.querying),
  queryFound: () => [1, 2].map(vmQuery.queryFound),
  vmLine: ({ vm }) => [vmQuery.vmLine(vm)],
  strangeRows: () => [1, 2].map(vmQuery.strangeRows),
  noVmSelected: ({ text }) => [vmQuery.noVmSelected(text())],
  tooManySelected: ({ vm }) => [vmQuery.tooManySelected(51, 50, [vm, vm])],
  queryRefused: ({ text }) => [
    vmQuery.queryRefused(
      text(),
      { line: 1, position: 4, token: text(), expected: text(), code: text(), message: text() },
      text(),
    ),
    vmQuery.queryRefused(
      text(),
      { line: undefined, position: undefined, token: '', expected: '', code: '', message: '' },
      text(),
    ),
  ],
} satisfies Makers<typeof vmQuery>;
