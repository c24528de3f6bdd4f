import type { CodedError } from '../core/errors';
import { ATTACHMENT_TYPE, DOCUMENT_VERSION, type Content, type RunDocument } from '../document/document';
import { formatDocument } from '../document/format';
import { reasonOf } from '../host/files';
import type { Host } from '../host/host';
import * as say from '../messages/outputs';
import { leaveFile } from './outputs';

/** What a step passes to the run's tab. */
export interface Attachment extends Pick<RunDocument, 'task' | 'part'> {
  /** Called once. */
  readonly content: () => Content;
  readonly failure: CodedError | undefined;
}

/**
 * Attaches the step's document to the run, for its tab. Never throws: any error is a warning. A classic release has no
 * tab, so nothing is attached.
 */
export function attachDocument(host: Host, { task, part, content, failure }: Attachment): void {
  if (host.readVariable('System.HostType').toLowerCase() === 'release') return;
  try {
    const at = host.time();
    const text = formatDocument({
      ...{ schemaVersion: DOCUMENT_VERSION, task, writtenAt: new Date(at).toISOString() },
      ...{ step: placeOf(host), part, content: content() },
      failure: failure ? { code: failure.code, seen: failure.seen, remedy: failure.remedy } : null,
    });
    const written = leaveFile(host, 'jit-run.json', text);
    if ('path' in written) host.attach(ATTACHMENT_TYPE, nameOf(host, part, at), written.path);
    else host.log.warning(say.notAttached(written.reason));
  } catch (error) {
    host.log.warning(say.notAttached(reasonOf(error)));
  }
}

function placeOf(host: Host): RunDocument['step'] {
  return {
    jobId: host.readVariable('System.JobId'),
    jobAttempt: Number.parseInt(host.readVariable('System.JobAttempt'), 10) || 1,
    stepId: host.readVariable('System.TaskInstanceId'),
    jobName: host.readVariable('System.JobDisplayName'),
    stepName: host.readVariable('System.TaskDisplayName'),
  };
}

/**
 * Returns a name that no other job of a matrix, no other step, and no other attempt of this one has: an attachment with
 * the same name would replace the earlier one.
 */
function nameOf(host: Host, part: RunDocument['part'], at: number): string {
  const { jobId, jobAttempt, stepId } = placeOf(host);
  // The agent accepts valid file names only, and the name becomes part of a URL.
  const parts = [jobId, jobAttempt, stepId, part, at].map((text) => String(text).replace(/[^\w-]/g, ''));
  return parts.join('_').slice(0, 200);
}
