import type { CodedError } from '../../../../shared/core/errors';
import type { ListedPolicy } from '../../../../shared/core/policy';
import type { ListedVm } from '../../../../shared/core/resources';
import type { Catalogue } from './catalogue';
import type { LoggedCall } from './calls';
import type { Assessment, Gap } from '../../../../shared/view/report';

/** All that a report is made of, as Azure has it. What could not be read is noted as a gap. */
export interface Gathered {
  readonly vms: readonly ListedVm[];
  readonly catalogue: Catalogue;
  readonly policies: readonly ListedPolicy[];
  /** Resource groups whose policies could not be read, as ids in lower case. */
  readonly unreadGroups: ReadonlySet<string>;
  /** By the VM's key. */
  readonly assessments: ReadonlyMap<string, Assessment>;
  /** Oldest first. */
  readonly calls: readonly LoggedCall[];
}

/** The time that the audit looks at, in milliseconds since 1970. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** A gap as the report has it, and the failure that it came from. */
export interface NotedGap {
  readonly gap: Gap;
  readonly failure: CodedError;
  /** Single entries only are missing, which hide no answer that the step may fail by. */
  readonly entriesOnly?: true;
}
