import { MARKS, TOPICS } from '../../tasks/shared/core/checks';
import type { Failure } from '../../tasks/shared/core/errors';
import {
  DOCUMENT_VERSION,
  type ClosedPort,
  type ConfiguredPolicy,
  type ConfiguredVm,
  type CutList,
  type LeftOut,
  type OpenedPort,
  type PortChange,
  type RunDocument,
  type ShownCheck,
  type ShownRule,
  type StepPlace,
} from '../../tasks/shared/document/document';
import { SCHEMA_VERSION } from '../../tasks/shared/view/report';
import { isReport } from './reportShape';
import { flag, isRecord, list, number, object, oneOf, optional, orNull, text, time, type Is } from './shape';
import { hasMajorOf, isNewer } from './versions';

/** The result of reading a document. `version`: a newer version of the tasks wrote it. */
export type Parsed =
  | { readonly kind: 'document'; readonly document: RunDocument }
  | { readonly kind: 'unreadable'; readonly reason: 'version' | 'damaged' };

/**
 * Reads the text of an attachment. Anyone who is allowed to run a pipeline can attach something of this type, so every
 * field is checked. Texts in it remain foreign.
 */
export function parseDocument(attached: string): Parsed {
  let value: unknown;
  try {
    value = JSON.parse(attached);
  } catch {
    return { kind: 'unreadable', reason: 'damaged' };
  }
  if (isDocument(value)) return { kind: 'document', document: value as RunDocument };
  return { kind: 'unreadable', reason: isByNewerTask(value) ? 'version' : 'damaged' };
}

/** Whether a newer version of the tasks wrote it, according to the version of the document or of its report. */
function isByNewerTask(value: unknown): boolean {
  if (!isRecord(value)) return false;
  if (isNewer(value['schemaVersion'], DOCUMENT_VERSION)) return true;
  const { content } = value;
  const report = isRecord(content) ? content['report'] : undefined;
  return isRecord(report) && isNewer(report['schemaVersion'], SCHEMA_VERSION);
}

const check = object<ShownCheck>({ topic: oneOf(...TOPICS), mark: oneOf(...MARKS), text });

const opened = object<OpenedPort>({
  ...{ vmId: text, vmName: text, port: number, sources: list(text), endsAt: time },
  state: oneOf('open', 'initiated', 'requested', 'notOpen', 'unknown'),
  ...{ code: orNull(text), reused: flag, permanent: flag, waitedSeconds: orNull(number) },
});

const leftOut = object<LeftOut>({
  ...{ vmId: text, vmName: text, port: orNull(number), code: text, seen: text, remedy: text },
});

const closed = object<ClosedPort>({
  ...{ vmId: text, vmName: text, port: number, sources: list(text), until: orNull(time), text },
  state: oneOf('closed', 'neverOpened', 'vmGone', 'open'),
  closedAt: optional(time),
});

const shownRule = object<ShownRule>({
  ...{ port: number, protocol: oneOf('TCP', 'UDP', '*'), sources: list(text) },
  maxRequestAccessDuration: text,
});

const configuredVm = object<ConfiguredVm>({
  ...{ vmId: text, vmName: text, policyId: text, change: oneOf('added', 'changed', 'removed', 'none') },
  ports: list(
    object<PortChange>({ port: orNull(number), before: orNull(shownRule), after: orNull(shownRule) }),
  ),
});

const policy = object<ConfiguredPolicy>({
  ...{ id: text, name: text, state: oneOf('changed', 'unchanged', 'failed', 'unknown') },
});

const CONTENTS: Readonly<Record<RunDocument['content']['kind'], Is>> = {
  none: () => true,
  opened: object<{ ports: unknown; leftOut: unknown }>({ ports: list(opened), leftOut: list(leftOut) }),
  closed: object<{ ports: unknown }>({ ports: list(closed) }),
  checks: object<{ checks: unknown }>({ checks: list(check) }),
  policies: object<{ dryRun: unknown; policies: unknown; vms: unknown; checks: unknown }>({
    ...{ dryRun: flag, policies: list(policy), vms: list(configuredVm), checks: list(check) },
  }),
  report: object<{ report: unknown }>({ report: isReport }),
};

const isContent: Is = (value) =>
  isRecord(value) &&
  typeof value['kind'] === 'string' &&
  Object.hasOwn(CONTENTS, value['kind']) &&
  CONTENTS[value['kind'] as keyof typeof CONTENTS](value);

const isDocument = object<RunDocument>({
  schemaVersion: (version) => hasMajorOf(version, DOCUMENT_VERSION),
  ...{ writtenAt: time, content: isContent, part: oneOf('main', 'postJob') },
  task: oneOf('JitOpenPorts', 'JitConfigurePolicy', 'JitReport'),
  step: object<StepPlace>({
    ...{ jobId: text, jobAttempt: number, stepId: text, jobName: text, stepName: text },
  }),
  failure: orNull(object<Failure>({ code: text, seen: text, remedy: text })),
  cut: list(object<CutList>({ list: text, shown: number, total: number })),
});
