import type { CodedError } from '../../../../shared/core/errors';
import type { ListedPolicy } from '../../../../shared/core/policy';
import type { ListedVm } from '../../../../shared/core/resources';
import type { Catalogue } from './catalogue';
import type { LoggedCall } from './calls';
import type { Assessment, Gap } from '../../../../shared/view/report';

/** The data for a report, as Azure returned it. What could not be read is noted as a gap. */
export interface Gathered {
  readonly vms: readonly ListedVm[];
  readonly catalogue: Catalogue;
  readonly policies: readonly ListedPolicy[];
  /** Resource groups whose policies could not be read, as IDs in lower case. */
  readonly unreadGroups: ReadonlySet<string>;
  /** By VM key. */
  readonly assessments: ReadonlyMap<string, Assessment>;
  /** Oldest first. */
  readonly calls: readonly LoggedCall[];
}

/** The period of the audit, in milliseconds since 1970. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** A gap of the report, and the failure that caused it. */
export interface NotedGap {
  readonly gap: Gap;
  readonly failure: CodedError;
  /** Only single entries are missing. They hide no result for which the step can fail. */
  readonly entriesOnly?: true;
}
