import { parseIsoDuration } from '../clock';
import { plain, Refusal, refuse } from '../http/answers';
import type { Place } from '../network/topology';
import type { Vm } from '../network/vms';
import { objectsIn, parseFields, isFields, type Fields } from './fields';
import type { PolicyVm, PortRule } from './policies';
import { isSource } from './sources';

const CODE = 'InvalidJitNetworkAccessPolicy';
const MIN_MS = 5 * 60_000;
const MAX_MS = 24 * 3_600_000;

/** Reads the VMs of a policy to write at this place. @throws Refusal 400, or 500 for an empty protocol. */
export function parsePolicyVms(
  text: string,
  name: string,
  place: Place,
  vms: readonly Vm[],
): readonly PolicyVm[] {
  const body = parseFields(text);
  const properties = isFields(body['properties']) ? body['properties'] : {};
  const items = objectsIn(properties, 'virtualMachines', CODE);
  const known = items.map((item) =>
    vms.find(({ id }) => id.toLowerCase() === String(item['id']).toLowerCase()),
  );
  const isHere = (vm: Vm | undefined): vm is Vm =>
    vm !== undefined &&
    (['subscriptionId', 'resourceGroup', 'location'] as const).every(
      (key) => vm[key].toLowerCase() === place[key].toLowerCase(),
    );
  const strangers = items.filter((_item, index) => !isHere(known[index])).map(({ id }) => String(id));
  if (strangers.length > 0) {
    const what = 'are in a different cloud, subscription, location or resource group than the JIT policy';
    throw refuse(400, CODE, `The following Virtual Machines ${what}: ${strangers.join(', ')}`);
  }
  return items.flatMap((item, index): PolicyVm[] => {
    const vm = known[index];
    if (!vm) return [];
    if (name.length + vm.name.length > 56) {
      throw refuse(400, CODE, 'The policy name and the VM name together are longer than 56 characters.');
    }
    const address = item['publicIpAddress'];
    const ports = objectsIn(item, 'ports', CODE).map(parsePort);
    return [{ vm, ports, ...(typeof address === 'string' ? { publicIpAddress: address } : {}) }];
  });
}

/** Whether the policy to write only adds VMs to the existing one. */
export function parseAppendMode(text: string): boolean {
  const properties = parseFields(text)['properties'];
  return isFields(properties) && properties['appendMode'] === true;
}

function parsePort(port: Fields): PortRule {
  const { number, protocol, maxRequestAccessDuration } = port;
  if (protocol === '') throw new Refusal(plain(500, 'Internal Server Error'));
  if (typeof protocol !== 'string' || !['TCP', 'UDP', '*'].includes(protocol)) {
    throw refuse(400, CODE, "The field 'protocol' must be TCP, UDP or *.");
  }
  if (typeof number !== 'number' || !Number.isInteger(number) || number < 0 || number > 65535) {
    throw refuse(400, CODE, "The field 'number' must be a port.");
  }
  const longest = parseIsoDuration(maxRequestAccessDuration) ?? 0;
  if (typeof maxRequestAccessDuration !== 'string' || longest < MIN_MS || longest > MAX_MS) {
    throw refuse(400, CODE, "The field 'maxRequestAccessDuration' must be between 5 minutes and 1 day.");
  }
  return { number, protocol, maxRequestAccessDuration, sources: parseSources(port) };
}

function parseSources(port: Fields): string | readonly string[] {
  const one = port['allowedSourceAddressPrefix'];
  const list = port['allowedSourceAddressPrefixes'];
  const isText = (value: unknown): value is string => typeof value === 'string' && isSource(value);
  if (list === undefined && isText(one)) return one;
  if (one === undefined && Array.isArray(list) && list.length > 0 && list.every(isText)) return list;
  throw refuse(400, CODE, 'A port needs an allowed source address prefix, or a list of them, but not both.');
}
