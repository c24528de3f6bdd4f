import type { Mark, Topic } from '../core/checks';
import type { Failure } from '../core/errors';
import type { Report } from '../view/report';

/**
 * The version of the document. The first number changes when a field is removed or changes its meaning, the second one
 * when a field or a value is added.
 */
export const DOCUMENT_VERSION = '1.1';

/** The attachment type by which the run's tab finds documents of a run. It must never change: old runs keep theirs. */
export const ATTACHMENT_TYPE = 'jit-vm-access';

/**
 * What a step attaches for the run's tab, as described in docs/jit-run.schema.json. Times are ISO 8601 in UTC. Texts
 * are safe and short, and contain no more than the step shows in its log, its summary, and its files.
 */
export interface RunDocument {
  readonly schemaVersion: typeof DOCUMENT_VERSION;
  readonly task: TaskName;
  /** By the agent's clock. */
  readonly writtenAt: string;
  readonly step: StepPlace;
  /** `postJob`: after the job's last step, about what the main part opened. */
  readonly part: 'main' | 'postJob';
  /** The failure of the step. Null if it did not fail, and for the post-job step, which never fails. */
  readonly failure: Failure | null;
  readonly content: Content;
  /** Lists that were too long for an attachment. */
  readonly cut: readonly CutList[];
}

export type TaskName = 'JitOpenPorts' | 'JitConfigurePolicy' | 'JitReport';

/** Where the step is in the run. All parts and attempts of a step have the same job and step. */
export interface StepPlace {
  readonly jobId: string;
  /** The first attempt is 1. */
  readonly jobAttempt: number;
  readonly stepId: string;
  /** The names on the page of the run. Empty if the agent does not provide them. */
  readonly jobName: string;
  readonly stepName: string;
}

export interface CutList {
  readonly list: string;
  readonly shown: number;
  readonly total: number;
}

/** `none`: the step ended before there was anything to show. */
export type Content =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'opened';
      readonly ports: readonly OpenedPort[];
      readonly leftOut: readonly LeftOut[];
    }
  | { readonly kind: 'closed'; readonly ports: readonly ClosedPort[] }
  | { readonly kind: 'checks'; readonly checks: readonly ShownCheck[] }
  | {
      readonly kind: 'policies';
      readonly dryRun: boolean;
      readonly policies: readonly ConfiguredPolicy[];
      readonly vms: readonly ConfiguredVm[];
      readonly checks: readonly ShownCheck[];
    }
  | { readonly kind: 'report'; readonly report: Report };

/** One port of one VM that a step requested, or for which it used an earlier request. */
export interface OpenedPort {
  readonly vmId: string;
  readonly vmName: string;
  readonly port: number;
  /** Addresses and CIDRs. `*` is any address. Empty if Azure chooses the source, and did not respond yet. */
  readonly sources: readonly string[];
  /** By Azure's clock. */
  readonly endsAt: string;
  /**
   * `open`: the rules allow the source, or the port answered. `initiated`: Azure reports it, and the rules were not
   * read. `requested`: granted, but the step did not wait until the end. `notOpen`: granted, but the wait failed with
   * `code`. `unknown`: Azure did not respond to the request, which might have been carried out.
   */
  readonly state: 'open' | 'initiated' | 'requested' | 'notOpen' | 'unknown';
  readonly code: string | null;
  /** Whether an earlier request was used. */
  readonly reused: boolean;
  /** Whether rules allow the source without any request. */
  readonly permanent: boolean;
  /** Seconds from the request until the port was open. Null if the step did not wait for it. */
  readonly waitedSeconds: number | null;
}

/** A VM, or a port of it, that was not requested although others were, and why. */
export interface LeftOut extends Failure {
  readonly vmId: string;
  readonly vmName: string;
  /** Null if it is about the whole VM. */
  readonly port: number | null;
}

/** The result for one port after the job. */
export interface ClosedPort {
  readonly vmId: string;
  readonly vmName: string;
  readonly port: number;
  readonly sources: readonly string[];
  /**
   * `closed`: the rules, read back, do not allow the source. `neverOpened`: the request was never carried out.
   * `vmGone`: the VM does not exist. `open`: the port might still allow the source.
   */
  readonly state: 'closed' | 'neverOpened' | 'vmGone' | 'open';
  /** For `open`: until when. Null if it has no end. */
  readonly until: string | null;
  /** For `closed`: when this was verified, on Azure's clock. Documents of version 1.0 do not have it. */
  readonly closedAt?: string;
  /** The line in the log. */
  readonly text: string;
}

/** One line of a check list. */
export interface ShownCheck {
  readonly topic: Topic;
  readonly mark: Mark;
  readonly text: string;
}

export interface ConfiguredPolicy {
  readonly id: string;
  readonly name: string;
  /** `unknown`: Azure did not respond to a write. */
  readonly state: 'changed' | 'unchanged' | 'failed' | 'unknown';
}

/** The result for one VM in its policy, or what a real run would do. */
export interface ConfiguredVm {
  readonly vmId: string;
  readonly vmName: string;
  /** Empty if no policy lists a VM that was to be removed. */
  readonly policyId: string;
  readonly change: 'added' | 'changed' | 'removed' | 'none';
  /** The ports that differ. A port without `before` is added, and one without `after` is removed. */
  readonly ports: readonly PortChange[];
}

export interface PortChange {
  /** Null for an entry that cannot be interpreted and was removed. */
  readonly port: number | null;
  readonly before: ShownRule | null;
  readonly after: ShownRule | null;
}

export interface ShownRule {
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP' | '*';
  readonly sources: readonly string[];
  /** ISO 8601: `PT3H`. */
  readonly maxRequestAccessDuration: string;
}
