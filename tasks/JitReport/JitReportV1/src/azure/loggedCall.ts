import { parseTime } from '../../../../shared/core/times';
import { parseIsoDuration } from '../../../../shared/core/durations';
import { isJson, textIn, valueIn, type Json } from '../../../../shared/core/json';
import { parsePrefixes, type Prefix } from '../../../../shared/core/prefixes';
import { parseVmId, type VmId } from '../../../../shared/core/resourceIds';
import type { LoggedEntry, LoggedPort } from '../model/records';
import { parseJson } from '../../../../shared/azure/parseJson';
import { portIn } from '../../../../shared/azure/read/odd';

/** The details of an entry about a call that requests access. */
export interface LoggedDetails extends Pick<LoggedEntry, 'asked' | 'justification'> {
  /** Who made the request, according to the details; empty if they do not say. */
  readonly user: string;
}

/**
 * Reads the details of an entry. That they contain the request is not documented, only reported: as text or as an
 * object, under different names. If they do not contain it, or it cannot be interpreted, only the policy's own list
 * shows the request.
 *
 * @param time the time of the entry in milliseconds since 1970, from which a duration starts
 */
export function readLoggedCall(details: unknown, time: number): LoggedDetails {
  const own = toObject(details);
  const body = toObject(valueIn(own, 'requestbody') ?? valueIn(own, 'request'));
  return {
    justification: textIn(own, 'justification') || textIn(body, 'justification'),
    user: textIn(own, 'user'),
    asked: itemsIn(body, 'virtualmachines').flatMap((entry) => {
      const vm = parseVmId(textIn(toObject(entry), 'id'));
      if (!vm) return [];
      return itemsIn(toObject(entry), 'ports').flatMap(
        (port) => toLoggedPort(vm, toObject(port), time) ?? [],
      );
    }),
  };
}

/**
 * Returns `undefined` for a port without a number. If neither an end nor a duration can be read, the duration is zero.
 */
function toLoggedPort(vm: VmId, port: Json, time: number): LoggedPort | undefined {
  const number = portIn({ number: valueIn(port, 'number') });
  const end = parseTime(textIn(port, 'endtimeutc'));
  if (number === undefined || number < 0 || number > 65535) return undefined;
  const at = { vm, port: number, sources: sourcesIn(port), status: '', statusReason: '' };
  if (!Number.isNaN(end)) return { ...at, endsAt: end };
  const lastsMs = durationIn(textIn(port, 'duration')) ?? 0;
  return { ...at, endsAt: time + lastsMs, lastsMs };
}

/** Returns a duration in milliseconds, from the form that Azure accepts or that of .NET: `PT3H`, `03:00:00`. */
function durationIn(text: string): number | undefined {
  const [, hours, minutes, seconds] = /^(\d{1,2}):(\d{2}):(\d{2})$/.exec(text) ?? [];
  return hours === undefined
    ? parseIsoDuration(text)
    : ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}

/** Returns the sources. If there are none, the service uses the address from which it sees the call. */
function sourcesIn(port: Json): readonly Prefix[] {
  const many = itemsIn(port, 'allowedsourceaddressprefixes').filter((text) => typeof text === 'string');
  const one = textIn(port, 'allowedsourceaddressprefix');
  return parsePrefixes(many.length > 0 || one === '' ? many : [one]);
}

/** Returns an object, even if it was written as text. For anything else, returns an object without fields. */
export function toObject(value: unknown): Json {
  const found = typeof value === 'string' ? parseJson(value) : value;
  return isJson(found) ? found : {};
}

function itemsIn(json: Json, name: string): readonly unknown[] {
  const found = valueIn(json, name);
  return Array.isArray(found) ? found : [];
}
