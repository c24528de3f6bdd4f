import * as outputs from '../../tasks/shared/messages/outputs';
import type { Makers } from './hostileMakers';

/** Creates each message about outputs. */
export const OUTPUT_MAKERS = {
  outputCut: ({ text }) =>
    [0, 1, 2].map((shown) =>
      outputs.outputCut({ name: 'list', text: '', shown, total: 3 }, 'listPath', text()),
    ),
  fileNotWritten: ({ text }) => [outputs.fileNotWritten('listPath', text())],
  notAttached: ({ text }) => [outputs.notAttached(text())],
  summaryNotShown: ({ text }) => [outputs.summaryNotShown(text())],
} satisfies Makers<typeof outputs>;
