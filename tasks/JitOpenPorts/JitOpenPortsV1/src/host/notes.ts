import { createHash, createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { notKept } from '../messages/closing';
import { agentConnection, type Host } from '../../../../shared/host/host';
import { reasonOf } from '../../../../shared/host/files';
import { SEALED } from './noteForm';

/** What one attempt of a step saved for later ones, in a task variable. */
export interface Note {
  /** Empty if nothing was saved. */
  readonly text: string;
  /** Whether this same step wrote it: it is sealed with a key that no pipeline variable has. */
  readonly isGenuine: boolean;
}

const PACKED = 'deflate:';
const IN_FILE = 'file:';
/**
 * The length in characters from which a note is packed, and from which a packed note goes into a file: Windows has room
 * for 32,767.
 */
const PACK_FROM = 4000;
const FILE_FROM = 8000;
/** More than any step can save. */
const LONGEST_BYTES = 50_000_000;

/** Reads what an earlier attempt of this step, or its main step, saved. Damaged text is returned as it is. */
export function readNote(host: Host, name: string): Note {
  const noted = host.readTaskVariable(name);
  const [, seal = '', body = noted] = SEALED.exec(noted) ?? [];
  const isGenuine = seal !== '' && isSame(seal, sealOf(host, name, body));
  return { text: unpack(body, isGenuine), isGenuine };
}

/** Saves text for later attempts of this step and its post-job step. Not for secrets. */
export function writeNote(host: Host, name: string, text: string): void {
  const body = pack(host, text);
  if (body !== undefined) host.setTaskVariable(name, `sealed:${sealOf(host, name, body)}:${body}`);
}

/**
 * Returns the seal of a note, or an empty string if there is no key. The key is the token of the agent's own connection
 * to Azure DevOps for this job: the agent gives the same token to both steps, each job has another one, and no variable
 * can read it, nor can a script that is not given it.
 */
function sealOf(host: Host, name: string, body: string): string {
  const key = agentConnection(host).parameter('AccessToken');
  if (key === '') return '';
  const ids = (['System.PlanId', 'System.JobId', 'System.TaskInstanceId'] as const).map((id) =>
    host.readVariable(id),
  );
  const sealed = JSON.stringify(['note of a step', name, ...ids, body]);
  return createHmac('sha256', key).update(sealed).digest('base64url');
}

function isSame(seal: string, expected: string): boolean {
  const [one, other] = [Buffer.from(seal), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}

function pack(host: Host, text: string): string | undefined {
  if (text.length < PACK_FROM) return text;
  const packed = PACKED + deflateRawSync(text).toString('base64');
  if (packed.length < FILE_FROM) return packed;
  const file = join(host.readVariable('Agent.TempDirectory'), `jit-note-${randomUUID()}`);
  try {
    writeFileSync(file, text, { flag: 'wx', mode: 0o600 });
    return `${IN_FILE}${hashOf(text)}:${file}`;
  } catch (error) {
    host.log.warning(notKept(reasonOf(error)));
    return undefined;
  }
}

/** Returns the text of a note. A file is read only for a genuine note: nothing else can choose which file. */
function unpack(body: string, isGenuine: boolean): string {
  try {
    if (body.startsWith(PACKED)) {
      const packed = Buffer.from(body.slice(PACKED.length), 'base64');
      return inflateRawSync(packed, { maxOutputLength: LONGEST_BYTES }).toString('utf8');
    }
    const [, hash, file] = /^file:(\w+):(.*)$/s.exec(body) ?? [];
    if (file === undefined || !isGenuine) return body;
    const text = readFileSync(file, 'utf8');
    return hashOf(text) === hash ? text : body;
  } catch {
    // Damaged: the code that parses the text detects this.
    return body;
  }
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
