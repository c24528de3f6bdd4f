import { createHash, createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { notKept } from '../messages/closing';
import { agentConnection, type Host } from '../../../../shared/host/host';
import { reasonOf } from '../../../../shared/host/files';
import { SEALED } from './noteForm';

/** What an attempt of a step noted for those after it. */
export interface Note {
  /** Empty when nothing was noted. */
  readonly text: string;
  /** Whether this very step wrote it: sealed with a key that no variable of the pipeline knows. */
  readonly isGenuine: boolean;
}

const PACKED = 'deflate:';
const IN_FILE = 'file:';
/** Characters from which on a note is packed, and, packed, goes into a file: Windows has room for 32,767. */
const PACK_FROM = 4000;
const FILE_FROM = 8000;
/** More than any step can note. */
const LONGEST_BYTES = 50_000_000;

/** Reads what an earlier attempt of this step, or its main step, noted. Whatever is damaged is given as it is. */
export function readNote(host: Host, name: string): Note {
  const noted = host.readTaskVariable(name);
  const [, seal = '', body = noted] = SEALED.exec(noted) ?? [];
  const isGenuine = seal !== '' && isSame(seal, sealOf(host, name, body));
  return { text: unpack(body, isGenuine), isGenuine };
}

/** Notes something for later attempts of this step and its post-job step. Not for secrets. */
export function writeNote(host: Host, name: string, text: string): void {
  const body = pack(host, text);
  if (body !== undefined) host.setTaskVariable(name, `sealed:${sealOf(host, name, body)}:${body}`);
}

/**
 * The key is the token that the agent's own connection to Azure DevOps has for this job: the agent hands the same one
 * to both, it is another one in every job, and no variable and no script that is not given it can read it.
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

/** A file is read for a genuine note alone: nobody else is to say which. */
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
    // Damaged: whoever reads it finds that out.
    return body;
  }
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
