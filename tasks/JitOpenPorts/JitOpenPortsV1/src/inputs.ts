import { parseIpv4 } from '../../../shared/core/addresses';
import { parseDuration } from '../../../shared/core/durations';
import { ANY } from '../../../shared/core/prefixes';
import { parsePorts } from '../../../shared/core/ports';
import { parseSource } from '../../../shared/core/sources';
import {
  createInputReader,
  readPolicyName,
  readWaitTimeoutMs,
  readWantedVms,
  type QueryInput,
} from '../../../shared/task/inputs';
import * as wrong from '../../../shared/messages/inputs';
import { ON_PARTIAL, WAITS, type WantedSource, type WrittenInputs } from './plan/inputs';

/** Every input, by its name in task.json. */
export type InputName =
  | 'connectedServiceName'
  | 'vmResourceId'
  | QueryInput
  | 'ports'
  | 'duration'
  | 'sourceIp'
  | 'justification'
  | 'waitFor'
  | 'waitTimeout'
  | 'closeAtJobEnd'
  | 'shareActiveRequests'
  | 'onPartial'
  | 'dryRun'
  | 'policyName'
  | 'ipEchoUrls'
  | 'probeHost';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/**
 * Reads all inputs at once. Throws JIT101 with every mistake in them.
 *
 * @param read returns the text of an input, empty if it is not set
 * @param subscriptionId the subscription of the connection, for VMs written as `group/name`
 */
export function readInputs(
  read: (name: InputName) => string,
  subscriptionId: string | undefined,
): WrittenInputs {
  const reader = createInputReader<InputName>(read);
  const { add, parsed, flag } = reader;
  reader.needConnection();
  const inputs: WrittenInputs = {
    vms: readWantedVms(reader, subscriptionId),
    ports: parsed('ports', [], (value) => {
      const ports = parsePorts(value || '22');
      if (ports.kind === 'all') return 'all';
      if (ports.kind === 'wrong') add('ports', wrong.ports(ports.parts));
      return ports.kind === 'list' ? ports.ports : [];
    }),
    durationMs: parsed('duration', 0, (value) => {
      if (value.toLowerCase() === 'max') return 'max';
      const ms = parseDuration(value || '1h');
      if (ms === undefined) add('duration', wrong.duration(value));
      else if (ms < MINUTE || ms > 24 * HOUR) add('duration', wrong.durationRange(value));
      return ms ?? 0;
    }),
    source: parsed('sourceIp', 'agent', (value): WantedSource => {
      const source = parseSource(value || 'agent');
      if (source.kind === 'any') return [ANY];
      if (source.kind === 'list') return source.prefixes;
      if (source.kind !== 'wrong') return source.kind;
      for (const part of source.parts) add('sourceIp', wrong.source(part));
      return 'agent';
    }),
    justification: reader.text('justification'),
    waitFor: reader.choice('waitFor', WAITS),
    waitTimeoutMs: readWaitTimeoutMs(reader),
    closeAtJobEnd: flag('closeAtJobEnd'),
    share: flag('shareActiveRequests'),
    onPartial: reader.choice('onPartial', ON_PARTIAL),
    dryRun: flag('dryRun'),
    policyName: readPolicyName(reader),
    ipEchoUrls: parsed('ipEchoUrls', [], (value) => {
      // A query can contain a comma, so only one that ends a URL separates.
      const urls = [...new Set(value.split(/\s+|,+(?=\s|$|https?:)/i).filter(Boolean))];
      if (value && urls.length === 0) add('ipEchoUrls', wrong.echoUrl(value));
      for (const url of urls) if (!isHttpsUrl(url)) add('ipEchoUrls', wrong.echoUrl(url));
      return urls;
    }),
    probeHost: parsed('probeHost', '', (value) => {
      if (value && !isHost(value)) add('probeHost', wrong.probeHost(value));
      return value;
    }),
  };
  return reader.checked(inputs);
}

/** One part of a host name. An underscore is not in RFC 952, but in names that name servers have. */
const LABEL = /^[a-z\d_](?:[a-z\d_-]{0,61}[a-z\d_])?$/i;
const LONGEST_HOST = 253;

/**
 * Whether a text is a host name, or an IPv4 address. A name that ends with a number can only be an address (WHATWG URL,
 * "ends in a number"): the system would read `10.1` and `0x0a` as addresses that no one meant.
 */
function isHost(text: string): boolean {
  const name = text.replace(/\.$/, '');
  const labels = name.split('.');
  if (/^(?:\d+|0x[\da-f]*)$/i.test(labels.at(-1) ?? '')) return parseIpv4(text) !== undefined;
  return name.length <= LONGEST_HOST && labels.every((label) => LABEL.test(label));
}

function isHttpsUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  const isKnownHost = url.hostname.startsWith('[') || isHost(url.hostname);
  return url.protocol === 'https:' && isKnownHost && !url.username && !url.password;
}
