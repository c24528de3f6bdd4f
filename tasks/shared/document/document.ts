import type { Mark, Topic } from '../core/checks';
import type { Failure } from '../core/errors';
import type { Report } from '../view/report';

/**
 * The version of the document: the first number changes when a field is removed or means something else, the second one
 * when a field or a value is added.
 */
export const DOCUMENT_VERSION = '1.1';

/** By which the run's tab finds the documents among the attachments of a run. For ever: old runs keep theirs. */
export const ATTACHMENT_TYPE = 'jit-vm-access';

/**
 * What a step leaves for the run's tab, by docs/jit-run.schema.json. Times are ISO 8601 in UTC. Texts are harmless and
 * short, and no more than the step shows in its log, its summary and its files.
 */
export interface RunDocument {
  readonly schemaVersion: typeof DOCUMENT_VERSION;
  readonly task: TaskName;
  /** By the agent's clock. */
  readonly writtenAt: string;
  readonly step: StepPlace;
  /** `postJob`: after the job's last step, of what the main part opened. */
  readonly part: 'main' | 'postJob';
  /** What the step failed with; null when it did not, and of the post-job step, which never fails. */
  readonly failure: Failure | null;
  readonly content: Content;
  /** Lists that were too long for an attachment. */
  readonly cut: readonly CutList[];
}

export type TaskName = 'JitOpenPorts' | 'JitConfigurePolicy' | 'JitReport';

/** Where in the run a step is. All parts and attempts of a step have the same job and step. */
export interface StepPlace {
  readonly jobId: string;
  /** 1 at first. */
  readonly jobAttempt: number;
  readonly stepId: string;
  /** As the run's page names them; empty where the agent does not tell. */
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

/** One port of one VM that a step requested, or whose request it used. */
export interface OpenedPort {
  readonly vmId: string;
  readonly vmName: string;
  readonly port: number;
  /** Addresses and CIDRs; `*` is any address. Empty: Azure was left to choose, and did not answer yet. */
  readonly sources: readonly string[];
  /** By Azure's clock. */
  readonly endsAt: string;
  /**
   * `open`: the rules allow the source, or the port answered. `initiated`: Azure says so, the rules were not read.
   * `requested`: granted, and not waited for to the end. `notOpen`: granted, and the wait failed with `code`.
   * `unknown`: Azure did not answer the request, which may have been carried out.
   */
  readonly state: 'open' | 'initiated' | 'requested' | 'notOpen' | 'unknown';
  readonly code: string | null;
  /** The request was there before. */
  readonly reused: boolean;
  /** Rules let the source in without any request. */
  readonly permanent: boolean;
  /** Seconds from the request until it was open; null when that was not awaited. */
  readonly waitedSeconds: number | null;
}

/** A VM that was not requested, or a port of it, while others were; and why. */
export interface LeftOut extends Failure {
  readonly vmId: string;
  readonly vmName: string;
  /** Null when it is about the VM as a whole. */
  readonly port: number | null;
}

/** What became of one port after the job. */
export interface ClosedPort {
  readonly vmId: string;
  readonly vmName: string;
  readonly port: number;
  readonly sources: readonly string[];
  /**
   * `closed`: the rules, read back, do not allow the source. `neverOpened`: the request was never carried out.
   * `vmGone`: the VM does not exist any more. `open`: it may still allow the source.
   */
  readonly state: 'closed' | 'neverOpened' | 'vmGone' | 'open';
  /** Of `open`: until when; null is without an end. */
  readonly until: string | null;
  /** Of `closed`: when that was verified, by Azure's clock. Documents of version 1.0 do not have it. */
  readonly closedAt?: string;
  /** The line of the log. */
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
  /** `unknown`: a write got no answer. */
  readonly state: 'changed' | 'unchanged' | 'failed' | 'unknown';
}

/** What became of one VM in its policy, or would become of it in a real run. */
export interface ConfiguredVm {
  readonly vmId: string;
  readonly vmName: string;
  /** Empty when no policy lists a VM that was to be removed. */
  readonly policyId: string;
  readonly change: 'added' | 'changed' | 'removed' | 'none';
  /** The ports that differ; without one of both it is added or removed. */
  readonly ports: readonly PortChange[];
}

export interface PortChange {
  /** Null for an entry that makes no sense, and was removed. */
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
