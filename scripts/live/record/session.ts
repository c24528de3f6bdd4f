import type { Run } from '../../../test/support/agent/step';
import { isJson } from '../../../tasks/shared/core/json';
import type { Scrubber } from '../scrub/scrubber';
import type { Recorded } from './forwarder';

/** The version of the format. A session with a different version is rejected. */
export const SESSION_FORMAT = 1;

/** A run of a task with all of its calls to Azure, and nothing that identifies the owner of that Azure. */
export interface Session {
  readonly format: typeof SESSION_FORMAT;
  readonly subscriptionId: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly result: {
    readonly result: string;
    /** The code of the failure, or empty without one. */
    readonly code: string;
    readonly outputs: Readonly<Record<string, string>>;
  };
  readonly calls: readonly SessionCall[];
}

export interface SessionCall extends Omit<Recorded, 'body' | 'answer'> {
  /** Parsed JSON, or text if it was not JSON. */
  readonly body?: unknown;
  readonly answer: unknown;
}

/** The inputs with values that are keywords, numbers, or times, and that identify no one. */
const KEPT = [
  ...['ports', 'duration', 'waitFor', 'waitTimeout', 'closeAtJobEnd', 'shareActiveRequests', 'dryRun'],
] as const;

/** Converts a run to a session, scrubbed. Inputs that could identify someone and are not needed again are omitted. */
export function toSession(
  inputs: Readonly<Record<string, string>>,
  subscriptionId: string,
  calls: readonly Recorded[],
  run: Pick<Run, 'result' | 'message' | 'outputs'>,
  scrubber: Scrubber,
): Session {
  // Names are learned from paths and IDs first, so that they are found in texts.
  for (const call of calls) toCall(call, scrubber);
  const texts = (text: string): string =>
    text
      .split(/[\s,]+/)
      .map((one) => String(scrubber.json(one)))
      .join(',');
  const given = inputs['sourceIp'] ?? 'agent';
  const source = given === 'agent' ? requestedSource(calls) : given;
  const outputs = Object.entries(run.outputs).filter(([name]) =>
    ['host', 'port', 'sourceAddresses'].includes(name),
  );
  return {
    format: SESSION_FORMAT,
    subscriptionId: String(scrubber.json(subscriptionId)),
    inputs: {
      ...Object.fromEntries(
        KEPT.flatMap((name) => (inputs[name] === undefined ? [] : [[name, inputs[name]]])),
      ),
      vmResourceId: texts(inputs['vmResourceId'] ?? ''),
      sourceIp: KEPT_SOURCES.includes(source) ? source : texts(source),
      ...(inputs['policyName'] && { policyName: scrubber.name(inputs['policyName']) }),
    },
    result: {
      result: run.result,
      code: /^(JIT\d+):/.exec(run.message)?.[1] ?? '',
      outputs: Object.fromEntries(outputs.map(([name, value]) => [name, texts(value)])),
    },
    calls: calls.map((call) => toCall(call, scrubber)),
  };
}

/** Keywords that need no address service: the address that Azure determines, or the sources of the policy. */
const KEPT_SOURCES: readonly string[] = ['azure', 'policy', '*'];

/**
 * Returns the agent's own address as it was requested, because a replay queries no address service. If nothing was
 * requested, it is an address that no host has.
 */
function requestedSource(calls: readonly Recorded[]): string {
  const bodies = calls.filter(({ path }) => /\/initiate$/i.test(path)).map(({ body }) => body);
  return /"allowedSourceAddressPrefix":"([^"]+)"/.exec(bodies.join())?.[1] ?? '192.0.2.77';
}

function toCall(
  { method, path, query, body, status, headers, answer }: Recorded,
  scrubber: Scrubber,
): SessionCall {
  return {
    ...{ method, path: scrubber.path(path), query: scrubber.query(query), status },
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        name,
        KEPT_HEADERS.includes(name) ? value : String(scrubber.json(value)),
      ]),
    ),
    ...(body !== '' && { body: scrubber.json(parsed(body)) }),
    answer: scrubber.json(parsed(answer)),
  };
}

const KEPT_HEADERS = ['date', 'content-type', 'retry-after'];

/** Parses JSON. Any other text is scrubbed as text. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** @throws Error if the text is not a session in this format */
export function parseSession(text: string): Session {
  const value = parsed(text);
  if (!isJson(value) || value['format'] !== SESSION_FORMAT || !Array.isArray(value['calls'])) {
    throw new Error(`It is not a session in the format ${String(SESSION_FORMAT)}.`);
  }
  return value as unknown as Session;
}
