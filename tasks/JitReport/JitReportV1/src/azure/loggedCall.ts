import { parseTime } from '../../../../shared/core/times';
import { parseIsoDuration } from '../../../../shared/core/durations';
import { isJson, textIn, valueIn, type Json } from '../../../../shared/core/json';
import { parsePrefixes, type Prefix } from '../../../../shared/core/prefixes';
import { parseVmId, type VmId } from '../../../../shared/core/resourceIds';
import type { LoggedEntry, LoggedPort } from '../model/records';
import { parseJson } from '../../../../shared/azure/parseJson';

/** What the details of an entry tell of a call that asked for access. */
export interface LoggedDetails extends Pick<LoggedEntry, 'asked' | 'justification'> {
  /** Who asked, by the details; empty where they do not tell. */
  readonly user: string;
}

/**
 * Reads the details of an entry. That they carry what was asked for is only reported, as text or as an object, under
 * one name or another; where they do not, or where it makes no sense, the policy's own list has to tell.
 *
 * @param time the entry's, from which a duration is reckoned
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

/** Nothing for a port without a number. One without an end that can be read lasts for no time. */
function toLoggedPort(vm: VmId, port: Json, time: number): LoggedPort | undefined {
  const number = Number(valueIn(port, 'number') ?? NaN);
  const end = parseTime(textIn(port, 'endtimeutc'));
  if (!Number.isInteger(number) || number < 0 || number > 65535) return undefined;
  const at = { vm, port: number, sources: sourcesIn(port), status: '', statusReason: '' };
  if (!Number.isNaN(end)) return { ...at, endsAt: end };
  const lastsMs = durationIn(textIn(port, 'duration')) ?? 0;
  return { ...at, endsAt: time + lastsMs, lastsMs };
}

/** A duration as Azure takes it, or as its .NET writes it: `PT3H`, `03:00:00`. */
function durationIn(text: string): number | undefined {
  const [, hours, minutes, seconds] = /^(\d{1,2}):(\d{2}):(\d{2})$/.exec(text) ?? [];
  return hours === undefined
    ? parseIsoDuration(text)
    : ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}

/** None: the service takes the address that it sees the call come from. */
function sourcesIn(port: Json): readonly Prefix[] {
  const many = itemsIn(port, 'allowedsourceaddressprefixes').filter((text) => typeof text === 'string');
  const one = textIn(port, 'allowedsourceaddressprefix');
  return parsePrefixes(many.length > 0 || one === '' ? many : [one]);
}

/** An object, also one that was written as text; without fields for anything else. */
export function toObject(value: unknown): Json {
  const found = typeof value === 'string' ? parseJson(value) : value;
  return isJson(found) ? found : {};
}

function itemsIn(json: Json, name: string): readonly unknown[] {
  const found = valueIn(json, name);
  return Array.isArray(found) ? found : [];
}
