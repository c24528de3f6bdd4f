import * as failures from '../../tasks/shared/messages/failures';
import * as inputs from '../../tasks/shared/messages/inputs';
import * as requesting from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/messages/requesting';
import { both, type Makers } from './hostileMakers';

/** Creates each failure. */
export const FAILURE_MAKERS = {
  wrongInputs: ({ text }) => [failures.wrongInputs([{ input: text(), problem: inputs.vm(text()) }])],
  connectionIncomplete: ({ text, texts }) => [failures.connectionIncomplete(text(), texts())],
  connectionWithoutToken: ({ text }) => [failures.connectionWithoutToken(text(), text())],
  signInRefused: ({ text }) => [failures.signInRefused(text())],
  tokenRefused: ({ text }) => [failures.tokenRefused(), failures.tokenRefused(text())],
  identityMissing: ({ text }) => [failures.identityMissing(text())],
  noOidcToken: ({ text }) => [failures.noOidcToken(text())],
  notFound: ({ text }) => [failures.notFound(text(), text())],
  policyNameUnknown: ({ text, texts }) => [
    failures.policyNameUnknown(text(), text(), texts()),
    failures.policyNameUnknown(text(), text(), []),
  ],
  requestRefused: ({ text }) => [failures.requestRefused(text(), text())],
  throttled: ({ text }) => [failures.throttled(text(), text())],
  waitTooLong: ({ text }) => [true, false].map((is429) => failures.waitTooLong(text(), 9000, is429)),
  notInTime: ({ text }) => [failures.notInTime(text())],
  serverError: ({ text }) => [failures.serverError(text(), 500, text())],
  notReached: ({ text }) => [failures.notReached(text(), text())],
  senselessAnswer: ({ text }) => [failures.senselessAnswer(text(), text())],
  cancelled: ({ access }) => [failures.cancelled(requesting.leftOpen([access], []))],
  bug: ({ text }) => both(failures.bug, new Error(text()), text(), undefined),
} satisfies Makers<typeof failures>;
