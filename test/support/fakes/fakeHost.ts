import type { CodedError } from '../../../tasks/shared/core/errors';
import type { Host } from '../../../tasks/shared/host/host';
import { createVirtualClock } from './virtualClock';

/** What a task reported to its host. */
export interface HostRecord {
  readonly lines: string[];
  readonly warnings: string[];
  readonly outputs: Record<string, string>;
  readonly summaries: string[];
  readonly attachments: { readonly type: string; readonly name: string; readonly file: string }[];
  /** Absent while the step has no result. `null` is success. */
  result: CodedError | null | undefined;
  /** What the step left undone even though it succeeded. */
  issue: string | undefined;
  left: boolean;
}

/** Creates a host that records what it receives, for programs that run in the test's own process. */
export function createFakeHost(
  given: {
    readonly inputs?: Readonly<Record<string, string>>;
    readonly variables?: Readonly<Record<string, string>>;
    readonly ignoredVariables?: readonly string[];
    readonly cancelled?: AbortSignal;
  } = {},
): { readonly host: Host; readonly record: HostRecord } {
  const { inputs = {}, variables = {}, ignoredVariables = [] } = given;
  const taskVariables = new Map<string, string>();
  const record: HostRecord = {
    lines: [],
    warnings: [],
    outputs: {},
    summaries: [],
    attachments: [],
    result: undefined,
    issue: undefined,
    left: false,
  };
  const clock = createVirtualClock();
  const nothing = () => undefined;
  const host: Host = {
    log: {
      line: (text) => void record.lines.push(text),
      warning: (text) => void record.warnings.push(text),
      group: (title) => void record.lines.push(title),
      endGroup: nothing,
      progress: nothing,
    },
    clock,
    time: () => Date.UTC(2026, 10, 20, 9, 30) + clock.now(),
    cancelled: given.cancelled ?? new AbortController().signal,
    ignoredVariables,
    readInput: (name) => inputs[name] ?? '',
    readVariable: (name) => variables[name] ?? '',
    checkVariables: nothing,
    readConnection: (id) => ({ id, url: '', scheme: '', parameter: () => '', property: () => '' }),
    readTaskVariable: (name) => taskVariables.get(name) ?? '',
    setTaskVariable: (name, text) => void taskVariables.set(name, text),
    maskSecret: nothing,
    debug: nothing,
    setOutput: (name, text) => void (record.outputs[name] = text),
    showSummary: (file) => void record.summaries.push(file),
    attach: (type, name, file) => void record.attachments.push({ type, name, file }),
    onUncaught: nothing,
    setResult: (failure, issue) => {
      record.result = failure ?? null;
      record.issue = issue;
    },
    leave: () => void (record.left = true),
  };
  return { host, record: record };
}
