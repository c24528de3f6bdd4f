import type { LoggedCall } from '../../../tasks/JitReport/JitReportV1/src/judge/calls';
import type { LoggedEntry } from '../../../tasks/JitReport/JitReportV1/src/model/records';
import { aPolicy, NOW } from '../core/policies';

/** Returns an Activity Log entry about a request that was accepted now. */
export const anEntry = (given: Partial<LoggedEntry> = {}): LoggedEntry => ({
  ...{ time: NOW, policyId: aPolicy().id, operationId: 'o-1', correlationId: 'c-1', status: 'Accepted' },
  ...{ caller: 'ana@contoso.com', callerName: '', justification: '', asked: [] },
  ...given,
});

/** Returns a call that was granted now. */
export const aCall = (given: Partial<LoggedCall> = {}): LoggedCall => ({
  ...anEntry(),
  outcome: 'granted',
  ...given,
});
